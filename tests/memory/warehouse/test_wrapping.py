"""A warehouse that is away: what it said last is told with its age, and nothing is made up."""

from collections.abc import Sequence
from datetime import timedelta

import pytest

from core.errors import UnavailableError
from memory.warehouse.base import Rows, Statement
from memory.warehouse.duckdb import DuckDBWarehouse
from memory.warehouse.measuring import Metrics
from memory.warehouse.wrapping import Migrated, Remembering
from tests.memory.warehouse.company import AS_OF, CHIEF, EVA, fill, now

ONE = Statement("SELECT 1 AS ONE")


class Switch:
    """A warehouse that a test turns off."""

    def __init__(self, inner: DuckDBWarehouse) -> None:
        self.dialect = inner.dialect
        self.on = True
        self._inner = inner

    async def query(self, statement: Statement, *, timeout_s: float | None = None) -> Rows:
        if not self.on:
            raise UnavailableError("The warehouse is away")
        return await self._inner.query(statement, timeout_s=timeout_s)

    async def write(self, statements: Sequence[Statement]) -> None:
        if not self.on:
            raise UnavailableError("The warehouse is away")
        await self._inner.write(statements)


@pytest.fixture
def switch(duckdb_warehouse: DuckDBWarehouse) -> Switch:
    return Switch(duckdb_warehouse)


async def test_a_measure_of_a_warehouse_that_is_away_says_when_it_was_last_known(switch: Switch) -> None:
    remembering = Remembering(switch, now)
    await fill(remembering)
    known = await Metrics(remembering, now).measure("revenue", {}, EVA, AS_OF)
    switch.on = False
    later = Metrics(remembering, lambda: now() + timedelta(hours=3))
    found = await later.measure("revenue", {}, EVA, AS_OF)

    assert (known.remembered_at, found.remembered_at) == (None, now())
    assert (found.value, found.age_s, found.stale) == (known.value, 3 * 3600, True)


async def test_what_it_was_never_asked_is_not_made_up(switch: Switch) -> None:
    remembering = Remembering(switch, now)
    metrics = await fill(remembering)
    await metrics.measure("revenue", {}, EVA, AS_OF)
    switch.on = False
    for parameters, principal in (({"rep": "Dale"}, EVA), ({}, CHIEF)):
        with pytest.raises(UnavailableError):
            await metrics.measure("revenue", parameters, principal, AS_OF)


async def test_only_the_latest_questions_are_remembered(switch: Switch) -> None:
    remembering = Remembering(switch, now, remembered=1)
    for sql in ("SELECT 1", "SELECT 2"):
        await remembering.query(Statement(sql))
    switch.on = False
    with pytest.raises(UnavailableError):
        await remembering.query(Statement("SELECT 1"))
    assert (await remembering.query(Statement("SELECT 2"))).values == ((2,),)


async def test_tables_are_made_when_they_are_first_needed_and_not_while_it_is_away(switch: Switch) -> None:
    warehouse = Migrated(switch, now)
    switch.on = False
    with pytest.raises(UnavailableError):
        await warehouse.query(ONE)
    switch.on = True

    assert (await warehouse.query(Statement("SELECT COUNT(*) FROM DEALS"))).values == ((0,),)
