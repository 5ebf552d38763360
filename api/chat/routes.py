"""`/v1`: questions, threads, runs and sources."""

from http import HTTPStatus
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Header, Response
from fastapi.responses import JSONResponse

from api.bootstrap import Sophia
from api.chat.schemas import CancelledView, CitedTurn, Question, RunView, SourceView, ThreadHistory, ThreadView
from api.chat.stream import event_stream, resume_point
from api.errors import problem, status_of
from api.runs.events import Answered, RunCancelled, RunFailed, SentenceWritten
from api.runs.journal import PAGE, RETRY_AFTER_S, last_of
from api.runs.rights import admitted, basis_of_line
from api.runs.run import Run
from api.security.http import admitted_asker, asker, the_sophia
from api.sources import citation_of, quoted
from core.errors import ClosingError, RunCancelledError, SophiaError, WithheldError, by_code
from core.identity import Principal
from models.evidence import Utterance

router = APIRouter(prefix="/v1", tags=["chat"])
Sophia_ = Annotated[Sophia, Depends(the_sophia)]
Asker = Annotated[Principal, Depends(asker)]
AdmittedAsker = Annotated[Principal, Depends(admitted_asker)]
AROUND = 2
_RESTING = frozenset({SentenceWritten.type, Answered.type})
GONE = "it rests on material that you may no longer read, or that was deleted; ask again for what you may"


@router.post("/chat", response_model=RunView, responses={200: {"content": {"text/event-stream": {}}}})
async def chat(
    question: Question,
    sophia: Sophia_,
    principal: AdmittedAsker,
    accept: Annotated[str, Header()] = "text/event-stream",
) -> Response:
    """Asks a question. The answer streams as server-sent events, or comes whole with `Accept: application/json`."""
    run = await sophia.asking.ask(
        question.question,
        principal=principal,
        thread=question.thread,
        calls=question.calls,
        when_busy=question.when_busy,
        within_s=question.deadline_s,
        at_once=sophia.quotas.room(principal),
    )
    events = sophia.asking.follow(run.id, opening=run.opening)
    if "application/json" not in accept:
        return event_stream(events, run=run.id, thread=run.thread, ping_s=sophia.settings.sse_ping_s)
    async for _ in events:
        pass
    return await _whole(sophia, await sophia.runs.run(run.id, principal=principal))


async def _whole(sophia: Sophia, run: Run) -> Response:
    """How the run has ended this moment: with its answer, under the rights it was given with, or with a problem."""
    lines = await sophia.runs.events(run.id)
    answer = last_of(lines, Answered)
    if answer is not None:
        return JSONResponse(_run_view(run, answer.payload).model_dump(mode="json"))
    if failed := last_of(lines, RunFailed):
        kind: type[SophiaError] = by_code(failed.payload["code"])
        return problem(status_of(kind), kind.code, failed.payload["message"], run=run.id, thread=run.thread)
    if cancelled := last_of(lines, RunCancelled):
        detail = f"The question was cancelled by {cancelled.payload['by']}"
        return problem(HTTPStatus.CONFLICT, RunCancelledError.code, detail, run=run.id, thread=run.thread)
    detail = f"The server stops before the answer is whole; it goes on at the next start, see GET /v1/runs/{run.id}"
    status = status_of(ClosingError)
    return problem(status, ClosingError.code, detail, run=run.id, thread=run.thread, retry_after=RETRY_AFTER_S)


@router.get("/threads")
async def threads(sophia: Sophia_, principal: Asker) -> list[ThreadView]:
    """Your conversations, newest first."""
    found = await sophia.runs.threads(principal=principal)
    return [ThreadView(id=thread.id, title=thread.title, created_at=thread.created_at) for thread in found]


@router.delete("/threads/{thread}", status_code=HTTPStatus.NO_CONTENT)
async def delete_thread(thread: str, sophia: Sophia_, principal: Asker) -> None:
    """Deletes one of your conversations with its questions, answers and logs. E_CONFLICT while a run of it has not ended."""
    await sophia.runs.delete_thread(thread, principal=principal)


@router.get("/threads/{thread}")
async def history(thread: str, sophia: Sophia_, principal: Asker) -> ThreadHistory:
    """A conversation: its questions and answers in order; answers that you may no longer read are withheld."""
    found = await sophia.runs.history(thread, principal=principal)
    given = [answer for _, answer in found if answer]
    admits = iter(await admitted(sophia.citable, principal, [basis_of_line(answer) for answer in given]))
    return ThreadHistory(
        id=thread, runs=[_run_view(run, answer, shown=not answer or next(admits)) for run, answer in found]
    )


@router.get("/runs/{run}")
async def one_run(run: str, sophia: Sophia_, principal: Asker) -> RunView:
    """One run, with its answer once there is one; an answer that you may no longer read is withheld."""
    found = await sophia.runs.run(run, principal=principal)
    answer = last_of(await sophia.runs.events(run), Answered)
    if answer is None:
        return _run_view(found, None)
    [shown] = await admitted(sophia.citable, principal, [basis_of_line(answer.payload)])
    return _run_view(found, answer.payload, shown=shown)


@router.post("/runs/{run}/cancel")
async def cancel(run: str, sophia: Sophia_, principal: Asker) -> CancelledView:
    """Calls off one of your questions, or with the role `admin` one of your tenant, whether it waits or is under way.

    Asking again changes nothing. E_CONFLICT with its `state` for a run that has ended otherwise.
    """
    found = await sophia.asking.cancel(run, principal=principal)
    return CancelledView(id=found.id, thread=found.thread, status=found.status, ended_at=found.ended_at)


@router.get("/runs/{run}/events", responses={200: {"content": {"text/event-stream": {}}}})
async def events(
    run: str, sophia: Sophia_, principal: Asker, last_event_id: Annotated[str | None, Header()] = None
) -> Response:
    """The run's event log from its beginning, or behind `Last-Event-ID`, and on until it is closed.

    204 when the log is closed and holds nothing more, which tells an EventSource not to come back. E_WITHHELD when one of
    these lines rests on what you may no longer read.
    """
    found = await sophia.runs.run(run, principal=principal)
    after = resume_point(last_event_id)
    log = await sophia.runs.log(run, after=after, most=PAGE)
    if log.ended and not log.events:
        return Response(status_code=HTTPStatus.NO_CONTENT)
    while log.events:
        said = [basis_of_line(line.payload) for line in log.events if line.type in _RESTING]
        if not all(await admitted(sophia.citable, principal, said)):
            raise WithheldError(f"The log of run {run!r} is withheld: {GONE}")
        log = await sophia.runs.log(run, after=log.events[-1].seq, most=PAGE)
    following = sophia.asking.follow(run, after=after)
    return event_stream(following, run=run, thread=found.thread, ping_s=sophia.settings.sse_ping_s)


@router.get("/sources/{source:path}")
async def one_source(source: str, sophia: Sophia_, principal: Asker) -> SourceView:
    """What a citation points at: the quoted characters and the turns around them."""
    cited = citation_of(source)
    transcript = await sophia.citable.transcript(cited.document, principal, version=cited.content_hash)
    live = await sophia.citable.live([cited.document], principal)
    quote = quoted(transcript, cited)
    first, last = cited.turns
    near = transcript.utterances[max(0, first - AROUND) : last + AROUND + 1]
    return SourceView(
        id=source,
        document=cited.document,
        title=transcript.title,
        held=transcript.held,
        content_hash=cited.content_hash,
        current=live.get(cited.document) == cited.content_hash,
        turns=cited.turns,
        span=cited.span,
        quote=quote,
        context=[_cited_turn(one, cited=first <= one.turn <= last) for one in near],
    )


def _cited_turn(said: Utterance, *, cited: bool) -> CitedTurn:
    return CitedTurn(
        turn=said.turn,
        speaker=said.speaker,
        role=said.role,
        at=said.at,
        part=said.part,
        text=said.text,
        cited=cited,
    )


def _run_view(run: Run, answer: dict[str, Any] | None, *, shown: bool = True) -> RunView:
    return RunView(
        id=run.id,
        thread=run.thread,
        position=run.position,
        question=run.question,
        status=run.status,
        accepted_at=run.accepted_at,
        ended_at=run.ended_at,
        error=run.error,
        answer=Answered.model_validate(answer) if answer and shown else None,
        withheld=None if shown else GONE,
    )
