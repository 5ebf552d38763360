"""Databases for tests: migrated once a process, and copied for each that wants one."""

import asyncio
from collections.abc import AsyncIterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import asynccontextmanager
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory

from core.database import Database, open_database, sqlite_url


@asynccontextmanager
async def fresh_database(folder: Path) -> AsyncIterator[Database]:
    """The folder's database, as `open_database` gives it; where there is none yet, a copy of an empty one."""
    file = folder / "sophia.db"
    if not file.exists():
        file.write_bytes(_empty())
    async with open_database(sqlite_url(file)) as database:
        yield database


@cache
def _empty() -> bytes:
    """The file of a new database that was opened and closed once."""
    with TemporaryDirectory() as folder, ThreadPoolExecutor(1) as beside:
        file = Path(folder) / "sophia.db"
        beside.submit(asyncio.run, _opened(file)).result()
        return file.read_bytes()


async def _opened(file: Path) -> None:
    async with open_database(sqlite_url(file)):
        pass
