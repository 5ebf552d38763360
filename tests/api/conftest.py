import json
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
from core.database import Database, open_database
from core.identity import Label, Principal
from models.embeddings import installed_weights
from tests.api.served import Served, ingest_sample, kept_open, serving

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
    async with open_database(f"sqlite:///{tmp_path}/sophia.db") as opened:
        yield opened


@pytest.fixture
def runs(database: Database, clock: Callable[[], datetime]) -> Runs:
    return Runs(database, clock=clock, new_id=new_id)


@pytest.fixture
def journal(runs: Runs) -> Journal:
    return Journal(runs, Bells())


@pytest.fixture(scope="session")
def sample_directory(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A data directory with the sample company; read it or copy it, do not write to it."""
    directory = tmp_path_factory.mktemp("sample") / "data"
    ingest_sample(directory)
    return directory


@pytest.fixture(scope="session")
def light_weights(tmp_path_factory: pytest.TempPathFactory) -> Path | None:
    """The installed encoder without its layers: word vectors alone, for tests that start Sophia again and again."""
    installed = installed_weights()
    if installed is None:
        return None
    folder = tmp_path_factory.mktemp("light")
    for name in ("model.safetensors", "tokenizer.json"):
        (folder / name).symlink_to(installed / name)
    config = json.loads((installed / "config.json").read_text(encoding="utf-8"))
    (folder / "config.json").write_text(json.dumps({**config, "num_hidden_layers": 0}), encoding="utf-8")
    return folder


@pytest.fixture(scope="session")
def light_directory(tmp_path_factory: pytest.TempPathFactory, light_weights: Path | None) -> Path:
    """The sample company under the light encoder; copy it before writing to it."""
    directory = tmp_path_factory.mktemp("sample") / "data"
    ingest_sample(directory, light_weights)
    return directory


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def served(sample_directory: Path, tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Served]:
    """One Sophia for all tests over HTTP that mind only threads, documents and keys of their own."""
    directory = tmp_path_factory.mktemp("served") / "data"
    shutil.copytree(sample_directory, directory)
    async with kept_open(serving(Settings(data_dir=directory))) as opened:
        yield opened
