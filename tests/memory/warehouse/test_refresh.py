"""The star says what the facts say: again, changed, and never half."""

import asyncio
from dataclasses import replace
from datetime import date, timedelta

from core.identity import Label
from memory.crm.records import Status
from memory.warehouse.base import Statement
from memory.warehouse.duckdb import DuckDBWarehouse
from memory.warehouse.facts import Facts
from memory.warehouse.migrations import migrate
from memory.warehouse.refresh import FACTS as KINDS
from memory.warehouse.refresh import refresh
from tests.memory.warehouse.company import AS_OF, DEALS, EVA, FACTS, deal, fill, now


async def test_the_same_facts_again_change_nothing_but_the_time(duckdb_warehouse: DuckDBWarehouse) -> None:
    await fill(duckdb_warehouse)
    before = await _everything(duckdb_warehouse)
    later = await refresh(duckdb_warehouse, "acme", FACTS, lambda: now() + timedelta(minutes=5))

    assert later.changed == ()
    assert later.at == now() + timedelta(minutes=5)
    assert await _everything(duckdb_warehouse) == before


async def test_the_order_of_the_facts_is_no_change(duckdb_warehouse: DuckDBWarehouse) -> None:
    await fill(duckdb_warehouse)
    assert (await refresh(duckdb_warehouse, "acme", replace(FACTS, deals=DEALS[::-1]), now)).changed == ()


async def test_what_is_gone_from_the_facts_is_gone_from_the_star(duckdb_warehouse: DuckDBWarehouse) -> None:
    metrics = await fill(duckdb_warehouse)
    assert (await refresh(duckdb_warehouse, "acme", replace(FACTS, deals=DEALS[:1]), now)).changed == ("deals",)
    assert (await metrics.measure("deals_won", {}, EVA, AS_OF)).value == 1


async def test_a_record_that_comes_twice_counts_once(duckdb_warehouse: DuckDBWarehouse) -> None:
    metrics = await fill(duckdb_warehouse, replace(FACTS, deals=(*DEALS, DEALS[0])))
    assert (await metrics.measure("deals_won", {}, EVA, AS_OF)).value == 3


async def test_one_tenants_refresh_leaves_the_others_alone(duckdb_warehouse: DuckDBWarehouse) -> None:
    metrics = await fill(duckdb_warehouse)
    await refresh(duckdb_warehouse, "other", Facts(), now)
    assert (await metrics.measure("deals_won", {}, EVA, AS_OF)).value == 3


async def test_readers_never_see_a_refresh_half_done(duckdb_warehouse: DuckDBWarehouse) -> None:
    """Every deal names an activity of the same refresh: a reader sees as many of the one as of the other."""
    await migrate(duckdb_warehouse, now)
    both = Statement("SELECT (SELECT COUNT(*) FROM DEALS) AS D, (SELECT COUNT(*) FROM ACTIVITIES) AS A")

    async def refreshing() -> None:
        for count in range(1, 8):
            deals = tuple(deal(str(n), Status.OPEN) for n in range(100 * count))
            done = tuple(replace(FACTS.activities[0], id=str(n)) for n in range(100 * count))
            await refresh(duckdb_warehouse, "acme", Facts(deals=deals, activities=done), now)

    writing = asyncio.create_task(refreshing())
    seen: list[tuple[object, ...]] = []
    while not writing.done():
        seen += (await duckdb_warehouse.query(both)).values
    await writing

    assert len(set(seen)) > 1
    assert [row for row in seen if row[0] != row[1]] == []


async def test_the_calendar_reaches_back_when_older_facts_come(duckdb_warehouse: DuckDBWarehouse) -> None:
    await fill(duckdb_warehouse)
    old = deal("old", Status.WON, "1", created=date(2019, 5, 1), closed=date(2019, 6, 1))
    await refresh(duckdb_warehouse, "acme", Facts(deals=(old,)), now)
    days = await duckdb_warehouse.query(Statement("SELECT MIN(DAY), COUNT(*) - COUNT(DISTINCT DAY) FROM DAYS"))
    assert days.values == ((date(2019, 5, 1), 0),)


async def test_calls_that_only_some_may_read_are_counted_and_nothing_else(duckdb_warehouse: DuckDBWarehouse) -> None:
    await fill(duckdb_warehouse, replace(FACTS, left_out={Label.RESTRICTED: 4}))
    rows = await duckdb_warehouse.query(Statement("SELECT LABEL, CALLS FROM CALLS_LEFT_OUT"))
    assert rows.values == ((3, 4),)


async def _everything(warehouse: DuckDBWarehouse) -> list[object]:
    tables = [table for names in KINDS.values() for table in names]
    return [(await warehouse.query(Statement(f"SELECT * FROM {table} ORDER BY ALL"))).values for table in tables]
