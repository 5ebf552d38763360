"""Notes of the CRM as conversations of one turn, under the rights and the wording of now."""

from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from core.errors import NotFoundError
from core.identity import Label, Principal
from memory.crm.notes import Notes
from memory.crm.records import Activity
from memory.crm.store import EmbeddedCrm
from tests.databases import fresh_database

ANNA = Principal("acme", "anna")
CLEARED = Principal("acme", "carla", clearance=Label.CONFIDENTIAL)
NOTE = Activity(
    tenant="acme",
    id="n1",
    type="note",
    day=date(2026, 3, 2),
    text="  They wait\n for legal. ",
    owner="Dale",
    subject="Legal",
)
SECRET = replace(NOTE, id="n2", text="They are for sale.", label=Label.CONFIDENTIAL, subject=None, owner=None)
ID, SECRET_ID = "crm:activities:n1", "crm:activities:n2"


@pytest.fixture
async def crm(tmp_path: Path) -> AsyncIterator[EmbeddedCrm]:
    async with fresh_database(tmp_path) as database:
        crm = EmbeddedCrm(database)
        await crm.put([NOTE, SECRET, replace(NOTE, id="n3", text=" "), replace(NOTE, id="n4", text=None)], CLEARED)
        yield crm


async def test_a_note_is_one_turn_of_whoever_wrote_it(crm: EmbeddedCrm) -> None:
    said = await Notes(crm).transcript(ID, ANNA)
    assert [turn.text for turn in said.turns] == ["They wait for legal."]
    assert [speaker.name for speaker in said.speakers] == ["Dale"]
    assert (said.title, str(said.held)[:10]) == ("CRM note, Legal", "2026-03-02")
    unnamed = await Notes(crm).transcript(SECRET_ID, CLEARED)
    assert (unnamed.title, unnamed.speakers[0].name) == ("CRM note", "CRM")


async def test_notes_are_those_with_words_of_the_days_that_one_may_read(crm: EmbeddedCrm) -> None:
    notes, day = Notes(crm), NOTE.day
    assert [one.transcript.id for one in await notes.between(day, day, ANNA)] == [ID]
    assert [one.transcript.id for one in await notes.between(day, day, CLEARED)] == [ID, SECRET_ID]
    assert await notes.between(date(2026, 3, 3), date(2026, 4, 1), CLEARED) == []


async def test_a_note_that_changed_opens_nothing_under_its_earlier_wording(crm: EmbeddedCrm) -> None:
    notes = Notes(crm)
    version = (await notes.transcript(ID, ANNA)).content_hash
    assert (await notes.transcript(ID, ANNA, version)).id == ID
    await crm.put([replace(NOTE, text="They have signed.")], CLEARED)
    with pytest.raises(NotFoundError, match="reads otherwise by now"):
        await notes.transcript(ID, ANNA, version)
    assert (await notes.live([ID], ANNA))[ID] != version
    assert version not in (await notes.readable([ID], ANNA))[ID]


async def test_somebody_below_its_label_cannot_open_a_note(crm: EmbeddedCrm) -> None:
    notes = Notes(crm)
    with pytest.raises(NotFoundError):
        await notes.transcript(SECRET_ID, ANNA)
    assert await notes.readable([SECRET_ID], ANNA) == {}
    assert set(await notes.live([ID, SECRET_ID], CLEARED)) == {ID, SECRET_ID}


async def test_what_is_no_note_is_not_there(crm: EmbeddedCrm) -> None:
    notes = Notes(crm)
    assert await notes.live(["n1", "some-call"], CLEARED) == {}
    with pytest.raises(NotFoundError):
        await notes.transcript("crm:activities:n4", CLEARED)
