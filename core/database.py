"""The database: one engine, one MetaData, one Alembic tree. Every layer declares its own tables on `metadata`.

Statements run in threads, a transaction in one hop: driving SQLite through an asynchronous adapter costs several hops a
statement, which is most of what a short transaction takes.
"""

import asyncio
import functools
import json
from collections.abc import AsyncIterator, Callable, Coroutine
from concurrent.futures import ThreadPoolExecutor
from contextlib import asynccontextmanager
from decimal import Decimal
from pathlib import Path
from typing import Any, Concatenate, ParamSpec, Protocol, TypeVar

from alembic.command import upgrade
from alembic.config import Config
from alembic.script import ScriptDirectory
from sqlalchemy import (
    URL,
    Connection,
    Dialect,
    Engine,
    MetaData,
    String,
    TypeDecorator,
    create_engine,
    event,
)
from sqlalchemy.engine import make_url

from core.errors import BusyError, InvalidInputError

metadata = MetaData(
    naming_convention={
        "pk": "pk_%(table_name)s",
        "fk": "fk_%(table_name)s_%(column_0_name)s",
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    }
)
MIGRATIONS = Path(__file__).parent / "migrations"
READERS = 4

P = ParamSpec("P")
R = TypeVar("R")


class Database:
    """Runs functions over a connection, each in a transaction of its own or, to read, without one."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self._writer = ThreadPoolExecutor(1, "database-writer")
        self._readers = ThreadPoolExecutor(READERS, "database-reader")

    async def write(self, work: Callable[[Connection], R], *, synced: bool = True) -> R:
        """What `work` returns, once its transaction is committed; an error rolls it back.

        The write lock is taken first, so that a transaction never fails half-way on another's. One that is not `synced`
        outlives a kill, but a power cut only together with the next synced one: for what can be made again.
        """
        return await asyncio.get_running_loop().run_in_executor(self._writer, self._write, work, synced)

    async def read(self, work: Callable[[Connection], R]) -> R:
        """What `work` returns. It must only read: nothing it does is in a transaction."""
        return await asyncio.get_running_loop().run_in_executor(self._readers, self._read, work)

    async def beside(self, work: Callable[[], R]) -> R:
        """What `work`, which writes the same file over a connection of its own, returns: in the one writing thread, so that
        neither ever waits for the other's lock.
        """
        return await asyncio.get_running_loop().run_in_executor(self._writer, work)

    async def scrub(self) -> None:
        """Writes the file anew and empties its log, so that nothing of deleted rows is left in either.

        BusyError where a reader holds on to how things were; what is written meanwhile waits.
        """
        await asyncio.get_running_loop().run_in_executor(self._writer, self._scrub)

    def close(self) -> None:
        """Waits for what is under way and lets go of the file."""
        self._writer.shutdown()
        self._readers.shutdown()
        self._engine.dispose()

    def _scrub(self) -> None:
        with self._engine.connect() as connection:
            connection.exec_driver_sql("VACUUM")
            busy, *_ = connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)").one()
        if busy:
            raise BusyError("The database is being read, and its log keeps deleted words until then: try again")

    def _read(self, work: Callable[[Connection], R]) -> R:
        with self._engine.connect() as connection:
            return work(connection)

    def _write(self, work: Callable[[Connection], R], synced: bool) -> R:
        with self._engine.connect() as connection:
            connection.exec_driver_sql(f"PRAGMA synchronous={'FULL' if synced else 'NORMAL'}")
            connection.exec_driver_sql("BEGIN IMMEDIATE")
            try:
                result = work(connection)
                connection.exec_driver_sql("COMMIT")
            except BaseException:
                connection.connection.rollback()
                raise
            return result


class Exact(TypeDecorator[Decimal]):
    """A decimal as it is written: SQLite would keep it in binary."""

    impl = String(40)
    cache_ok = True

    def process_bind_param(self, value: Decimal | None, _dialect: Dialect) -> str | None:
        return None if value is None else format(value, "f")

    def process_result_value(self, value: str | None, _dialect: Dialect) -> Decimal | None:
        return None if value is None else Decimal(value)


class _Stored(Protocol):
    @property
    def database(self) -> Database: ...


S = TypeVar("S", bound=_Stored)


def transaction(
    method: Callable[Concatenate[S, Connection, P], R],
) -> Callable[Concatenate[S, P], Coroutine[Any, Any, R]]:
    """Turns `def method(self, connection, …)` into a coroutine method whose body is one transaction."""

    @functools.wraps(method)
    async def transacted(self: S, /, *args: P.args, **kwargs: P.kwargs) -> R:
        return await self.database.write(lambda connection: method(self, connection, *args, **kwargs))

    return transacted


def reading(method: Callable[Concatenate[S, Connection, P], R]) -> Callable[Concatenate[S, P], Coroutine[Any, Any, R]]:
    """Turns `def method(self, connection, …)` into a coroutine method that only reads."""

    @functools.wraps(method)
    async def read(self: S, /, *args: P.args, **kwargs: P.kwargs) -> R:
        return await self.database.read(lambda connection: method(self, connection, *args, **kwargs))

    return read


def sqlite_url(file: Path) -> URL:
    """The URL of a SQLite file, whatever characters its path has."""
    return URL.create("sqlite", database=str(file))


@asynccontextmanager
async def open_database(url: str | URL) -> AsyncIterator[Database]:
    """A database with a migrated schema, closed at the end. InvalidInputError for one that Sophia cannot use."""
    if make_url(url).get_backend_name() != "sqlite":
        raise InvalidInputError(f"Database {make_url(url).render_as_string()!r}: use sqlite:///<file>")
    engine = create_engine(url, isolation_level="AUTOCOMMIT", json_serializer=_compact_json)
    event.listen(engine, "connect", _prepare_sqlite)
    database = Database(engine)
    try:
        await database.write(_migrate)
        yield database
    finally:
        database.close()


def known_versions() -> list[str]:
    """The versions of the schema that this code knows, oldest first."""
    return [script.revision for script in ScriptDirectory(str(MIGRATIONS)).walk_revisions()][::-1]


def _prepare_sqlite(connection: Any, _record: Any) -> None:
    """WAL lets readers go on beside the writer."""
    cursor = connection.cursor()
    for pragma in ("journal_mode=WAL", "busy_timeout=10000", "foreign_keys=ON"):
        cursor.execute(f"PRAGMA {pragma}")
    cursor.close()


def _migrate(connection: Connection) -> None:
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS))
    config.attributes["connection"] = connection
    upgrade(config, "head")


def _compact_json(value: object) -> str:
    return json.dumps(value, separators=(",", ":"), ensure_ascii=False)
