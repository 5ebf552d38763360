from datetime import timedelta

import pytest

from api.runs.events import RunCompleted, SentenceWritten
from api.runs.run import Run, Status, WhenBusy, Worker
from api.runs.store import MOST_ATTEMPTS, Runs
from core.errors import BusyError, FencedError, NotFoundError
from tests.api.conftest import ALICE, BOB, HandClock

LEASE = timedelta(seconds=30)
DONE = RunCompleted(seconds=1)


def sentence(index: int) -> SentenceWritten:
    return SentenceWritten(index=index, text="Hello.", sources=[], figures=[])


async def claimed(runs: Runs, worker: str = "one") -> Run:
    run = await runs.claim(Worker(worker, LEASE))
    assert run is not None
    return run


async def test_an_accepted_question_waits_with_its_first_event_written(runs: Runs) -> None:
    run = await runs.accept("What did they object to?", principal=ALICE, calls=["c1"])

    assert [event.type for event in await runs.events(run.id)] == ["run.accepted"]
    taken = await claimed(runs)
    assert (taken.id, taken.question, taken.calls, taken.principal) == (run.id, run.question, ("c1",), "acme/alice")


async def test_events_are_numbered_without_gaps_and_read_from_any_line(runs: Runs) -> None:
    run = await runs.accept("Why?", principal=ALICE)
    held = await claimed(runs)
    await runs.append(held, [sentence(0), sentence(1)])
    await runs.finish(held, Status.COMPLETED, [DONE])

    assert [event.seq for event in await runs.events(run.id)] == [1, 2, 3, 4, 5]
    assert [event.type for event in await runs.events(run.id, after=3)] == ["sentence", "run.completed"]


async def test_a_thread_answers_one_question_at_a_time_and_in_order(runs: Runs, clock: HandClock) -> None:
    first = await runs.accept("One?", principal=ALICE)
    second = await runs.accept("Two?", principal=ALICE, thread=first.thread)
    clock.forward(seconds=1)
    other = await runs.accept("Elsewhere?", principal=ALICE)

    held = await claimed(runs)
    assert held.id == first.id
    assert (await claimed(runs)).id == other.id
    assert await runs.claim(Worker("one", LEASE)) is None
    await runs.finish(held, Status.COMPLETED, [DONE])
    assert (await claimed(runs)).id == second.id


async def test_a_question_that_does_not_want_to_wait_is_refused_on_a_busy_thread(runs: Runs) -> None:
    first = await runs.accept("One?", principal=ALICE)
    with pytest.raises(BusyError, match=first.thread):
        await runs.accept("Two?", principal=ALICE, thread=first.thread, when_busy=WhenBusy.REJECT)


async def test_a_foreign_thread_and_an_unknown_one_get_the_same_answer(runs: Runs) -> None:
    run = await runs.accept("One?", principal=ALICE)
    said = []
    for thread in (run.thread, "thread_unknown"):
        with pytest.raises(NotFoundError) as refused:
            await runs.accept("Two?", principal=BOB, thread=thread)
        said.append(str(refused.value).replace(thread, "T"))
        with pytest.raises(NotFoundError):
            await runs.history(thread, principal=BOB)
    assert said[0] == said[1]
    with pytest.raises(NotFoundError):
        await runs.run(run.id, principal=BOB)


async def test_a_worker_whose_lease_ran_out_can_write_nothing_more(runs: Runs, clock: HandClock) -> None:
    await runs.accept("One?", principal=ALICE)
    stopped = await claimed(runs)
    clock.forward(seconds=31)
    taken_over = await claimed(runs, "two")

    assert taken_over.fence == stopped.fence + 1
    with pytest.raises(FencedError):
        await runs.append(stopped, [sentence(0)])
    with pytest.raises(FencedError):
        await runs.finish(stopped, Status.COMPLETED, [DONE])
    with pytest.raises(FencedError):
        await runs.renew(stopped, lease=LEASE)
    await runs.append(taken_over, [sentence(0)])


async def test_a_worker_that_gives_signs_of_life_keeps_its_run(runs: Runs, clock: HandClock) -> None:
    await runs.accept("One?", principal=ALICE)
    held = await claimed(runs)
    clock.forward(seconds=20)
    await runs.renew(held, lease=LEASE)
    clock.forward(seconds=20)
    assert await runs.claim(Worker("two", LEASE)) is None


async def test_nothing_is_added_to_a_closed_log(runs: Runs) -> None:
    await runs.accept("One?", principal=ALICE)
    held = await claimed(runs)
    await runs.finish(held, Status.COMPLETED, [DONE])
    with pytest.raises(FencedError):
        await runs.append(held, [sentence(0)])


async def test_threads_belong_to_who_opened_them(runs: Runs, clock: HandClock) -> None:
    await runs.accept("First question?", principal=ALICE)
    clock.forward(seconds=1)
    await runs.accept("Second question?", principal=ALICE)
    await runs.accept("Not yours?", principal=BOB)

    assert [thread.title for thread in await runs.threads(principal=ALICE)] == ["Second question?", "First question?"]


async def test_a_run_that_takes_every_worker_with_it_is_given_up(runs: Runs, clock: HandClock) -> None:
    run = await runs.accept("One?", principal=ALICE)
    for _ in range(MOST_ATTEMPTS):
        assert await claimed(runs)
        clock.forward(seconds=31)
    assert await runs.claim(Worker("one", LEASE)) is None
    assert (await runs.events(run.id))[-1].type == "run.failed"
    assert (await runs.run(run.id, principal=ALICE)).status is Status.FAILED
