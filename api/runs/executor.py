"""Carries runs out, apart from the requests that asked for them."""

import asyncio
import contextlib
import logging
from collections.abc import AsyncIterator, Awaitable, Callable, Coroutine
from datetime import datetime
from types import TracebackType
from typing import Any, Self

from api.runs.events import RunFailed
from api.runs.journal import Journal
from api.runs.run import Run, Status, Worker
from api.runs.store import Runs
from core import telemetry
from core.clock import Clock, utc_now
from core.errors import DeadlineError, FencedError, SophiaError

Conduct = Callable[[Run], Awaitable[None]]
"""Executes one claimed run to its end, writing its log; raises what went wrong."""

PUNCTUAL_S = 0.01
"""A clock and an event loop may count a moment apart."""
log = logging.getLogger(__name__)


class Executor:
    """Claims runs as they come and conducts up to `concurrency` of them at once, each at most `timeout` seconds.

    Leaving the context cancels what is under way; those runs stay in the database and are taken up at the next start.
    """

    def __init__(
        self,
        runs: Runs,
        journal: Journal,
        conduct: Conduct,
        worker: Worker,
        *,
        timeout: float,
        concurrency: int,
        clock: Clock = utc_now,
    ) -> None:
        self.worker = worker
        self._runs = runs
        self._journal = journal
        self._conduct = conduct
        self._timeout = timeout
        self._clock = clock
        self._free = asyncio.Semaphore(concurrency)
        self._more = asyncio.Event()
        self._tasks: set[asyncio.Task[None]] = set()
        self._carrying: dict[str, asyncio.Task[None]] = {}
        self._draining = False
        self._lease_s = worker.lease.total_seconds()

    async def __aenter__(self) -> Self:
        await self._runs.release()
        self._more.set()
        self._start(self._claim_forever())
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        for task in tuple(self._tasks):
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)

    def wake(self, run: Run | None = None) -> None:
        """Says that a run may be waiting, and for how long at most."""
        self._more.set()
        if run and run.deadline:
            asyncio.get_running_loop().call_later(self._left(run.deadline) + PUNCTUAL_S, self._more.set)

    def stop(self, run: str) -> None:
        """Stops the work on a run that somebody ended; nothing happens where it is not carried out here."""
        if task := self._carrying.get(run):
            task.cancel()

    async def drain(self, most_s: float) -> None:
        """Begins nothing more, and waits for the runs under way, `most_s` seconds at most; the others are left to the next start."""
        self._draining = True
        if self._carrying:
            await asyncio.wait(tuple(self._carrying.values()), timeout=most_s)

    @property
    def draining(self) -> bool:
        """Whether no run is begun any more."""
        return self._draining

    @property
    def idle_worker(self) -> Worker | None:
        """The worker to accept a run for, so that it need not be claimed; None while all places are taken."""
        return None if self._free.locked() else self.worker

    @property
    def running(self) -> int:
        """How many tasks are under way, the one that claims runs among them; none once the context is left."""
        return sum(not task.done() for task in self._tasks)

    def begin(self, run: Run) -> None:
        """Carries out a run that was accepted for this worker."""
        self._carry(run, placed=False)

    def _carry(self, run: Run, *, placed: bool) -> None:
        task = self._start(self._carry_out(run, placed=placed))
        self._carrying[run.id] = task
        task.add_done_callback(lambda ended: self._put_down(run.id, ended))

    def _put_down(self, run: str, ended: asyncio.Task[None]) -> None:
        if self._carrying.get(run) is ended:
            del self._carrying[run]

    def _start(self, work: Coroutine[Any, Any, None]) -> asyncio.Task[None]:
        task = asyncio.create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)
        return task

    async def _claim_forever(self) -> None:
        while True:
            # asyncio.wait_for of Python 3.11 swallows a cancellation that comes with what it waits for.
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(self._lease_s / 2):
                    await self._more.wait()
            self._more.clear()
            try:
                await self._journal.expire()
                while not self._draining and await self._claim_one():
                    pass
            except Exception:
                log.exception("Runs could not be claimed; trying again")

    async def _claim_one(self) -> bool:
        await self._free.acquire()
        run = None
        try:
            run = await self._runs.claim(self.worker)
        finally:
            if run is None:
                self._free.release()
        if run is not None:
            self._carry(run, placed=True)
        return run is not None

    async def _carry_out(self, run: Run, *, placed: bool) -> None:
        """Conducts the run; one without a place among those carried out at once keeps its lease while it waits for one."""
        try:
            async with asyncio.TaskGroup() as group:
                beat = group.create_task(self._keep(run))
                async with self._wanted(run):
                    if not placed:
                        await self._free.acquire()
                        placed = True
                    await self._conduct_in_time(run)
                beat.cancel()
        except* FencedError:
            if not _is_being_cancelled():
                log.warning("Run %s was taken over by another worker", run.id)
        except* Exception as errors:
            await self._fail(run, _first(errors))
        finally:
            if placed:
                self._free.release()
            self._more.set()

    async def _conduct_in_time(self, run: Run) -> None:
        too_long = f"Run {run.id!r} took longer than {self._timeout:g} s (SOPHIA_RUN_TIMEOUT_S)"
        async with _at_most(self._timeout, too_long):
            await self._conduct(run)

    @contextlib.asynccontextmanager
    async def _wanted(self, run: Run) -> AsyncIterator[None]:
        """Ends the block with DeadlineError once nobody wants the answer any more."""
        left = None if run.deadline is None else self._left(run.deadline)
        async with _at_most(left, f"The deadline of run {run.id!r} passed before it was answered"):
            yield

    def _left(self, deadline: datetime) -> float:
        return max(0.0, (deadline - self._clock()).total_seconds())

    async def _keep(self, run: Run) -> None:
        """Renews the lease; a renewal that fails is tried again, and the fence decides if it came too late."""
        while True:
            await asyncio.sleep(self._lease_s / 3)
            try:
                await self._runs.renew(run, lease=self.worker.lease)
            except FencedError:
                raise
            except Exception:
                log.exception("The lease of run %s could not be renewed; trying again", run.id)

    async def _fail(self, run: Run, error: BaseException) -> None:
        known = isinstance(error, SophiaError)
        code = error.code if isinstance(error, SophiaError) else SophiaError.code
        if not known:
            log.error("Run %s failed", run.id, exc_info=error)
        message = str(error) if known else "Sophia failed on this question; the server's log says more"
        telemetry.runs.add(1, {"status": Status.FAILED})
        with contextlib.suppress(FencedError):
            await self._journal.finish(run, Status.FAILED, [RunFailed(code=code, message=message)], error=code)


@contextlib.asynccontextmanager
async def _at_most(seconds: float | None, otherwise: str) -> AsyncIterator[None]:
    """Ends a block that takes longer with DeadlineError; a TimeoutError of the block itself stays what it is."""
    limit = asyncio.timeout(seconds)
    try:
        async with limit:
            yield
    except TimeoutError:
        if not limit.expired():
            raise
        raise DeadlineError(otherwise) from None


def _is_being_cancelled() -> bool:
    task = asyncio.current_task()
    return task is not None and task.cancelling() > 0


def _first(error: BaseException) -> BaseException:
    """The first error inside groups of errors."""
    while isinstance(error, BaseExceptionGroup):
        error = error.exceptions[0]
    return error
