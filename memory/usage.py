"""What endpoints took, added up by tenant, UTC day, endpoint and label. No word of a prompt or an answer comes here."""

import asyncio
import logging
from collections.abc import AsyncIterator, Iterable
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import date
from decimal import Decimal
from functools import partial, reduce
from typing import Any

import sqlalchemy as sa
from sqlalchemy import Connection
from sqlalchemy.exc import SQLAlchemyError

from core.database import Database, Exact, metadata, reading
from core.identity import Label, Principal
from models.usage import Usage

NO_PRICE = ""
log = logging.getLogger(__name__)

usages = sa.Table(
    "language_usage",
    metadata,
    sa.Column("tenant", sa.String(64), primary_key=True),
    sa.Column("day", sa.Date, primary_key=True),
    sa.Column("endpoint", sa.String(200), primary_key=True),
    sa.Column("label", sa.Integer, primary_key=True),
    sa.Column("currency", sa.String(3), primary_key=True),
    sa.Column("input_tokens", sa.BigInteger, nullable=False),
    sa.Column("output_tokens", sa.BigInteger, nullable=False),
    sa.Column("cost", Exact),
)
"""A row has a price for all of its tokens, or (currency `NO_PRICE`, cost NULL) for none."""

_Key = tuple[str, date, str, Label, str | None]


class UsageLedger:
    """The ledger in the database; use `open_usage`. What is recorded while a batch is written goes into the next one."""

    def __init__(self, database: Database) -> None:
        self.database = database
        self._waiting: list[Usage] = []
        self._writing: asyncio.Task[None] | None = None

    def record(self, usage: Usage) -> None:
        """Takes it over; it is written beside whoever goes on. Only where a loop runs."""
        self._waiting.append(usage)
        self._write_beside()

    async def of(self, principal: Principal) -> tuple[Usage, ...]:
        """All of the principal's tenant up to the clearance, by day, with what was recorded just now."""
        await self.written()
        return await self._of(principal)

    async def written(self) -> None:
        """Once everything that was recorded is in the database, or could not be written and was logged.

        Whoever waits here and is cancelled stops no batch half-way.
        """
        if self._waiting:
            self._write_beside()
        if self._writing:
            await asyncio.shield(self._writing)

    def _write_beside(self) -> None:
        if self._writing is None or self._writing.done():
            self._writing = asyncio.create_task(self._write())

    async def _write(self) -> None:
        while self._waiting:
            batch, self._waiting = self._waiting, []
            try:
                await self.database.write(partial(_add, batch), synced=False)
            except SQLAlchemyError as error:
                self._waiting = [*_added(batch), *self._waiting]
                log.warning(
                    "What %d calls to chat models took is not written yet: %s", len(batch), type(error).__name__
                )
                return

    @reading
    def _of(self, connection: Connection, principal: Principal) -> tuple[Usage, ...]:
        theirs = sa.select(usages).where(usages.c.tenant == principal.tenant, usages.c.label <= principal.clearance)
        rows = connection.execute(theirs.order_by(*usages.primary_key.columns))
        return tuple(_usage(row) for row in rows)


@asynccontextmanager
async def open_usage(database: Database) -> AsyncIterator[UsageLedger]:
    """The ledger; all that it was told is in the database when the block ends."""
    ledger = UsageLedger(database)
    try:
        yield ledger
    finally:
        await ledger.written()


def _add(batch: Iterable[Usage], connection: Connection) -> None:
    """Adds the batch to its rows. One transaction at a time writes, so what is read here is what is written over."""
    for usage in _added(batch):
        same = sa.and_(*(usages.c[name] == value for name, value in _identity(usage).items()))
        row = connection.execute(sa.select(usages).where(same)).one_or_none()
        if row is None:
            connection.execute(sa.insert(usages).values(**_identity(usage), **_amounts(usage)))
        else:
            connection.execute(sa.update(usages).where(same).values(**_amounts(_sum(_usage(row), usage))))


def _added(batch: Iterable[Usage]) -> list[Usage]:
    """One a row."""
    rows: dict[_Key, list[Usage]] = {}
    for one in batch:
        rows.setdefault((one.tenant, one.day, one.endpoint, one.label, one.currency), []).append(one)
    return [reduce(_sum, same) for same in rows.values()]


def _sum(one: Usage, other: Usage) -> Usage:
    """Both of the same row, so that either both have a cost or none has."""
    return replace(
        one,
        input_tokens=one.input_tokens + other.input_tokens,
        output_tokens=one.output_tokens + other.output_tokens,
        cost=None if one.cost is None else one.cost + (other.cost or Decimal(0)),
    )


def _identity(usage: Usage) -> dict[str, object]:
    return {
        "tenant": usage.tenant,
        "day": usage.day,
        "endpoint": usage.endpoint,
        "label": int(usage.label),
        "currency": usage.currency or NO_PRICE,
    }


def _amounts(usage: Usage) -> dict[str, object]:
    return {"input_tokens": usage.input_tokens, "output_tokens": usage.output_tokens, "cost": usage.cost}


def _usage(row: sa.Row[Any]) -> Usage:
    return Usage(**{**row._mapping, "label": Label(row.label), "currency": row.currency or None})
