"""The port of the warehouse: statements go in as one transaction, rows come out. The same SQL runs on every one.

SQL is written in what DuckDB and Snowflake understand alike: `?` for values, VARCHAR, BIGINT, DECIMAL, DOUBLE, BOOLEAN,
DATE, TIMESTAMP; no dialect is translated into another.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Protocol

Value = str | int | float | bool | Decimal | date | datetime | None


@dataclass(frozen=True, slots=True)
class Statement:
    """One SQL statement with the values of its `?`, in order."""

    sql: str
    values: tuple[Value, ...] = ()


@dataclass(frozen=True, slots=True)
class Rows:
    """What a query found. Columns are named in capitals; moments are in UTC and carry no zone.

    `read_at` is None for what was read just now, and the moment of reading for what is told from memory because the
    warehouse does not answer.
    """

    columns: tuple[str, ...]
    values: tuple[tuple[Value, ...], ...]
    read_at: datetime | None = None

    def __len__(self) -> int:
        return len(self.values)

    def named(self) -> list[dict[str, Value]]:
        """Each row by the names of its columns."""
        return [dict(zip(self.columns, row, strict=True)) for row in self.values]


class Warehouse(Protocol):
    """Where the star is kept. Readers see a write whole or not at all."""

    dialect: str
    """What the SQL guard reads model-written SQL as: duckdb or snowflake."""

    async def query(self, statement: Statement, *, timeout_s: float | None = None) -> Rows:
        """The rows of one SELECT. DeadlineError after `timeout_s`; InvalidInputError for SQL that it cannot run.

        UnavailableError when it does not answer.
        """
        ...

    async def write(self, statements: Sequence[Statement]) -> None:
        """Carry out all statements in one transaction, or none of them; errors as for `query`.

        What defines a table is written alone, because Snowflake commits a transaction at each definition.
        """
        ...
