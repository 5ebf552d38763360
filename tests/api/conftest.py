from collections.abc import AsyncIterator, Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy.ext.asyncio import AsyncEngine

from api.runs.journal import Bells, Journal
from api.runs.store import Runs
from core.clock import new_id
from core.database import open_database
from core.identity import Label, Principal

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
async def engine(tmp_path: Path) -> AsyncIterator[AsyncEngine]:
    async with open_database(f"sqlite+aiosqlite:///{tmp_path}/sophia.db") as opened:
        yield opened


@pytest.fixture
def runs(engine: AsyncEngine, clock: Callable[[], datetime]) -> Runs:
    return Runs(engine, clock=clock, new_id=new_id)


@pytest.fixture
def journal(runs: Runs) -> Journal:
    return Journal(runs, Bells())
