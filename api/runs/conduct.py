"""One run from its row to its last event: the principal as it is now, the graph's stream as lines of the log."""

import itertools
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import asdict, dataclass, replace
from typing import Any, cast

from langchain_core.runnables import RunnableConfig
from langgraph.graph.state import CompiledStateGraph

from agents.base import FINDING, Task, Turn
from api.runs.events import (
    Answered,
    ChangeRef,
    FigureRef,
    Payload,
    Planned,
    PlannedTask,
    RunCompleted,
    SentenceWithheld,
    SentenceWritten,
    SourceRef,
)
from api.runs.journal import Journal
from api.runs.rights import admitted, basis_of_findings
from api.runs.run import Run, Status
from api.sources import source_url
from core import telemetry
from core.clock import Clock
from core.identity import Principal
from graphs.answer import Withheld
from graphs.state import State
from graphs.supervisor import start_of_run
from memory.citable import Shelf
from models.citations import NEAREST
from models.evidence import highest
from models.numbered import NUMBERED, Numbered, Reference

RECURSION_LIMIT = 25
Graph = CompiledStateGraph[State, Turn, State, State]


@dataclass(frozen=True, slots=True)
class Conductor:
    """Runs the supervisor graph for a claimed run. `turn` builds the context a principal's run works in."""

    graph: Graph
    journal: Journal
    resolve: Callable[[str], Awaitable[Principal]]
    turn: Callable[[Principal], Awaitable[Turn]]
    documents: Shelf
    clock: Clock

    async def __call__(self, run: Run) -> None:
        about: dict[str, telemetry.Value] = {
            "sophia.run": run.id,
            "gen_ai.conversation.id": run.thread,
            "sophia.attempt": run.fence,
        }
        with telemetry.span("run", about, parent=telemetry.continued(run.traceparent)):
            await self._conduct(run)

    async def _conduct(self, run: Run) -> None:
        turn = await self.turn(await self.resolve(run.principal))
        if run.deadline:
            turn = replace(turn, deadline=min(turn.deadline, run.deadline))
        config: RunnableConfig = {
            "configurable": {"thread_id": run.thread, "run": run.id, "fence": run.fence},
            "recursion_limit": RECURSION_LIMIT,
        }
        final = await self._stream(run, turn, config)
        seconds = (self.clock() - run.accepted_at).total_seconds()
        last = [_answer(final), RunCompleted(seconds=round(seconds, 3))]
        await self.journal.finish(run, Status.COMPLETED, last)
        telemetry.runs.add(1, {"status": Status.COMPLETED})
        telemetry.run_seconds.record(seconds)

    async def _stream(self, run: Run, turn: Turn, config: RunnableConfig) -> State:
        """Runs the graph into the log; returns its last state."""
        start, state = await self._where_it_stands(run, turn.principal, config)
        sentences = 0
        if start is None and state.get("written"):
            await self.journal.append(run, *_sentences(state))
            return state
        async with self.journal.pen(run) as pen:
            async for part in self.graph.astream(
                start, config, context=turn, stream_mode=["custom", "values"], version="v2", durability="sync"
            ):
                if part["type"] == "values":
                    state = part["data"]
                    continue
                event = _event(part["data"], sentences)
                pen.write(event)
                if isinstance(event, SentenceWritten):
                    sentences += 1
                    if sentences == 1:
                        telemetry.first_sentence_seconds.record((self.clock() - run.accepted_at).total_seconds())
        return state

    async def _where_it_stands(
        self, run: Run, principal: Principal, config: RunnableConfig
    ) -> tuple[State | None, State]:
        """The input to begin with, or None and the last checkpoint's state where an earlier attempt has begun.

        What was found under rights that the principal has no longer is forgotten: the run begins from its question.
        """
        if run.fence > 1:
            state = cast(State, (await self.graph.aget_state(config)).values)
            found = [FINDING.validate_python(finding) for finding in state.get("findings", ())]
            if state.get("run") == run.id and all(
                await admitted(self.documents, principal, [basis_of_findings(found)])
            ):
                return None, state
        return start_of_run(run.id, run.question, run.calls), {}


def _event(said: Any, sentences: int) -> Payload:
    """What a node put into the stream, as a line of the log."""
    match said:
        case Numbered():
            return SentenceWritten(index=sentences, text=said.text, sources=_sources(said), figures=_figures(said))
        case Withheld():
            return SentenceWithheld(reason=said.reason)
        case tuple():
            return Planned(tasks=[_planned(task) for task in said])
    raise TypeError(f"A node streamed {type(said).__name__}, which no event describes")


def _sentences(final: State) -> list[Payload]:
    """The sentences once more, for an attempt that finds the answer written: readers forget those of the one before."""
    return [_event(NUMBERED.validate_python(sentence), index) for index, sentence in enumerate(final["written"])]


def _planned(task: Task) -> PlannedTask:
    return PlannedTask(specialist=task.specialist, question=task.question, confidence=round(task.confidence, 3))


def _answer(final: State) -> Answered:
    written = [NUMBERED.validate_python(sentence) for sentence in final["written"]]
    references = {source.n: source for sentence in written for source in _sources(sentence)}
    findings = [FINDING.validate_python(finding) for finding in final["findings"]]
    cited = {source.document for source in references.values()}
    return Answered(
        text="\n".join(sentence.text for sentence in written),
        sources=[references[n] for n in sorted(references)],
        figures=[figure for sentence in written for figure in _figures(sentence)],
        specialists=sorted({task["specialist"] for task in final["tasks"]}),
        answered=_answers(written),
        withheld=final.get("withheld", 0),
        label=str(highest([finding.label for finding in findings])),
        documents=sorted(cited.union(*(finding.documents for finding in findings))),
    )


def _answers(written: Sequence[Numbered]) -> bool:
    """Whether anything is said of the material, but what only comes nearest."""
    plain = itertools.takewhile(lambda sentence: sentence.text != NEAREST, written)
    return any(sentence.figures for sentence in written) or any(sentence.references for sentence in plain)


def _sources(sentence: Numbered) -> list[SourceRef]:
    return [_source(reference) for reference in sentence.references]


def _source(reference: Reference) -> SourceRef:
    cited = reference.citation
    return SourceRef(
        n=reference.n,
        id=cited.id,
        url=source_url(cited),
        document=cited.document,
        content_hash=cited.content_hash,
        title=reference.title,
        turns=cited.turns,
        span=cited.span,
        speaker=reference.speaker,
        at=reference.at,
        part=reference.part,
    )


def _figures(sentence: Numbered) -> list[FigureRef]:
    return [
        FigureRef(
            metric=figure.metric,
            value=figure.value,
            unit=figure.unit,
            text=figure.text,
            subject=figure.subject,
            query=figure.query,
            as_of=figure.as_of,
            title=figure.title,
            parameters=dict(figure.parameters),
            period=figure.period,
            change=ChangeRef(**asdict(figure.change)) if figure.change else None,
            query_hash=figure.query_hash,
        )
        for figure in sentence.figures
    ]
