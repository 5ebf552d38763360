from collections.abc import AsyncIterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from memory.crm.base import Crm
from memory.crm.store import EmbeddedCrm
from tests.databases import fresh_database


@pytest.fixture
async def crm(tmp_path: Path) -> AsyncIterator[Crm]:
    async with fresh_database(tmp_path) as database:
        yield EmbeddedCrm(database, lambda: datetime(2026, 3, 20, 9, tzinfo=UTC))
