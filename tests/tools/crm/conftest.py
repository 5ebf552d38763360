from collections.abc import AsyncIterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from core.database import open_database
from memory.crm.base import Crm
from memory.crm.store import EmbeddedCrm


@pytest.fixture
async def crm(tmp_path: Path) -> AsyncIterator[Crm]:
    async with open_database(f"sqlite:///{tmp_path / 'sophia.db'}") as database:
        yield EmbeddedCrm(database, lambda: datetime(2026, 3, 20, 9, tzinfo=UTC))
