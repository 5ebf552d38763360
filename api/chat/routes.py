"""`/v1`: questions, threads, runs and sources."""

from http import HTTPStatus
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Header, Response
from fastapi.responses import JSONResponse

from api.bootstrap import Sophia
from api.chat.schemas import CitedTurn, Question, RunView, SourceView, ThreadHistory, ThreadView
from api.chat.stream import event_stream, resume_point
from api.errors import problem, status_of
from api.runs.events import Answered, RunFailed
from api.runs.journal import last_of
from api.runs.store import Run
from api.security.http import asker, the_sophia
from api.sources import citation_of, quoted
from core.errors import SophiaError, by_code
from core.identity import Principal

router = APIRouter(prefix="/v1", tags=["chat"])
Sophia_ = Annotated[Sophia, Depends(the_sophia)]
Asker = Annotated[Principal, Depends(asker)]
AROUND = 2


@router.post("/chat", response_model=RunView, responses={200: {"content": {"text/event-stream": {}}}})
async def chat(
    question: Question, sophia: Sophia_, principal: Asker, accept: Annotated[str, Header()] = "text/event-stream"
) -> Response:
    """Asks a question. The answer streams as server-sent events, or comes whole with `Accept: application/json`."""
    run = await sophia.asking.ask(
        question.question,
        principal=principal,
        thread=question.thread,
        calls=question.calls,
        when_busy=question.when_busy,
    )
    events = sophia.asking.follow(run.id)
    if "application/json" not in accept:
        return event_stream(events, run=run.id, thread=run.thread, ping_s=sophia.settings.sse_ping_s)
    async for _ in events:
        pass
    return await _whole(sophia, run, principal)


async def _whole(sophia: Sophia, run: Run, principal: Principal) -> Response:
    view = await _view(sophia, await sophia.runs.run(run.id, principal=principal))
    if view.answer is not None:
        return JSONResponse(view.model_dump(mode="json"))
    failed = last_of(await sophia.runs.events(run.id), RunFailed)
    assert failed is not None
    kind: type[SophiaError] = by_code(failed.payload["code"])
    return problem(status_of(kind), kind.code, failed.payload["message"], run=run.id, thread=run.thread)


@router.get("/threads")
async def threads(sophia: Sophia_, principal: Asker) -> list[ThreadView]:
    """Your conversations, newest first."""
    found = await sophia.runs.threads(principal=principal)
    return [ThreadView(id=thread.id, title=thread.title, created_at=thread.created_at) for thread in found]


@router.get("/threads/{thread}")
async def history(thread: str, sophia: Sophia_, principal: Asker) -> ThreadHistory:
    """A conversation: its questions and answers in order."""
    found = await sophia.runs.history(thread, principal=principal)
    return ThreadHistory(id=thread, runs=[_run_view(run, answer) for run, answer in found])


@router.get("/runs/{run}")
async def one_run(run: str, sophia: Sophia_, principal: Asker) -> RunView:
    """One run, with its answer once there is one."""
    return await _view(sophia, await sophia.runs.run(run, principal=principal))


@router.get("/runs/{run}/events", responses={200: {"content": {"text/event-stream": {}}}})
async def events(
    run: str, sophia: Sophia_, principal: Asker, last_event_id: Annotated[str | None, Header()] = None
) -> Response:
    """The run's event log from its beginning, or behind `Last-Event-ID`, and on until it is closed.

    204 when the log is closed and holds nothing more, which tells an EventSource not to come back.
    """
    found = await sophia.runs.run(run, principal=principal)
    after = resume_point(last_event_id)
    if await sophia.runs.ended(run) and not await sophia.runs.events(run, after=after):
        return Response(status_code=HTTPStatus.NO_CONTENT)
    following = sophia.asking.follow(run, after=after)
    return event_stream(following, run=run, thread=found.thread, ping_s=sophia.settings.sse_ping_s)


@router.get("/sources/{source:path}")
async def one_source(source: str, sophia: Sophia_, principal: Asker) -> SourceView:
    """What a citation points at: the quoted characters and the turns around them."""
    cited = citation_of(source)
    transcript = await sophia.documents.transcript(cited.document, principal, version=cited.content_hash)
    live = await sophia.documents.live([cited.document], principal)
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
        context=[
            CitedTurn(turn=u.turn, speaker=u.speaker, role=u.role, at=u.at, text=u.text, cited=first <= u.turn <= last)
            for u in near
        ],
    )


async def _view(sophia: Sophia, run: Run) -> RunView:
    answer = last_of(await sophia.runs.events(run.id), Answered)
    return _run_view(run, answer.payload if answer else None)


def _run_view(run: Run, answer: dict[str, Any] | None) -> RunView:
    return RunView(
        id=run.id,
        thread=run.thread,
        position=run.position,
        question=run.question,
        status=run.status,
        accepted_at=run.accepted_at,
        ended_at=run.ended_at,
        error=run.error,
        answer=Answered.model_validate(answer) if answer else None,
    )
