from collections.abc import AsyncIterator
from dataclasses import fields, replace
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from memory.crm.base import Crm
from memory.crm.records import KINDS, Source, content_hash
from memory.crm.store import EmbeddedCrm
from memory.crm.tables import tables
from tests.contracts.crm import DEAL, ONE_OF_EACH, CrmContract
from tests.databases import fresh_database


class TestEmbeddedCrm(CrmContract):
    @pytest.fixture
    async def crm(self, tmp_path: Path) -> AsyncIterator[Crm]:
        async with fresh_database(tmp_path) as database:
            yield EmbeddedCrm(database, lambda: datetime(2026, 3, 20, 9, tzinfo=UTC))


def test_every_kind_has_a_table_and_an_example() -> None:
    assert set(tables) == set(KINDS.values()) == {type(record) for record in ONE_OF_EACH}


@pytest.mark.parametrize("name", [field.name for field in fields(DEAL) if field.name not in {"label", "source"}])
def test_the_hash_of_a_record_covers_all_that_it_says(name: str) -> None:
    other: dict[str, Any] = {name: "something else"}
    assert content_hash(replace(DEAL, **other)) != content_hash(DEAL)


def test_the_hash_of_a_record_covers_nothing_else() -> None:
    assert content_hash(replace(DEAL, source=Source("elsewhere.csv"))) == content_hash(DEAL)
    assert content_hash(replace(DEAL, amount=Decimal("12500.100"))) == content_hash(DEAL)
