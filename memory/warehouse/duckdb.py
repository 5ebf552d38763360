"""The embedded warehouse: a DuckDB file, which belongs to one process, or memory.

It reaches nothing outside its file: no other files, no network, no extensions, and no setting can be changed back.
"""

import asyncio
from collections.abc import AsyncIterator, Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import asynccontextmanager
from pathlib import Path
from typing import TypeVar

import duckdb

from core.errors import BusyError, DeadlineError, InvalidInputError, SophiaError, UnavailableError
from memory.warehouse.base import Rows, Statement

MEMORY = ":memory:"
THREADS = 4
INTERRUPT_AGAIN_S = 0.05
_LOCKED = (
    "SET TimeZone='UTC'",
    "SET threads=2",
    "SET autoinstall_known_extensions=false",
    "SET autoload_known_extensions=false",
    "SET enable_external_access=false",
    "SET lock_configuration=true",
)

T = TypeVar("T")


class DuckDBWarehouse:
    """A DuckDB database; use `open_duckdb`. Reads go on beside the one write."""

    dialect = "duckdb"

    def __init__(self, connection: duckdb.DuckDBPyConnection) -> None:
        self._connection = connection
        self._threads = ThreadPoolExecutor(THREADS, "duckdb")
        self._writing = asyncio.Lock()

    async def query(self, statement: Statement, *, timeout_s: float | None = None) -> Rows:
        """The rows of one statement, read in a transaction that can write nothing."""
        return await self._in_thread(lambda cursor: _read(cursor, statement), timeout_s)

    async def write(self, statements: Sequence[Statement]) -> None:
        """One transaction, after the writes before it."""
        async with self._writing:
            await self._in_thread(lambda cursor: _write(cursor, statements), None)

    def close(self) -> None:
        """Waits for what is under way and lets go of the file."""
        self._threads.shutdown()
        self._connection.close()

    async def _in_thread(self, work: Callable[[duckdb.DuckDBPyConnection], T], timeout_s: float | None) -> T:
        """Runs `work` over a cursor of its own. Whoever leaves or waits too long interrupts it, and it has ended then."""
        cursor = self._connection.cursor()
        running = asyncio.get_running_loop().run_in_executor(self._threads, work, cursor)
        try:
            async with asyncio.timeout(timeout_s):
                return await asyncio.shield(running)
        except TimeoutError:
            raise DeadlineError(f"The warehouse took longer than the {timeout_s:g} s a query may take") from None
        except duckdb.Error as error:
            raise _ours(error) from error
        finally:
            await _end(running, cursor)


@asynccontextmanager
async def open_duckdb(file: Path | None = None) -> AsyncIterator[DuckDBWarehouse]:
    """The warehouse in a file, which is made if need be, or in memory. BusyError if another process has the file open."""
    warehouse = DuckDBWarehouse(await asyncio.to_thread(_connect, file))
    try:
        yield warehouse
    finally:
        await asyncio.to_thread(warehouse.close)


def _connect(file: Path | None) -> duckdb.DuckDBPyConnection:
    try:
        connection = duckdb.connect(str(file or MEMORY))
    except duckdb.IOException as error:
        if "lock" in str(error):
            raise BusyError(f"The warehouse file {file} is open in another process: stop that one") from None
        raise UnavailableError(
            f"The warehouse file {file} cannot be read ({_first_line(error)}): move it away, and it is filled anew"
        ) from None
    for setting in _LOCKED:
        connection.execute(setting)
    return connection


async def _end(running: "asyncio.Future[T]", cursor: duckdb.DuckDBPyConnection) -> None:
    """Interrupts until the thread is done: an interruption that comes before a statement has begun is lost."""
    while not running.done():
        cursor.interrupt()
        await asyncio.wait([running], timeout=INTERRUPT_AGAIN_S)
    if not running.cancelled():
        running.exception()  # nobody else asks for it after an interruption
    cursor.close()


def _read(cursor: duckdb.DuckDBPyConnection, statement: Statement) -> Rows:
    cursor.execute("BEGIN TRANSACTION READ ONLY")
    try:
        cursor.execute(statement.sql, list(statement.values))
        columns = tuple(column[0].upper() for column in cursor.description or ())
        return Rows(columns, tuple(tuple(row) for row in cursor.fetchall()))
    finally:
        cursor.execute("ROLLBACK")


def _write(cursor: duckdb.DuckDBPyConnection, statements: Sequence[Statement]) -> None:
    cursor.execute("BEGIN TRANSACTION")
    try:
        for statement in statements:
            cursor.execute(statement.sql, list(statement.values))
        cursor.execute("COMMIT")
    except BaseException:
        cursor.execute("ROLLBACK")
        raise


def _ours(error: duckdb.Error) -> SophiaError:
    if isinstance(error, duckdb.ProgrammingError | duckdb.DataError | duckdb.NotSupportedError | duckdb.IntegrityError):
        return InvalidInputError(f"The warehouse cannot run this: {_first_line(error)}")
    if isinstance(error, duckdb.TransactionException) and "read-only" in str(error):
        return InvalidInputError("A query of the warehouse only reads: this statement would write")
    return UnavailableError(f"The warehouse failed: {_first_line(error)}")


def _first_line(error: duckdb.Error) -> str:
    return str(error).partition("\n")[0]
