"""The supervisor: plan which specialists answer which part, let them work side by side, write one answer."""

import asyncio
import logging
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import replace
from functools import partial
from typing import Any

from langchain_core.runnables.config import var_child_runnable_config
from langgraph.checkpoint.base import BaseCheckpointSaver
from langgraph.graph import END, START, StateGraph
from langgraph.graph.state import CompiledStateGraph
from langgraph.runtime import Runtime
from langgraph.types import Overwrite, Send
from pydantic import JsonValue

from agents.base import FINDING, TASK, Finding, Task, Turn
from core import telemetry
from core.errors import FencedError, SophiaError
from graphs.answer import Withheld, write_answer
from graphs.planning import ASKS, CALLS, plan
from graphs.recall import LEDGER, recall
from graphs.specialists import specialists
from graphs.state import Assigned, Plain, State, label_of
from models.numbered import NUMBERED, Numbered

Subgraph = CompiledStateGraph[Any, Turn, Any, Any]

OUT_OF_SCOPE = (
    "That is outside what Sophia does: it answers questions about your calls, CRM, business figures and platforms."
)

log = logging.getLogger(__name__)


def start_of_run(run: str, question: str, calls: Sequence[str]) -> State:
    """The input that begins a run on a thread and keeps only what the last run left for it."""
    return {
        "run": run,
        "question": question,
        "calls": list(calls),
        "tasks": [],
        "findings": Overwrite([]),  # type: ignore[typeddict-item]
        "settled": False,
        "written": [],
        "withheld": 0,
    }


def build_supervisor(
    workers: Mapping[str, Subgraph], *, checkpointer: BaseCheckpointSaver[Any] | None, patience_s: float
) -> CompiledStateGraph[State, Turn, State, State]:
    """The compiled graph over the specialists that exist; the others of `specialists.yaml` are said to be absent.

    A specialist that is not the only one asked is waited for `patience_s`. The ledger is asked while the plan is made:
    both are one step of the graph, and the specialists and the answer are later ones.
    """
    builder = StateGraph(State, context_schema=Turn)
    builder.add_node("recall", _traced("recall", recall))
    builder.add_node("plan", _traced("plan", partial(plan, frozenset(workers))))
    builder.add_node("absent", _traced("absent", absent))
    builder.add_node("answer", _traced("answer", partial(answer, workers, patience_s)))
    for name, worker in workers.items():
        builder.add_node(name, _traced(name, partial(_delegate, name, worker, patience_s)))
        builder.add_edge(name, "answer")
    builder.add_edge(START, "recall")
    builder.add_edge(START, "plan")
    builder.add_conditional_edges("plan", partial(dispatch, frozenset(workers)), [*workers, "absent", "answer"])
    builder.add_edge("absent", "answer")
    builder.add_edge("answer", END)
    return builder.compile(checkpointer=checkpointer, name="supervisor")


async def dispatch(present: frozenset[str], state: State) -> list[Send] | str:
    """One worker a task, all at once; straight to the answer when nothing was chosen."""
    sends = [
        Send(
            task["specialist"] if task["specialist"] in present else "absent",
            Assigned(task=task, label=label_of(state)),
        )
        for task in state.get("tasks", ())
    ]
    return sends or "answer"


async def _delegate(name: str, worker: Subgraph, patience_s: float, state: Assigned, runtime: Runtime[Turn]) -> State:
    task = TASK.validate_python(state["task"])
    with telemetry.span(f"invoke_agent {name}", {"gen_ai.operation.name": "invoke_agent", "gen_ai.agent.name": name}):
        findings = await _found(worker, task, _labelled(runtime.context, state), patience_s)
    return {"findings": [FINDING.dump_python(finding, mode="json") for finding in findings]}


async def _found(worker: Subgraph, task: Task, turn: Turn, patience_s: float) -> list[Finding]:
    """What the specialist found; where others answer too, one that fails leaves a line that says what is missing."""
    alone = not (task.part or task.tentative)
    try:
        async with asyncio.timeout(None if alone else patience_s):
            done = await _run_apart(worker, {"task": task}, turn)
    except FencedError:
        raise
    except Exception as error:
        if alone:
            raise
        log.warning("%s could not answer its part of a question", task.specialist, exc_info=error)
        return [Finding(task.specialist, task.question, note=_missing(task, error, patience_s))]
    return [replace(finding, tentative=task.tentative) for finding in done["findings"]]


def _missing(task: Task, error: Exception, patience_s: float) -> str:
    """What is missing in the answer and why; what an unexpected error says is for the log alone."""
    match error:
        case SophiaError():
            why = str(error).rstrip(".")
        case TimeoutError():
            why = f"It took longer than {patience_s:g} s"
        case _:
            why = "It failed; the server's log says how"
    return f"What {_title(task.specialist)} knows of this is missing: {task.question} ({why})"


async def _run_apart(worker: Subgraph, state: dict[str, Any], turn: Turn) -> dict[str, Any]:
    """Runs a worker that keeps no checkpoints. It must not inherit the run's durability, which waits for one."""
    inherited = var_child_runnable_config.set(None)
    try:
        return await worker.ainvoke(state, context=turn)
    finally:
        var_child_runnable_config.reset(inherited)


async def absent(state: Assigned, _runtime: Runtime[Turn]) -> State:
    """Says that the specialist a question belongs to is not there yet, instead of answering from the wrong material."""
    task = TASK.validate_python(state["task"])
    which = f": {task.question}" if task.part else "."
    note = f"That is a question for {_title(task.specialist)}, which is not part of this installation yet{which}"
    finding = Finding(task.specialist, task.question, note=note)
    return {"findings": [FINDING.dump_python(finding, mode="json")]}


def _title(name: str) -> str:
    return next(specialist.title for specialist in specialists() if specialist.name == name)


async def answer(workers: Mapping[str, Subgraph], patience_s: float, state: State, runtime: Runtime[Turn]) -> State:
    """Writes the answer, sentence by sentence, into the run's stream, and leaves what the next run should remember.

    A question about what its specialist does not know is looked for in the calls first.
    """
    found = in_order(state)
    turn = _labelled(runtime.context, state)
    missed = _missed(found, state) if CALLS in workers else []
    looks = await asyncio.gather(*(_found(workers[CALLS], task, turn, patience_s) for task in missed))
    heard = [finding for look in looks for finding in look]
    findings = _beside_the_ledger([*found, *heard], state)
    withheld: list[str] = []
    written: list[Numbered] = []

    def report(reason: str) -> None:
        withheld.append(reason)
        runtime.stream_writer(Withheld(reason))

    async for sentence in write_answer(findings, turn, withheld=report):
        runtime.stream_writer(sentence)
        written.append(sentence)
    if not written:
        written = [Numbered(OUT_OF_SCOPE)]
        runtime.stream_writer(written[0])
    by: list[JsonValue] = [*sorted({finding.specialist for finding in findings})]
    remembered: dict[str, JsonValue] = {"answered_by": by, "cited": _places(written)}
    for finding in findings:
        remembered |= finding.arguments
    return {
        "findings": [FINDING.dump_python(finding, mode="json") for finding in heard],
        "written": _plain(written),
        "withheld": len(withheld),
        "previous": {**state.get("previous", {}), **remembered},
        "label": max([label_of(state), *(finding.label for finding in findings)]),
    }


def _missed(findings: Sequence[Finding], state: State) -> list[Task]:
    """A look into the calls for each question about what its specialist does not know, unless they were looked into."""
    heard = {one.question for one in findings if one.specialist == CALLS}
    open_ = dict.fromkeys(one.question for one in findings if one.unknown and ASKS.search(one.question))
    calls, previous = tuple(state.get("calls", ())), state.get("previous", {})
    return [
        Task(CALLS, question, calls, previous=previous, tentative=True) for question in open_ if question not in heard
    ]


def _places(written: Sequence[Numbered]) -> list[JsonValue]:
    """Document and first turn of what was cited, in its order: what "who said that?" is about."""
    cited = (reference.citation for sentence in written for reference in sentence.references)
    return [[document, turn] for document, turn in dict.fromkeys((one.document, one.turns[0]) for one in cited)]


def _labelled(turn: Turn, state: State | Assigned) -> Turn:
    """The turn, none of whose language calls is labelled lower than the thread."""
    return replace(turn, label=max(turn.label, label_of(state)))


def in_order(state: State) -> list[Finding]:
    """The ledger's finding, then the others in the order of the tasks they answer, whichever worker finished first."""
    place = {(task["specialist"], task["question"]): order for order, task in enumerate(state.get("tasks", ()))}
    findings = [FINDING.validate_python(finding) for finding in state.get("findings", ())]
    return sorted(findings, key=lambda one: (one.specialist != LEDGER, place.get((one.specialist, one.question), 0)))


def _beside_the_ledger(findings: list[Finding], state: State) -> list[Finding]:
    """Where the ledger says something, the others add figures and what they can cite; what it settles is left to it, but
    for other parts of the question and what was put before somebody.
    """
    if not any(finding.specialist == LEDGER for finding in findings):
        return findings
    parts = {(task["specialist"], task["question"]) for task in state["tasks"] if task["part"]}

    def stands(finding: Finding) -> bool:
        return finding.specialist == LEDGER or finding.acted

    return [
        finding if stands(finding) or finding.figures else replace(finding, tentative=True)
        for finding in findings
        if stands(finding) or not state["settled"] or (finding.specialist, finding.question) in parts
    ]


def _plain(written: Sequence[Numbered]) -> list[Plain]:
    return [NUMBERED.dump_python(sentence, mode="json") for sentence in written]


def _traced(name: str, node: Callable[..., Awaitable[Any]]) -> Callable[..., Awaitable[Any]]:
    """The node inside a span of its name."""

    async def traced(state: Any, runtime: Runtime[Turn]) -> Any:
        with telemetry.span(f"node {name}", {"sophia.node": name}):
            return await node(state, runtime)

    return traced
