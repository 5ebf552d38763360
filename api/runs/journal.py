"""The event log as people follow it: what is appended is stored first, then announced."""

import asyncio
from collections.abc import AsyncGenerator, AsyncIterator, Iterator, Sequence
from contextlib import asynccontextmanager, contextmanager, suppress

from api.runs.events import LAST, Payload, ServerClosing
from api.runs.run import Event, Run, Status
from api.runs.store import Runs
from core.identity import Principal

POLL_S = 2.0
"""How often a follower looks on its own, in case another process writes the log."""
PAGE = 200
"""As many lines of a log are in memory at once for one who follows it."""
RETRY_AFTER_S = 10
"""When a server that stops is worth being tried again: another takes its place in about that time."""


class Bells:
    """Wakes the followers of a run in this process. A bell says only that there may be more: the log says what."""

    def __init__(self) -> None:
        self._listening: dict[str, set[asyncio.Event]] = {}
        self.closing = False

    @contextmanager
    def listen(self, run: str) -> Iterator[asyncio.Event]:
        """A bell for as long as the block runs."""
        bell = asyncio.Event()
        self._listening.setdefault(run, set()).add(bell)
        try:
            yield bell
        finally:
            self._listening[run].discard(bell)
            if not self._listening[run]:
                del self._listening[run]

    def close(self) -> None:
        """Sends every follower home."""
        self.closing = True
        for run in tuple(self._listening):
            self.ring(run)

    def ring(self, run: str) -> None:
        """Wakes whoever follows the run."""
        for bell in self._listening.get(run, ()):
            bell.set()


class Pen:
    """Stores the lines of one run in the order they are given while the work goes on, those that wait in one transaction."""

    def __init__(self, journal: "Journal", run: Run) -> None:
        self._journal = journal
        self._run = run
        self._waiting: list[Payload] = []
        self._writing: asyncio.Task[None] | None = None

    def write(self, *events: Payload) -> None:
        """Gives lines to be stored. Raises what the storing of earlier ones raised."""
        if self._writing is not None and self._writing.done():
            self._writing.result()
            self._writing = None
        self._waiting += events
        if self._writing is None:
            self._writing = asyncio.create_task(self._write())

    async def drain(self) -> None:
        """Waits until every line is stored."""
        if self._writing is not None:
            await self._writing

    async def _write(self) -> None:
        while self._waiting:
            events, self._waiting = self._waiting, []
            await self._journal.append(self._run, *events)


class Journal:
    """Writes a run's log through its fence and lets any number of readers follow it, from any line."""

    def __init__(self, runs: Runs, bells: Bells) -> None:
        self._runs = runs
        self._bells = bells

    @asynccontextmanager
    async def pen(self, run: Run) -> AsyncIterator[Pen]:
        """A pen for the run; when the block is left, by an error too, all that was given to it is stored."""
        pen = Pen(self, run)
        try:
            yield pen
        finally:
            await pen.drain()

    async def append(self, run: Run, *events: Payload) -> None:
        """Stores the lines, then wakes the followers."""
        await self._runs.append(run, events)
        self._bells.ring(run.id)

    async def cancel(self, run: str, *, principal: Principal) -> Run:
        """Ends the run as `Runs.cancel` does, then wakes the followers."""
        cancelled = await self._runs.cancel(run, principal=principal)
        self._bells.ring(run)
        return cancelled

    async def expire(self) -> None:
        """Ends the runs whose deadline passed while they waited, then wakes their followers."""
        for run in await self._runs.expire():
            self._bells.ring(run)

    def close(self) -> None:
        """Ends every stream; the runs that are not at their end go on at the next start."""
        self._bells.close()

    async def finish(self, run: Run, status: Status, last: Sequence[Payload], *, error: str | None = None) -> None:
        """Ends the run with its last lines, then wakes the followers."""
        await self._runs.finish(run, status, last, error=error)
        self._bells.ring(run.id)

    async def follow(self, run: str, *, after: int = 0, opening: Sequence[Event] = ()) -> AsyncGenerator[Event]:
        """Every line behind `after`, as it is written, until the log is closed. Memory stays bounded however slow the
        reader: it reads a page from the database when the one before it is gone, behind the lines of the `opening` that
        the caller has at hand. A server that stops sends `server.closing` instead of what it will no longer write.
        """
        for event in opening:
            yield event
            after = event.seq
        with self._bells.listen(run) as bell:
            while True:
                bell.clear()
                log = await self._runs.log(run, after=after, most=PAGE)
                for event in log.events:
                    yield event
                    if event.type in LAST:
                        return
                    after = event.seq
                if log.ended:
                    return
                if self._bells.closing:
                    yield _farewell(run, after)
                    return
                if len(log.events) < PAGE:
                    await _wait(bell)


def _farewell(run: str, after: int) -> Event:
    closing = ServerClosing(run=run, last_event_id=after, retry_after=RETRY_AFTER_S)
    return Event(after, closing.type, closing.model_dump(), at="")


async def _wait(bell: asyncio.Event) -> None:
    with suppress(TimeoutError):
        async with asyncio.timeout(POLL_S):
            await bell.wait()


def last_of(events: Sequence[Event], kind: type[Payload]) -> Event | None:
    """The last event of a kind in a log."""
    return next((event for event in reversed(events) if event.type == kind.type), None)
