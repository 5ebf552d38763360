"""A server that is told to stop: what is refused, what may still end, what its readers hear."""

import asyncio
import shutil
from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path

import pytest

from api.runs.executor import Executor
from api.runs.journal import Bells, Journal
from api.runs.run import Run, Worker
from api.runs.store import Runs
from api.settings import Settings
from tests.api.conftest import ALICE
from tests.api.served import JSON, OBJECTIONS, SSE, Served, kept_open, problem_of, read_stream, serving
from tests.api.test_executor import answering, read

WORKER = Worker("one", timedelta(seconds=30))


@pytest.fixture
async def own(light_directory: Path, light_weights: Path | None, tmp_path: Path) -> AsyncIterator[Served]:
    """A Sophia that a test may close."""
    directory = tmp_path / "data"
    shutil.copytree(light_directory, directory)
    async with kept_open(serving(Settings(data_dir=directory, embedder_weights=light_weights))) as opened:
        yield opened


async def test_a_run_under_way_may_end_and_its_reader_hears_the_end(runs: Runs, journal: Journal) -> None:
    may_end = asyncio.Event()

    async def conduct(run: Run) -> None:
        await may_end.wait()
        await answering(journal)(run)

    async with (
        asyncio.timeout(10),
        Executor(runs, journal, conduct, WORKER, timeout=10, concurrency=1) as working,
    ):
        run = await runs.accept("One?", principal=ALICE, worker=WORKER)
        working.begin(run)
        draining = asyncio.create_task(working.drain(10))
        reading = asyncio.create_task(read(journal, run))
        await asyncio.sleep(0)
        may_end.set()
        await draining
        journal.close()
        assert (await reading)[-1].type == "run.completed"


async def test_a_run_that_needs_longer_says_farewell_and_goes_on_at_the_next_start(
    runs: Runs, journal: Journal
) -> None:
    begun = asyncio.Event()

    async def stuck(_run: Run) -> None:
        begun.set()
        await asyncio.Event().wait()

    async with (
        asyncio.timeout(10),
        Executor(runs, journal, stuck, WORKER, timeout=10, concurrency=1) as working,
    ):
        run = await runs.accept("One?", principal=ALICE, worker=WORKER)
        waiting = await runs.accept("Two?", principal=ALICE)
        working.begin(run)
        working.wake()
        await begun.wait()
        await working.drain(0)
        journal.close()
        heard = [await read(journal, one) for one in (run, waiting)]
    assert [events[-1].type for events in heard] == ["server.closing"] * 2
    assert [events[-1].payload["last_event_id"] for events in heard] == [2, 1]
    assert [event.type for event in await runs.events(waiting.id)] == ["run.accepted"]

    next_journal = Journal(runs, Bells())
    async with Executor(runs, next_journal, answering(next_journal), WORKER, timeout=10, concurrency=1):
        again = [
            await read(next_journal, one, after=events[-1].seq)
            for one, events in zip((run, waiting), heard, strict=True)
        ]
    assert [[event.type for event in events] for events in again] == [
        ["run.started", "sentence", "run.completed"],
        ["run.started", "sentence", "run.completed"],
    ]


async def test_a_server_that_stops_begins_nothing_and_says_when_to_come_again(own: Served) -> None:
    await own.sophia.asking.close(0)
    async with own.client() as client:
        refused = [
            await client.post("/v1/chat", json={"question": OBJECTIONS}, headers=JSON),
            await client.post("/v1/briefings", json={"audience": "ceo", "period": "last-week"}),
            await client.get("/readyz"),
        ]
        reading = await client.get("/v1/threads")
    for response in refused:
        assert "stop" in await problem_of(response, 503, "E_CLOSING")
        assert int(response.headers["retry-after"]) > 0
    assert reading.status_code == 200


async def test_the_farewell_tells_an_event_source_where_and_when_to_go_on(own: Served) -> None:
    owner = await own.sophia.keys.resolve("default/owner")
    run = await own.sophia.runs.accept(OBJECTIONS, principal=owner)
    await own.sophia.asking.close(0)
    async with own.client() as client:
        stream = (await client.get(f"/v1/runs/{run.id}/events", headers=SSE)).text
    *_, last = read_stream(stream)
    assert (last.type, last.id, last.payload) == ("server.closing", 1, last.payload)
    assert last.data["last_event_id"] == 1
    assert "retry: 10000" in stream
