from collections.abc import AsyncIterator
from dataclasses import fields, replace
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from core.identity import Label, Principal
from memory.crm.base import Crm
from memory.crm.edits import Edit
from memory.crm.records import KINDS, Deal, Source, content_hash
from memory.crm.store import EmbeddedCrm
from memory.crm.tables import tables
from tests.contracts.crm import DEAL, ONE_OF_EACH, CrmContract
from tests.databases import fresh_database


class TestEmbeddedCrm(CrmContract):
    @pytest.fixture
    async def crm(self, tmp_path: Path) -> AsyncIterator[Crm]:
        async with fresh_database(tmp_path) as database:
            yield EmbeddedCrm(database, lambda: datetime(2026, 3, 20, 9, tzinfo=UTC))


async def test_a_record_that_was_edited_says_that_it_reads_otherwise_than_where_it_was_read(tmp_path: Path) -> None:
    async with fresh_database(tmp_path) as database:
        crm = EmbeddedCrm(database)
        owner = Principal(DEAL.tenant, "anna", clearance=Label.RESTRICTED)
        await crm.put([replace(DEAL, source=Source("deals.csv", 3))], owner)
        for key, step in (("k1", "Call Mo"), ("k2", "Call Jo")):
            await crm.edit(Edit(key=key, plan="plan", kind=Deal, id=DEAL.id, values={"next_step": step}), owner)
        [found] = await crm.find(Deal, owner)
    assert found.source == Source("deals.csv (changed since)", 3)


def test_every_kind_has_a_table_and_an_example() -> None:
    assert set(tables) == set(KINDS.values()) == {type(record) for record in ONE_OF_EACH}


@pytest.mark.parametrize("name", [field.name for field in fields(DEAL) if field.name not in {"label", "source"}])
def test_the_hash_of_a_record_covers_all_that_it_says(name: str) -> None:
    other: dict[str, Any] = {name: "something else"}
    assert content_hash(replace(DEAL, **other)) != content_hash(DEAL)


def test_the_hash_of_a_record_covers_nothing_else() -> None:
    assert content_hash(replace(DEAL, source=Source("elsewhere.csv"))) == content_hash(DEAL)
    assert content_hash(replace(DEAL, amount=Decimal("12500.100"))) == content_hash(DEAL)
