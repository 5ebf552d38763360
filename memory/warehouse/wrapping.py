"""A warehouse that makes its tables when it is first needed, and one that remembers what it said last."""

import asyncio
from collections import OrderedDict
from collections.abc import Sequence
from dataclasses import replace

from core.clock import Clock
from core.errors import DeadlineError, UnavailableError
from memory.warehouse.base import Rows, Statement, Warehouse
from memory.warehouse.migrations import migrate

REMEMBERED = 512


class Migrated:
    """Applies the migrations before the first statement; while that fails, no statement is carried out."""

    def __init__(self, inner: Warehouse, clock: Clock) -> None:
        self.dialect = inner.dialect
        self._inner = inner
        self._clock = clock
        self._done = False
        self._migrating = asyncio.Lock()

    async def query(self, statement: Statement, *, timeout_s: float | None = None) -> Rows:
        """As the inner warehouse answers, once it has its tables."""
        await self._ready()
        return await self._inner.query(statement, timeout_s=timeout_s)

    async def write(self, statements: Sequence[Statement]) -> None:
        """As the inner warehouse writes, once it has its tables."""
        await self._ready()
        await self._inner.write(statements)

    async def _ready(self) -> None:
        async with self._migrating:
            if not self._done:
                await migrate(self._inner, self._clock)
                self._done = True


class Remembering:
    """While the warehouse does not answer, gives what it said last to the same question, with when that was.

    A question that it has not answered before, or that takes too long, fails as it would without memory.
    """

    def __init__(self, inner: Warehouse, clock: Clock, *, remembered: int = REMEMBERED) -> None:
        self.dialect = inner.dialect
        self._inner = inner
        self._clock = clock
        self._most = remembered
        self._known: OrderedDict[Statement, Rows] = OrderedDict()

    async def query(self, statement: Statement, *, timeout_s: float | None = None) -> Rows:
        """The rows, with `read_at` where they are remembered."""
        try:
            rows = await self._inner.query(statement, timeout_s=timeout_s)
        except DeadlineError:
            raise
        except UnavailableError:
            if statement in self._known:
                return self._known[statement]
            raise
        self._known[statement] = replace(rows, read_at=self._clock())
        self._known.move_to_end(statement)
        while len(self._known) > self._most:
            self._known.popitem(last=False)
        return rows

    async def write(self, statements: Sequence[Statement]) -> None:
        """As the inner warehouse writes."""
        await self._inner.write(statements)
