"""Bringing the star up to date: a tenant's facts replace what there was, in one transaction."""

import asyncio
import hashlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from core.clock import Clock
from core.identity import Label
from memory.warehouse.base import Statement, Value, Warehouse
from memory.warehouse.facts import Facts
from memory.warehouse.loading import COLUMNS, Row, Tables, days_of, rows_of

VALUES_A_STATEMENT = 7000
FIRST_DAY = date(1990, 1, 1)
DAYS_AHEAD = timedelta(days=400)
FACTS = {
    "deals": ("DEALS", "STAGE_CHANGES"),
    "accounts": ("ACCOUNTS", "CONTACTS"),
    "activities": ("ACTIVITIES",),
    "calls": ("CALLS", "CALLS_LEFT_OUT", "CALL_STATISTICS", "COMPETITOR_MENTIONS"),
    "figures": ("COMPANY_FIGURES",),
    "scores": ("SCORES",),
    "usage": ("LANGUAGE_USAGE",),
}
"""The tables of each kind of facts. A kind whose rows are what they were is not written again."""


@dataclass(frozen=True, slots=True)
class Refreshed:
    """When the star was brought up to date, and which kinds of facts had changed."""

    at: datetime
    changed: tuple[str, ...]


async def refresh(warehouse: Warehouse, tenant: str, facts: Facts, clock: Clock) -> Refreshed:
    """Let the tenant's part of the star say what the facts say. Doing it again with the same facts changes only its time."""
    tables, hashes = await asyncio.to_thread(_prepared, facts, tenant)
    known = await _known(warehouse, tenant)
    changed = tuple(kind for kind in FACTS if known.get(kind) != hashes[kind])
    now = clock()
    statements = [
        *await _missing_days(warehouse, tables, now.date()),
        *(
            statement
            for kind in changed
            for table in FACTS[kind]
            for statement in _replace(table, tenant, tables[table])
        ),
        Statement("DELETE FROM REFRESHES WHERE TENANT = ?", (tenant,)),
        *_insert("REFRESHES", [_noted(kind, tenant, tables, hashes, now) for kind in FACTS]),
    ]
    await warehouse.write(statements)
    return Refreshed(now, changed)


def _prepared(facts: Facts, tenant: str) -> tuple[Tables, dict[str, str]]:
    """The rows of each table, and the hash of each kind of facts."""
    tables = rows_of(facts, tenant)
    return tables, {kind: _hash(tables, names) for kind, names in FACTS.items()}


async def _known(warehouse: Warehouse, tenant: str) -> dict[Value, Value]:
    rows = await warehouse.query(Statement("SELECT FACTS, SHA256 FROM REFRESHES WHERE TENANT = ?", (tenant,)))
    return {row[0]: row[1] for row in rows.values}


def _hash(tables: Tables, names: Sequence[str]) -> str:
    """Over rows in any order."""
    return hashlib.sha256(repr([sorted(map(repr, tables[name])) for name in names]).encode()).hexdigest()


def _noted(kind: str, tenant: str, tables: Tables, hashes: dict[str, str], now: datetime) -> Row:
    count = sum(len(tables[table]) for table in FACTS[kind])
    return tenant, int(Label.PUBLIC), kind, hashes[kind], count, now.replace(tzinfo=None)


def _replace(table: str, tenant: str, rows: Sequence[Row]) -> Iterator[Statement]:
    yield Statement(f"DELETE FROM {table} WHERE TENANT = ?", (tenant,))  # noqa: S608 - a name of ours
    yield from _insert(table, rows)


def _insert(table: str, rows: Sequence[Row]) -> Iterator[Statement]:
    """As few statements as their values allow."""
    if not rows:
        return
    columns = f" ({', '.join(('TENANT', 'LABEL', *COLUMNS[table]))})" if table in COLUMNS else ""
    one = f"({', '.join('?' * len(rows[0]))})"
    size = VALUES_A_STATEMENT // len(rows[0])
    for first in range(0, len(rows), size):
        batch = rows[first : first + size]
        values = tuple(value for row in batch for value in row)
        yield Statement(f"INSERT INTO {table}{columns} VALUES {', '.join([one] * len(batch))}", values)  # noqa: S608


async def _missing_days(warehouse: Warehouse, tables: Tables, today: date) -> list[Statement]:
    """The calendar from the first day of a fact until a year from now, without the days that it has."""
    spanned = days_of(tables) or (today, today)
    first, last = max(min(spanned[0], today), FIRST_DAY), today + DAYS_AHEAD
    rows = await warehouse.query(Statement("SELECT MIN(DAY) AS FIRST_DAY, MAX(DAY) AS LAST_DAY FROM DAYS"))
    known_first, known_last = rows.values[0]
    if not isinstance(known_first, date) or not isinstance(known_last, date):
        return list(_insert("DAYS", [(day,) for day in _days(first, last)]))
    before = _days(first, known_first - timedelta(days=1))
    after = _days(known_last + timedelta(days=1), last)
    return list(_insert("DAYS", [(day,) for day in (*before, *after)]))


def _days(first: date, last: date) -> Iterator[date]:
    return (first + timedelta(days=number) for number in range((last - first).days + 1))
