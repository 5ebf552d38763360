import asyncio
from collections.abc import Awaitable, Callable
from datetime import timedelta

import pytest

from api.runs.events import LAST, RunCompleted, SentenceWritten
from api.runs.executor import Executor
from api.runs.journal import Journal
from api.runs.run import Event, Run, Status, Worker
from api.runs.store import Runs
from core.errors import UnavailableError
from tests.api.conftest import ALICE

Conduct = Callable[[Run], Awaitable[None]]


def executor(runs: Runs, journal: Journal, conduct: Conduct, *, timeout: float = 10, concurrency: int = 4) -> Executor:
    worker = Worker("one", timedelta(seconds=30))
    return Executor(runs, journal, conduct, worker, timeout=timeout, concurrency=concurrency)


def answering(journal: Journal) -> Conduct:
    async def conduct(run: Run) -> None:
        await journal.append(run, SentenceWritten(index=0, text=f"About {run.question}", sources=[], figures=[]))
        await journal.finish(run, Status.COMPLETED, [RunCompleted(seconds=0)])

    return conduct


async def read(journal: Journal, run: Run, *, after: int = 0) -> list[Event]:
    async with asyncio.timeout(10):
        return [event async for event in journal.follow(run.id, after=after)]


async def test_a_run_is_carried_out_and_its_log_closed(runs: Runs, journal: Journal) -> None:
    async with executor(runs, journal, answering(journal)) as working:
        run = await runs.accept("One?", principal=ALICE)
        working.wake()
        events = await read(journal, run)
    assert [event.type for event in events] == ["run.accepted", "run.started", "sentence", "run.completed"]


async def test_a_run_accepted_for_an_idle_worker_is_carried_out_without_being_claimed(
    runs: Runs, journal: Journal
) -> None:
    async with executor(runs, journal, answering(journal)) as working:
        run = await runs.accept("One?", principal=ALICE, worker=working.idle_worker)
        assert run.status is Status.RUNNING
        working.begin(run)
        events = await read(journal, run)
    assert [event.type for event in events] == ["run.accepted", "run.started", "sentence", "run.completed"]


async def test_a_reader_that_comes_late_or_again_sees_every_line_once(runs: Runs, journal: Journal) -> None:
    async with executor(runs, journal, answering(journal)) as working:
        run = await runs.accept("One?", principal=ALICE)
        working.wake()
        whole = await read(journal, run)
        assert await read(journal, run) == whole
        assert await read(journal, run, after=2) == whole[2:]


async def test_an_expected_error_ends_the_run_with_its_code_and_message(runs: Runs, journal: Journal) -> None:
    async def conduct(_run: Run) -> None:
        raise UnavailableError("The model at 'm' does not answer")

    async with executor(runs, journal, conduct) as working:
        run = await runs.accept("One?", principal=ALICE)
        working.wake()
        last = (await read(journal, run))[-1]
    assert (last.type, last.payload["code"]) == ("run.failed", "E_UNAVAILABLE")
    assert "does not answer" in last.payload["message"]


async def test_an_unexpected_error_shows_nothing_of_itself(runs: Runs, journal: Journal) -> None:
    async def conduct(_run: Run) -> None:
        raise KeyError("sk-secret")

    async with executor(runs, journal, conduct) as working:
        run = await runs.accept("One?", principal=ALICE)
        working.wake()
        last = (await read(journal, run))[-1]
    assert last.payload["code"] == "E_INTERNAL"
    assert "sk-secret" not in str(last.payload)


async def test_a_run_that_takes_too_long_is_ended(runs: Runs, journal: Journal) -> None:
    async def conduct(_run: Run) -> None:
        await asyncio.Event().wait()

    async with executor(runs, journal, conduct, timeout=0.05) as working:
        run = await runs.accept("One?", principal=ALICE)
        working.wake()
        last = (await read(journal, run))[-1]
    assert last.payload["code"] == "E_DEADLINE"


async def test_a_run_that_was_under_way_at_the_end_is_taken_up_at_the_next_start(runs: Runs, journal: Journal) -> None:
    begun = asyncio.Event()

    async def stuck(_run: Run) -> None:
        begun.set()
        await asyncio.Event().wait()

    async with executor(runs, journal, stuck) as working:
        run = await runs.accept("One?", principal=ALICE)
        working.wake()
        await asyncio.wait_for(begun.wait(), 10)

    async with executor(runs, journal, answering(journal)):
        events = await read(journal, run)
    assert [event.payload["attempt"] for event in events if event.type == "run.started"] == [1, 2]
    assert events[-1].type == "run.completed"


async def test_more_questions_than_places_are_all_answered(runs: Runs, journal: Journal) -> None:
    async with executor(runs, journal, answering(journal), concurrency=2) as working:
        asked = [await runs.accept(f"{n}?", principal=ALICE) for n in range(9)]
        working.wake()
        logs = [await read(journal, run) for run in asked]
    assert all(log[-1].type in LAST for log in logs)
    assert [log[2].payload["text"] for log in logs] == [f"About {n}?" for n in range(9)]


@pytest.mark.parametrize("steps", range(6))
async def test_leaving_at_the_moment_of_a_wake_up_ends_the_executor(runs: Runs, journal: Journal, steps: int) -> None:
    async with asyncio.timeout(5):
        async with executor(runs, journal, answering(journal)) as working:
            await runs.accept("One?", principal=ALICE)
            for _ in range(20):
                await asyncio.sleep(0.001)
            working.wake()
            for _ in range(steps):
                await asyncio.sleep(0)
    assert not working.running


async def test_leaving_right_after_an_answer_does_not_hang(runs: Runs, journal: Journal) -> None:
    for _ in range(50):
        async with asyncio.timeout(10):
            async with executor(runs, journal, answering(journal)) as working:
                run = await runs.accept("One?", principal=ALICE, worker=working.idle_worker)
                working.begin(run)
                await read(journal, run)
            assert not working.running


async def test_following_from_behind_the_last_line_ends(runs: Runs, journal: Journal) -> None:
    async with executor(runs, journal, answering(journal)) as working:
        run = await runs.accept("One?", principal=ALICE)
        working.wake()
        whole = await read(journal, run)
        assert await read(journal, run, after=whole[-1].seq) == []


async def test_a_timeout_inside_a_run_is_not_taken_for_the_runs_own(runs: Runs, journal: Journal) -> None:
    async def conduct(_run: Run) -> None:
        raise TimeoutError

    async with executor(runs, journal, conduct) as working:
        run = await runs.accept("One?", principal=ALICE)
        working.wake()
        assert (await read(journal, run))[-1].payload["code"] == "E_INTERNAL"
