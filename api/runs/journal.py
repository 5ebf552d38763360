"""The event log as people follow it: what is appended is stored first, then announced."""

import asyncio
from collections.abc import AsyncGenerator, Iterator, Sequence
from contextlib import contextmanager, suppress

from api.runs.events import LAST, Payload
from api.runs.store import Event, Run, Runs, Status

POLL_S = 2.0
"""How often a follower looks on its own, in case another process writes the log."""


class Bells:
    """Wakes the followers of a run in this process. A bell says only that there may be more: the log says what."""

    def __init__(self) -> None:
        self._listening: dict[str, set[asyncio.Event]] = {}

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

    def ring(self, run: str) -> None:
        """Wakes whoever follows the run."""
        for bell in self._listening.get(run, ()):
            bell.set()


class Journal:
    """Writes a run's log through its fence and lets any number of readers follow it, from any line."""

    def __init__(self, runs: Runs, bells: Bells) -> None:
        self._runs = runs
        self._bells = bells

    async def append(self, run: Run, *events: Payload) -> None:
        """Stores the lines, then wakes the followers."""
        await self._runs.append(run, events)
        self._bells.ring(run.id)

    async def finish(self, run: Run, status: Status, last: Sequence[Payload], *, error: str | None = None) -> None:
        """Ends the run with its last lines, then wakes the followers."""
        await self._runs.finish(run, status, last, error=error)
        self._bells.ring(run.id)

    async def follow(self, run: str, *, after: int = 0) -> AsyncGenerator[Event]:
        """Every line behind `after`, as it is written, until the log is closed. Memory stays bounded however slow the
        reader: it always reads on from the database.
        """
        with self._bells.listen(run) as bell:
            while True:
                bell.clear()
                ended = await self._runs.ended(run)
                for event in await self._runs.events(run, after=after):
                    yield event
                    if event.type in LAST:
                        return
                    after = event.seq
                if ended:
                    return
                await _wait(bell)


async def _wait(bell: asyncio.Event) -> None:
    with suppress(TimeoutError):
        async with asyncio.timeout(POLL_S):
            await bell.wait()


def last_of(events: Sequence[Event], kind: type[Payload]) -> Event | None:
    """The last event of a kind in a log."""
    return next((event for event in reversed(events) if event.type == kind.type), None)
