import shutil
from collections.abc import AsyncIterator, Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
import pytest_asyncio

from api.runs.journal import Bells, Journal
from api.runs.store import Runs
from api.settings import Settings
from core.clock import new_id
from core.database import Database
from core.identity import Label, Principal
from tests.api.served import Served, ingest_sample, kept_open, serving
from tests.databases import fresh_database

ALICE = Principal("acme", "alice", frozenset({"ask"}), clearance=Label.CONFIDENTIAL)
BOB = Principal("acme", "bob", frozenset({"ask"}))


class HandClock:
    """A clock that a test moves."""

    def __init__(self) -> None:
        self.now = datetime(2026, 3, 20, 12, tzinfo=UTC)

    def __call__(self) -> datetime:
        return self.now

    def forward(self, **amount: float) -> None:
        self.now += timedelta(**amount)


@pytest.fixture
def clock() -> HandClock:
    return HandClock()


@pytest.fixture
async def database(tmp_path: Path) -> AsyncIterator[Database]:
    async with fresh_database(tmp_path) as opened:
        yield opened


@pytest.fixture
def runs(database: Database, clock: Callable[[], datetime]) -> Runs:
    return Runs(database, clock=clock, new_id=new_id)


@pytest.fixture
def journal(runs: Runs) -> Journal:
    return Journal(runs, Bells())


@pytest.fixture(scope="session")
def light_directory(tmp_path_factory: pytest.TempPathFactory, light_weights: Path | None) -> Path:
    """The sample company under the light encoder; copy it before writing to it."""
    directory = tmp_path_factory.mktemp("sample") / "data"
    ingest_sample(directory, light_weights)
    return directory


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def served(
    light_directory: Path, light_weights: Path | None, tmp_path_factory: pytest.TempPathFactory
) -> AsyncIterator[Served]:
    """One Sophia for all tests over HTTP that mind only threads, documents and keys of their own."""
    directory = tmp_path_factory.mktemp("served") / "data"
    shutil.copytree(light_directory, directory)
    async with kept_open(serving(Settings(data_dir=directory, embedder_weights=light_weights))) as opened:
        yield opened
