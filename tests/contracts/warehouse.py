"""What every warehouse keeps to. A suite for one subclasses `WarehouseContract` and gives the fixture `warehouse`."""

import asyncio
from datetime import UTC, date, datetime
from decimal import Decimal

import pytest

from core.errors import ConflictError, InvalidInputError
from memory.warehouse.base import Statement, Value, Warehouse
from memory.warehouse.migrations import Migration, migrate, read_migrations

MADE = Statement(
    "CREATE TABLE THINGS (ID VARCHAR NOT NULL, N BIGINT, AMOUNT DECIMAL(18, 2), SHARE DOUBLE, WON BOOLEAN, DAY DATE, "
    "SEEN_AT TIMESTAMP)"
)
FULL: tuple[Value, ...] = (
    "it's",
    3,
    Decimal("12.50"),
    0.5,
    True,
    date(2026, 1, 5),
    datetime(2026, 1, 5, 10, 30, 1, 250000, tzinfo=UTC).replace(tzinfo=None),
)
EMPTY: tuple[Value, ...] = ("none", None, None, None, None, None, None)
INSERT = "INSERT INTO THINGS VALUES (?, ?, ?, ?, ?, ?, ?), (?, ?, ?, ?, ?, ?, ?)"
COUNT = Statement("SELECT COUNT(*) AS N FROM THINGS")


def now() -> datetime:
    return datetime(2026, 3, 20, 12, tzinfo=UTC)


class WarehouseContract:
    """The promises of the port."""

    async def test_what_was_written_is_read_back_as_it_was(self, warehouse: Warehouse) -> None:
        await warehouse.write([MADE])
        await warehouse.write([Statement(INSERT, (*FULL, *EMPTY))])
        rows = await warehouse.query(Statement("SELECT * FROM THINGS ORDER BY ID"))

        assert rows.columns == ("ID", "N", "AMOUNT", "SHARE", "WON", "DAY", "SEEN_AT")
        assert rows.values == (FULL, EMPTY)
        assert [type(value) for value in rows.values[0]] == [type(value) for value in FULL]
        assert rows.read_at is None

    async def test_a_value_is_never_sql(self, warehouse: Warehouse) -> None:
        said = "x'); DROP TABLE THINGS; --"
        await warehouse.write([MADE])
        await warehouse.write([Statement("INSERT INTO THINGS (ID) VALUES (?)", (said,))])

        rows = await warehouse.query(Statement("SELECT ID FROM THINGS WHERE ID = ?", (said,)))
        assert rows.values == ((said,),)

    async def test_a_write_that_fails_half_way_leaves_nothing(self, warehouse: Warehouse) -> None:
        await warehouse.write([MADE])
        with pytest.raises(InvalidInputError):
            await warehouse.write([Statement(INSERT, (*FULL, *EMPTY)), Statement("INSERT INTO NOWHERE VALUES (1)")])

        assert (await warehouse.query(COUNT)).values == ((0,),)

    async def test_readers_see_a_write_whole_or_not_at_all(self, warehouse: Warehouse) -> None:
        await warehouse.write([MADE])
        await warehouse.write([Statement(INSERT, (*FULL, *EMPTY))])
        replaced = [Statement("DELETE FROM THINGS"), Statement(INSERT, (*FULL, *EMPTY))]
        writing = asyncio.create_task(_repeat(warehouse, replaced))
        seen = set()
        while not writing.done():
            seen |= set((await warehouse.query(COUNT)).values)
        await writing

        assert seen == {(2,)}

    async def test_many_may_ask_at_once(self, warehouse: Warehouse) -> None:
        await warehouse.write([MADE])
        await warehouse.write([Statement(INSERT, (*FULL, *EMPTY))])
        found = await asyncio.gather(*(warehouse.query(COUNT) for _ in range(8)))

        assert [rows.values for rows in found] == [((2,),)] * 8

    async def test_sql_that_cannot_run_is_refused_and_the_next_one_runs(self, warehouse: Warehouse) -> None:
        with pytest.raises(InvalidInputError):
            await warehouse.query(Statement("SELECT X FROM NOWHERE"))

        assert (await warehouse.query(Statement("SELECT 1 AS ONE"))).named() == [{"ONE": 1}]

    async def test_one_who_leaves_does_not_block_the_next(self, warehouse: Warehouse) -> None:
        await warehouse.write([MADE])
        asking = asyncio.create_task(warehouse.query(COUNT))
        await asyncio.sleep(0)
        asking.cancel()
        with pytest.raises(asyncio.CancelledError):
            await asking

        assert (await warehouse.query(COUNT)).values == ((0,),)

    async def test_each_migration_is_applied_once(self, warehouse: Warehouse) -> None:
        names = [migration.name for migration in read_migrations()]

        assert await migrate(warehouse, now) == names
        assert await migrate(warehouse, now) == []

    async def test_a_migration_that_has_changed_since_is_refused(self, warehouse: Warehouse) -> None:
        await migrate(warehouse, now, [Migration("0001_things", MADE.sql)])
        with pytest.raises(ConflictError, match="0001_things"):
            await migrate(warehouse, now, [Migration("0001_things", f"{MADE.sql} -- more")])

    async def test_a_migration_that_fails_is_not_noted(self, warehouse: Warehouse) -> None:
        with pytest.raises(InvalidInputError):
            await migrate(warehouse, now, [Migration("0001_wrong", "INSERT INTO NOWHERE VALUES (1);\n")])

        assert await migrate(warehouse, now, [Migration("0001_wrong", f"{MADE.sql};\n")]) == ["0001_wrong"]


async def _repeat(warehouse: Warehouse, statements: list[Statement]) -> None:
    for _ in range(5):
        await warehouse.write(statements)
