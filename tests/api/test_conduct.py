"""A run that is taken up again, under the rights that its principal has now."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Any, TypedDict

import pytest
from langchain_core.runnables import RunnableConfig
from langgraph.checkpoint.memory import InMemorySaver
from langgraph.graph import END, START, StateGraph
from langgraph.runtime import Runtime

from agents.base import Finding, Task, Turn
from api.runs.conduct import Conductor
from api.runs.journal import Journal
from api.runs.run import Run, Worker
from api.runs.store import Runs
from core.database import Database
from core.identity import Label, Principal
from graphs.supervisor import Subgraph, build_supervisor, start_of_run
from memory.documents import Documents
from models.language import Choice, Option
from tests.api.conftest import ALICE, HandClock
from tests.fakes.language import ScriptedLanguage
from tests.graphs.test_supervisor import NoTools

WORKER = Worker("one", timedelta(seconds=30))


class Work(TypedDict, total=False):
    task: Task
    findings: list[Finding]


@dataclass
class Specialist:
    """Finds what whoever asks is cleared for, and remembers who asked."""

    asked_by: list[Principal] = field(default_factory=list)
    deadlines: list[datetime] = field(default_factory=list)

    def graph(self) -> Subgraph:
        builder = StateGraph(Work, context_schema=Turn).add_node("work", self.work)
        return builder.add_edge(START, "work").add_edge("work", END).compile()

    async def work(self, state: Work, runtime: Runtime[Turn]) -> Work:
        principal = runtime.context.principal
        self.asked_by.append(principal)
        self.deadlines.append(runtime.context.deadline)
        found = Finding(state["task"].specialist, "", note=f"This is {principal.clearance}.", label=principal.clearance)
        return {"findings": [found]}


def chooses(question: str, _options: Sequence[Option]) -> list[Choice]:
    return [Choice("call_analysis", question, 1.0)]


@pytest.mark.parametrize(("clearance", "again"), [(Label.CONFIDENTIAL, 0), (Label.RESTRICTED, 0), (Label.PUBLIC, 1)])
async def test_what_was_found_under_rights_that_have_ended_is_not_answered_with(
    database: Database, runs: Runs, journal: Journal, clock: HandClock, clearance: Label, again: int
) -> None:
    specialist, principal = Specialist(), ALICE
    graph = build_supervisor({"call_analysis": specialist.graph()}, checkpointer=InMemorySaver(), patience_s=30)

    async def turn(asker: Principal) -> Turn:
        return Turn(asker, clock(), clock() + timedelta(minutes=1), ScriptedLanguage(chooses), NoTools())

    async def resolve(_: str) -> Principal:
        return principal

    run = await runs.accept("Why?", principal=ALICE, worker=WORKER)
    config: RunnableConfig = {"configurable": {"thread_id": run.thread}}
    cut_short: Any = start_of_run(run.id, run.question, ())
    await graph.ainvoke(cut_short, config, context=await turn(ALICE), interrupt_before=["answer"])

    clock.forward(seconds=31)
    principal = replace(ALICE, clearance=clearance)
    taken_up: Run | None = await runs.claim(Worker("two", WORKER.lease))
    assert taken_up
    await Conductor(graph, journal, resolve, turn, Documents(database), clock)(taken_up)

    assert specialist.asked_by == [ALICE, *[principal] * again]
    [answer] = [event.payload for event in await runs.events(run.id) if event.type == "answer"]
    assert answer["label"] == str(Label.PUBLIC if again else ALICE.clearance)
    assert answer["text"] == f"This is {answer['label']}."


@pytest.mark.parametrize(("within", "left"), [(10, 10), (300, 60), (None, 60)])
async def test_specialists_have_no_longer_than_the_answer_is_wanted(
    database: Database, runs: Runs, journal: Journal, clock: HandClock, within: int | None, left: int
) -> None:
    specialist = Specialist()
    graph = build_supervisor({"call_analysis": specialist.graph()}, checkpointer=InMemorySaver(), patience_s=30)

    async def turn(asker: Principal) -> Turn:
        return Turn(asker, clock(), clock() + timedelta(minutes=1), ScriptedLanguage(chooses), NoTools())

    async def resolve(_: str) -> Principal:
        return ALICE

    wanted = timedelta(seconds=within) if within else None
    run = await runs.accept("Why?", principal=ALICE, worker=WORKER, within=wanted)
    await Conductor(graph, journal, resolve, turn, Documents(database), clock)(run)

    assert specialist.deadlines == [clock() + timedelta(seconds=left)]
