"""A question that somebody calls off, and one whose answer came too late to be of use."""

import asyncio
from collections.abc import AsyncIterator
from datetime import timedelta

import pytest

from api.commands.ask import show_or_cancel
from api.runs.events import RunAccepted, RunCompleted
from api.runs.executor import Executor
from api.runs.journal import Journal
from api.runs.run import EndedError, Event, Run, Status, Worker
from api.runs.store import Runs
from core.errors import DeadlineError, FencedError, NotFoundError
from core.identity import Principal
from tests.api.conftest import ALICE, BOB, HandClock
from tests.api.served import JSON, Served, ask, problem_of
from tests.api.test_executor import Conduct, answering, read

WORKER = Worker("one", timedelta(seconds=30))
ADMIN = Principal("acme", "root", frozenset({"admin"}))
ELSEWHERE = Principal("globex", "root", frozenset({"admin"}))


def executor(runs: Runs, journal: Journal, conduct: Conduct, clock: HandClock, *, concurrency: int = 4) -> Executor:
    return Executor(runs, journal, conduct, WORKER, timeout=10, concurrency=concurrency, clock=clock)


class Stuck:
    """Work that never ends by itself."""

    def __init__(self) -> None:
        self.begun = asyncio.Event()
        self.stopped = asyncio.Event()

    async def __call__(self, run: Run) -> None:
        self.begun.set()
        try:
            await asyncio.Event().wait()
        finally:
            self.stopped.set()


async def test_a_run_that_is_cancelled_while_it_waits_is_never_begun(runs: Runs) -> None:
    run = await runs.accept("One?", principal=ALICE)
    cancelled = await runs.cancel(run.id, principal=ALICE)
    assert (cancelled.status, cancelled.error) == (Status.CANCELLED, "E_CANCELLED")
    assert await runs.claim(WORKER) is None
    assert [(event.type, event.payload.get("by")) for event in await runs.events(run.id)] == [
        ("run.accepted", None),
        ("run.cancelled", "acme/alice"),
    ]


async def test_the_worker_of_a_cancelled_run_can_write_nothing_more(runs: Runs) -> None:
    run = await runs.accept("One?", principal=ALICE, worker=WORKER)
    await runs.cancel(run.id, principal=ALICE)
    with pytest.raises(FencedError):
        await runs.finish(run, Status.COMPLETED, [RunCompleted(seconds=1)])


async def test_cancelling_again_changes_nothing(runs: Runs, clock: HandClock) -> None:
    run = await runs.accept("One?", principal=ALICE)
    first = await runs.cancel(run.id, principal=ALICE)
    log = await runs.events(run.id)
    clock.forward(seconds=5)
    assert await runs.cancel(run.id, principal=ALICE) == first
    assert await runs.events(run.id) == log


async def test_a_run_that_has_ended_is_not_cancelled(runs: Runs) -> None:
    run = await runs.accept("One?", principal=ALICE, worker=WORKER)
    await runs.finish(run, Status.COMPLETED, [RunCompleted(seconds=1)])
    with pytest.raises(EndedError, match="completed") as refused:
        await runs.cancel(run.id, principal=ALICE)
    assert refused.value.status is Status.COMPLETED


@pytest.mark.parametrize("other", [BOB, ELSEWHERE])
async def test_the_runs_of_others_cannot_be_cancelled(runs: Runs, other: Principal) -> None:
    run = await runs.accept("One?", principal=ALICE)
    with pytest.raises(NotFoundError):
        await runs.cancel(run.id, principal=other)
    assert (await runs.run(run.id, principal=ALICE)).status is Status.QUEUED


async def test_an_admin_cancels_the_runs_of_his_tenant(runs: Runs) -> None:
    run = await runs.accept("One?", principal=ALICE)
    await runs.cancel(run.id, principal=ADMIN)
    assert (await runs.events(run.id))[-1].payload == {"by": "acme/root"}


async def test_the_work_on_a_cancelled_run_stops_and_the_next_on_its_thread_begins(
    runs: Runs, journal: Journal, clock: HandClock, caplog: pytest.LogCaptureFixture
) -> None:
    stuck = Stuck()

    async def conduct(run: Run) -> None:
        await (stuck if run.question == "One?" else answering(journal))(run)

    async with asyncio.timeout(10), executor(runs, journal, conduct, clock) as working:
        first = await runs.accept("One?", principal=ALICE)
        second = await runs.accept("Two?", principal=ALICE, thread=first.thread)
        working.wake()
        await stuck.begun.wait()
        await journal.cancel(first.id, principal=ALICE)
        working.stop(first.id)
        await stuck.stopped.wait()
        assert (await read(journal, first))[-1].type == "run.cancelled"
        assert (await read(journal, second))[-1].type == "run.completed"
    assert caplog.records == []


async def test_a_run_that_waits_longer_than_its_answer_is_wanted_ends_with_its_deadline(
    runs: Runs, journal: Journal, clock: HandClock
) -> None:
    stuck = Stuck()
    async with asyncio.timeout(10), executor(runs, journal, stuck, clock) as working:
        first = await runs.accept("One?", principal=ALICE)
        second = await runs.accept("Two?", principal=ALICE, thread=first.thread, within=timedelta(seconds=5))
        working.wake()
        await stuck.begun.wait()
        clock.forward(seconds=5)
        working.wake()
        last = (await read(journal, second))[-1]
    assert (last.type, last.payload["code"]) == ("run.failed", "E_DEADLINE")
    assert "waited" in last.payload["message"]


async def test_a_run_whose_answer_is_wanted_no_longer_ends_while_it_is_carried_out(
    runs: Runs, journal: Journal, clock: HandClock
) -> None:
    async with asyncio.timeout(10), executor(runs, journal, Stuck(), clock) as working:
        run = await runs.accept("One?", principal=ALICE, within=timedelta(seconds=0.05))
        working.wake()
        last = (await read(journal, run))[-1]
    assert last.payload["code"] == DeadlineError.code
    assert "deadline" in last.payload["message"]


async def accepted_and_silent(run: str) -> AsyncIterator[Event]:
    accepted = RunAccepted(run=run, thread="thread_1", position=1)
    yield Event(1, accepted.type, accepted.model_dump(), at="")
    await asyncio.Event().wait()


@pytest.mark.parametrize("wanted", [True, False])
async def test_whoever_interrupts_his_question_may_cancel_it(wanted: bool) -> None:
    called_off: list[str] = []
    offered = asyncio.Event()

    async def cancel(run: str) -> None:
        called_off.append(run)

    def wants() -> bool:
        offered.set()
        return wanted

    asking = asyncio.create_task(show_or_cancel(accepted_and_silent("run_1"), False, cancel=cancel, wanted=wants))
    await asyncio.sleep(0)
    asking.cancel()
    with pytest.raises(asyncio.CancelledError):
        await asking
    assert offered.is_set()
    assert called_off == (["run_1"] if wanted else [])


@pytest.mark.asyncio(loop_scope="session")
async def test_cancelling_over_http_says_how_a_run_ended_that_is_over(served: Served) -> None:
    async with served.client() as client:
        run = (await ask(client))[0].data["run"]
        refused = await client.post(f"/v1/runs/{run}/cancel")
        unknown = await client.post("/v1/runs/run_unknown/cancel")
    assert "completed" in await problem_of(refused, 409, "E_CONFLICT")
    assert (refused.json()["state"], refused.json()["run"]) == ("completed", run)
    assert await problem_of(unknown, 404, "E_NOT_FOUND")


@pytest.mark.asyncio(loop_scope="session")
async def test_a_question_that_is_cancelled_over_http_answers_whoever_waits_and_leaves_its_thread_free(
    served: Served,
) -> None:
    owner = await served.sophia.keys.resolve("default/owner")
    async with served.client() as client:
        run = await served.sophia.runs.accept("What did Marrowfield object to?", principal=owner)
        first = await client.post(f"/v1/runs/{run.id}/cancel")
        again = await client.post(f"/v1/runs/{run.id}/cancel")
        shown = (await client.get(f"/v1/runs/{run.id}")).json()
        answer = await ask(client, thread=run.thread)
    assert (first.status_code, first.json()["status"]) == (200, "cancelled")
    assert again.json() == first.json()
    assert (shown["status"], shown["answer"]) == ("cancelled", None)
    assert answer[-1].type == "run.completed"


@pytest.mark.asyncio(loop_scope="session")
async def test_an_answer_that_is_wanted_at_once_comes_too_late(served: Served) -> None:
    async with served.client() as client:
        body = {"question": "What did Marrowfield object to?", "deadline_s": 1e-6}
        late = await client.post("/v1/chat", json=body, headers=JSON)
        refused = await client.post("/v1/chat", json={**body, "deadline_s": 0}, headers=JSON)
    assert "deadline" in await problem_of(late, 504, "E_DEADLINE")
    assert await problem_of(refused, 422, "E_INVALID_INPUT")
