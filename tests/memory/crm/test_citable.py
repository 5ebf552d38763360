"""Records of the CRM as texts of one turn a field, under the rights and the wording of now."""

from collections.abc import AsyncIterator
from dataclasses import fields, replace
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path

import pytest

from core.errors import NotFoundError
from core.identity import Label, Principal
from memory.crm.citable import SHELVED, UNTOLD, CitableRecords, as_text
from memory.crm.records import Account, Contact, Deal, Source, Status
from memory.crm.store import EmbeddedCrm
from tests.databases import fresh_database

ANNA = Principal("acme", "anna")
CLEARED = Principal("acme", "carla", clearance=Label.CONFIDENTIAL)
ELSEWHERE = Principal("other", "anna", clearance=Label.RESTRICTED)
DEAL = Deal(
    tenant="acme",
    id="7",
    name="Northgate  renewal",
    stage="Contract Sent",
    status=Status.OPEN,
    account="1",
    amount=Decimal("66600.50"),
    currency="EUR",
    expected=date(2026, 4, 30),
    modified=datetime(2026, 3, 2, 9, tzinfo=UTC),
    source=Source("deals.csv", 117),
)
SECRET = replace(DEAL, id="8", label=Label.CONFIDENTIAL)
ACCOUNT = Account(tenant="acme", id="1", name="Northgate", owner="Dale", employees=40)
CONTACT = Contact(tenant="acme", id="1", name="Ilse Varga", account="1", email="ilse@northgate.example")
ID, SECRET_ID = "crm:deals:7", "crm:deals:8"


@pytest.fixture
async def shelf(tmp_path: Path) -> AsyncIterator[tuple[CitableRecords, EmbeddedCrm]]:
    async with fresh_database(tmp_path) as database:
        crm = EmbeddedCrm(database)
        await crm.put([DEAL, SECRET, ACCOUNT, CONTACT], CLEARED)
        yield CitableRecords(crm), crm


def test_a_record_is_one_turn_a_filled_field_under_a_title_that_says_where_it_was_read() -> None:
    text = as_text(DEAL)
    assert (text.id, text.title) == (ID, "Northgate renewal (deals.csv, line 117)")
    assert {turn.topic: turn.text for turn in text.turns} == {
        "id": "Id: 7",
        "name": "Name: Northgate renewal",
        "stage": "Stage: Contract Sent",
        "amount": "Amount: 66,600.5 EUR",
        "expected": "Close date: 30 April 2026",
        "status": "Status: open",
        "modified": "Last change: 2 March 2026",
    }


@pytest.mark.parametrize("kind", SHELVED.values())
def test_every_field_that_holds_words_is_told(kind: type[Deal] | type[Account] | type[Contact]) -> None:
    of = {field.name: "word" for field in fields(kind)} | {"label": Label.INTERNAL, "source": Source("x")}
    told = {turn.topic for turn in as_text(kind(**of)).turns}  # type: ignore[arg-type]
    assert told == of.keys() - UNTOLD


def test_a_value_is_one_line_without_what_cannot_be_seen() -> None:
    [stage] = [
        turn.text for turn in as_text(replace(DEAL, stage="Con\u202etract\n Sent")).turns if turn.topic == "stage"
    ]
    assert stage == "Stage: Contract Sent"


async def test_records_of_one_id_and_different_kinds_are_told_apart(shelf: tuple[CitableRecords, EmbeddedCrm]) -> None:
    records, _ = shelf
    assert (await records.transcript("crm:accounts:1", ANNA)).title == "Northgate (CRM)"
    assert (await records.transcript("crm:contacts:1", ANNA)).title == "Ilse Varga (CRM)"
    assert set(await records.live(["crm:accounts:1", "crm:contacts:1", ID, "1", "call"], ANNA)) == {
        "crm:accounts:1",
        "crm:contacts:1",
        ID,
    }


async def test_a_record_that_changed_opens_nothing_under_what_it_read_before(
    shelf: tuple[CitableRecords, EmbeddedCrm],
) -> None:
    records, crm = shelf
    version = (await records.transcript(ID, ANNA)).content_hash
    assert (await records.transcript(ID, ANNA, version)).id == ID
    await crm.put([replace(DEAL, stage="Closed Won")], CLEARED)
    with pytest.raises(NotFoundError, match="reads otherwise by now"):
        await records.transcript(ID, ANNA, version)
    assert (await records.live([ID], ANNA))[ID] != version
    assert version not in (await records.readable([ID], ANNA))[ID]


async def test_another_line_of_the_same_file_is_no_other_version(shelf: tuple[CitableRecords, EmbeddedCrm]) -> None:
    records, crm = shelf
    version = (await records.transcript(ID, ANNA)).content_hash
    await crm.put([replace(DEAL, source=Source("deals.csv", 3))], CLEARED)
    assert (await records.live([ID], ANNA))[ID] == version


async def test_below_its_label_or_in_another_tenant_there_is_no_record(
    shelf: tuple[CitableRecords, EmbeddedCrm],
) -> None:
    records, _ = shelf
    assert set(await records.live([ID, SECRET_ID], CLEARED)) == {ID, SECRET_ID}
    assert await records.readable([SECRET_ID], ANNA) == {}
    assert await records.live([ID, SECRET_ID], ELSEWHERE) == {}
    with pytest.raises(NotFoundError):
        await records.transcript(SECRET_ID, ANNA)
