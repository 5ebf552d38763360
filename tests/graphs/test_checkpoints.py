import asyncio
import sqlite3
import threading
from collections.abc import AsyncIterator
from contextlib import closing
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path
from typing import TypedDict

import pytest
from langchain_core.runnables import RunnableConfig
from langgraph.checkpoint.serde.jsonplus import JsonPlusSerializer
from langgraph.graph import END, START, StateGraph

from agents.base import FINDING, Finding
from api.runs.run import Run, Worker
from api.runs.store import Runs
from core.clock import new_id
from core.database import Database, open_database
from core.errors import FencedError
from core.identity import Label, Principal
from graphs.checkpoints import FencedSqliteSaver, open_checkpoints, threads_holding
from graphs.state import Plain
from models.evidence import Change, Direction, Figure, Source, Utterance
from models.language import Part

ALICE = Principal("acme", "alice")
LEASE = timedelta(seconds=30)
NOW = datetime(2026, 3, 20, 12, tzinfo=UTC)
SAID = Utterance(0, "Anna", "We pay.", (6, 13), at="00:01")
FOUND = Finding(
    "call_analysis",
    "What do they pay?",
    sources=(Source("c1", "h" * 64, "Demo", Label.CONFIDENTIAL, (SAID,), held=NOW),),
    figures=(
        Figure("talk_ratio", 47.0, "%", "47 %", "Anna", "call_statistics(c1)", "2026-03-20"),
        Figure(
            "pipeline",
            40_000,
            "USD",
            "$40k",
            "Acme",
            "SELECT 1",
            "2026-03-20",
            parameters=(("account", "Acme"),),
            period="March 2026",
            title="pipeline value",
            change=Change(50_000, -10_000, -0.2, Direction.DOWN, "down 20 %", "February 2026"),
            synonyms=("pipeline",),
        ),
    ),
    parts=(Part("Pain", (("c1", 0),)),),
    arguments={"account": "Acme"},
    label=Label.CONFIDENTIAL,
)


class Talk(TypedDict, total=False):
    said: str
    finding: Plain


@dataclass(frozen=True)
class Stranger:
    """A type that checkpoints were not told of."""

    word: str


class Stage:
    """A database with a run on it, and a graph of two nodes that writes checkpoints for that run."""

    def __init__(self, database: Database, saver: FencedSqliteSaver) -> None:
        self.runs, self.saver = Runs(database, clock=lambda: self.now, new_id=new_id), saver
        self.now = NOW
        self.taken_over_by: str | None = None
        builder = StateGraph(Talk)
        builder.add_node("first", self.first)
        builder.add_node("second", self.second)
        builder.add_edge(START, "first")
        builder.add_edge("first", "second")
        builder.add_edge("second", END)
        self.graph = builder.compile(checkpointer=saver)

    async def first(self, state: Talk) -> Talk:
        if self.taken_over_by:
            self.now += timedelta(seconds=31)
            await self.runs.claim(Worker(self.taken_over_by, LEASE))
        return {"finding": FINDING.dump_python(FOUND, mode="json")}

    async def second(self, state: Talk) -> Talk:
        return {"said": f"{state['said']}!"}

    async def claim(self) -> Run:
        await self.runs.accept("One?", principal=ALICE)
        run = await self.runs.claim(Worker("one", LEASE))
        assert run is not None
        return run


def config_of(run: Run) -> RunnableConfig:
    return {"configurable": {"thread_id": run.thread, "run": run.id, "fence": run.fence}}


@pytest.fixture
async def stage(tmp_path: Path) -> AsyncIterator[Stage]:
    file = tmp_path / "sophia.db"
    async with open_database(f"sqlite:///{file}") as database, open_checkpoints(file, database) as saver:
        yield Stage(database, saver)


async def test_what_was_found_survives_a_restart_as_what_it_was(stage: Stage, tmp_path: Path) -> None:
    run = await stage.claim()
    await stage.graph.ainvoke({"said": "Hello"}, config_of(run), durability="sync")
    async with open_checkpoints(tmp_path / "sophia.db", stage.runs.database) as saver:
        stage.graph.checkpointer = saver
        values = (await stage.graph.aget_state(config_of(run))).values
    assert FINDING.validate_python(values["finding"]) == FOUND


async def test_the_threads_are_told_that_remember_a_call(stage: Stage) -> None:
    run = await stage.claim()
    await stage.graph.ainvoke({"said": "c2"}, config_of(run), durability="sync")
    for call, threads in (("c1", [run.thread]), ("c2", [run.thread]), ("c", [])):
        assert await stage.runs.database.read(partial(threads_holding, text=call)) == threads


async def test_a_worker_that_was_taken_over_writes_no_further_checkpoint(stage: Stage) -> None:
    run = await stage.claim()
    stage.taken_over_by = "two"
    with pytest.raises(FencedError):
        await stage.graph.ainvoke({"said": "Hello"}, config_of(run), durability="sync")
    values = (await stage.graph.aget_state(config_of(run))).values
    assert "finding" not in values


async def test_a_checkpoint_without_a_run_is_refused(stage: Stage) -> None:
    with pytest.raises(FencedError):
        await stage.graph.ainvoke({"said": "Hello"}, {"configurable": {"thread_id": "t"}}, durability="sync")


async def test_a_refused_write_leaves_the_database_free_for_others(stage: Stage) -> None:
    with pytest.raises(FencedError):
        await stage.graph.ainvoke({"said": "Hello"}, {"configurable": {"thread_id": "t"}}, durability="sync")
    run = await stage.claim()
    done = await stage.graph.ainvoke({"said": "Hello"}, config_of(run), durability="sync")
    assert done["said"] == "Hello!"


async def test_a_type_that_checkpoints_were_not_told_of_stays_plain_data(stage: Stage) -> None:
    permissive = JsonPlusSerializer(allowed_msgpack_modules=True)
    crafted = permissive.dumps_typed({"known": [1, "two"], "stranger": Stranger("boo")})
    assert isinstance(permissive.loads_typed(crafted)["stranger"], Stranger)

    revived = stage.saver.serde.loads_typed(crafted)
    assert revived["known"] == [1, "two"]
    assert not isinstance(revived["stranger"], Stranger)


async def test_a_write_that_is_cancelled_at_its_beginning_leaves_the_saver_usable(stage: Stage, tmp_path: Path) -> None:
    run = await stage.claim()
    stage.saver.conn.execute("PRAGMA busy_timeout=100")
    with closing(sqlite3.connect(tmp_path / "sophia.db")) as other:
        other.execute("BEGIN IMMEDIATE")
        with pytest.raises(TimeoutError):
            async with asyncio.timeout(0.05):
                await stage.graph.ainvoke({"said": "Hello"}, config_of(run), durability="sync")
        other.rollback()
    done = await stage.graph.ainvoke({"said": "Hello"}, config_of(run), durability="sync")
    assert done["said"] == "Hello!"


async def test_a_write_that_is_under_way_ends_before_the_file_is_let_go(tmp_path: Path) -> None:
    file, begun, may_end = tmp_path / "sophia.db", threading.Event(), threading.Event()
    async with open_database(f"sqlite:///{file}") as database:
        async with open_checkpoints(file, database) as saver:

            def write() -> list[tuple[int]]:
                begun.set()
                may_end.wait()
                return saver.conn.execute("SELECT 1").fetchall()

            writing = asyncio.create_task(database.beside(write))
            await asyncio.to_thread(begun.wait)
            asyncio.get_running_loop().call_soon(may_end.set)
        assert await writing == [(1,)]
