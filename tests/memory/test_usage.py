"""What endpoints took is added up by day, and nothing of it is lost."""

import asyncio
from collections.abc import AsyncIterator, Callable
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path

import pytest
import sqlalchemy as sa

from core.database import Database
from core.identity import Label, Principal
from memory.usage import UsageLedger, open_usage
from models.usage import Usage
from tests.databases import fresh_database

DAY = date(2026, 3, 20)
EVA = Principal("acme", "eva")
USE = Usage(
    tenant="acme",
    day=DAY,
    endpoint="frontier",
    label=Label.INTERNAL,
    input_tokens=100,
    output_tokens=20,
    cost=Decimal("0.0001"),
    currency="USD",
)


@pytest.fixture
async def database(tmp_path: Path) -> AsyncIterator[Database]:
    async with fresh_database(tmp_path) as opened:
        yield opened


async def test_calls_of_a_day_are_added_up_exactly(database: Database) -> None:
    async with open_usage(database) as ledger:
        for _ in range(3):
            for _ in range(10):
                ledger.record(USE)
            await ledger.written()
        assert await ledger.of(EVA) == (replace(USE, input_tokens=3000, output_tokens=600, cost=Decimal("0.0030")),)


async def test_what_differs_is_kept_apart(database: Database) -> None:
    others = (
        replace(USE, day=DAY + timedelta(days=1)),
        replace(USE, endpoint="workshop"),
        replace(USE, label=Label.PUBLIC),
        replace(USE, currency="EUR"),
        replace(USE, cost=None, currency=None),
    )
    async with open_usage(database) as ledger:
        for use in (USE, *others):
            ledger.record(use)
        assert set(await ledger.of(EVA)) == {USE, *others}


async def test_nobody_sees_another_tenants_or_what_is_above_the_clearance(database: Database) -> None:
    async with open_usage(database) as ledger:
        ledger.record(replace(USE, tenant="other"))
        ledger.record(replace(USE, label=Label.RESTRICTED))
        assert await ledger.of(EVA) == ()


async def test_what_was_recorded_last_is_there_after_closing(database: Database) -> None:
    async with open_usage(database) as ledger:
        ledger.record(USE)
    assert await UsageLedger(database).of(EVA) == (USE,)


async def test_whoever_waits_and_is_cancelled_loses_nothing_and_counts_nothing_twice(database: Database) -> None:
    async with open_usage(database) as ledger:
        ledger.record(USE)
        reading = asyncio.create_task(ledger.of(EVA))
        await asyncio.sleep(0)
        reading.cancel()
        await asyncio.wait([reading])
    assert await UsageLedger(database).of(EVA) == (USE,)


async def test_what_could_not_be_written_is_written_later(database: Database, caplog: pytest.LogCaptureFixture) -> None:
    async with open_usage(database) as ledger:
        await database.write(_renamed("language_usage", "away"))
        ledger.record(USE)
        await ledger.written()
        assert "not written yet" in caplog.text
        await database.write(_renamed("away", "language_usage"))
        ledger.record(USE)
    assert await UsageLedger(database).of(EVA) == (
        replace(USE, input_tokens=200, output_tokens=40, cost=Decimal("0.0002")),
    )


def _renamed(table: str, name: str) -> Callable[[sa.Connection], object]:
    return lambda connection: connection.execute(sa.text(f"ALTER TABLE {table} RENAME TO {name}"))
