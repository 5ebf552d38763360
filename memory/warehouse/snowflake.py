"""The warehouse on Snowflake, over the connector's asynchronous side; the extra `snowflake` installs it.

Two sessions, one for reads and one for writes, are opened when they are first needed and again after a failure.
"""

import asyncio
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from typing import Any

from snowflake.connector import errors
from snowflake.connector.aio import connect

from core.errors import DeadlineError, InvalidInputError, SophiaError, UnavailableError
from memory.warehouse.account import SnowflakeAccount
from memory.warehouse.base import Rows, Statement

QUERY_S, REQUEST_S = 120, 20
_SESSION = {"TIMEZONE": "UTC", "QUERY_TAG": "sophia", "CLIENT_OUT_OF_BAND_TELEMETRY_ENABLED": False}
_MISTAKES = ("42", "22", "0A", "02")
"""Classes of SQLSTATE that the statement is to blame for: syntax, data, not supported, does not exist."""


class SnowflakeWarehouse:
    """A schema of a Snowflake database; use `open_snowflake`."""

    dialect = "snowflake"

    def __init__(self, account: SnowflakeAccount) -> None:
        self._reads = _Session(account)
        self._writes = _Session(account)

    async def query(self, statement: Statement, *, timeout_s: float | None = None) -> Rows:
        """The rows of one statement, after the reads before it."""
        async with self._reads.used(timeout_s) as session:
            return await _fetch(session, statement)

    async def write(self, statements: Sequence[Statement]) -> None:
        """One transaction, after the writes before it; a single statement is one by itself."""
        async with self._writes.used(None) as session:
            if len(statements) > 1:
                await _fetch(session, Statement("BEGIN"))
            try:
                for statement in statements:
                    await _fetch(session, statement)
            except errors.Error:
                await _fetch(session, Statement("ROLLBACK"))
                raise
            if len(statements) > 1:
                await _fetch(session, Statement("COMMIT"))

    async def close(self) -> None:
        """Ends both sessions."""
        await self._reads.end()
        await self._writes.end()


class _Session:
    """A connection used by one at a time; whoever fails in it ends it, and its open transaction with it."""

    def __init__(self, account: SnowflakeAccount) -> None:
        self._account = account
        self._connection: Any = None
        self._using = asyncio.Lock()

    @asynccontextmanager
    async def used(self, timeout_s: float | None) -> AsyncIterator[Any]:
        async with self._using:
            try:
                async with asyncio.timeout(timeout_s):
                    self._connection = self._connection or await _open(self._account)
                    yield self._connection
            except TimeoutError:
                await self.end()
                raise DeadlineError(f"Snowflake took longer than the {timeout_s:g} s a query may take") from None
            except errors.Error as error:
                await self.end()
                raise _ours(error, self._account) from None
            except BaseException:
                await self.end()
                raise

    async def end(self) -> None:
        connection, self._connection = self._connection, None
        if connection is not None:
            try:
                await asyncio.shield(connection.close())
            except errors.Error:
                return


@asynccontextmanager
async def open_snowflake(account: SnowflakeAccount) -> AsyncIterator[SnowflakeWarehouse]:
    """The warehouse in this schema; nothing is connected before the first statement."""
    warehouse = SnowflakeWarehouse(account)
    try:
        yield warehouse
    finally:
        await warehouse.close()


async def _open(account: SnowflakeAccount) -> Any:
    return await connect(
        **account.options(),
        paramstyle="qmark",
        autocommit=True,
        login_timeout=account.login_s,
        connect_timeout=account.login_s,
        query_timeout=QUERY_S,
        request_timeout=REQUEST_S,
        enable_server_session_keep_alive_auto_detection=False,
        session_parameters=_SESSION,
    )


async def _fetch(connection: Any, statement: Statement) -> Rows:
    async with connection.cursor() as cursor:
        if statement.values:
            await cursor.execute(statement.sql, statement.values)
        else:
            await cursor.execute(statement.sql)
        rows = await cursor.fetchall()
        columns = tuple(column[0].upper() for column in cursor.description or ())
    return Rows(columns, tuple(tuple(row) for row in rows))


def _ours(error: errors.Error, account: SnowflakeAccount) -> SophiaError:
    """What went wrong as an error of ours; the text is the connector's first line, which names no credential."""
    said = (error.raw_msg or str(error)).partition("\n")[0]
    if isinstance(error, errors.ProgrammingError | errors.DataError | errors.IntegrityError) and (
        (error.sqlstate or "").startswith(_MISTAKES)
    ):
        return InvalidInputError(f"Snowflake cannot run this: {said}")
    return UnavailableError(f"Snowflake account {account.account!r} does not answer: {said}")
