"""A text's id says on which shelf it stands; both are read under the rights of now."""

from collections.abc import AsyncIterator
from datetime import date
from pathlib import Path

import pytest

from core.errors import NotFoundError
from core.identity import Access, Principal
from memory.citable import Citable
from memory.crm.notes import PREFIX, Notes
from memory.crm.records import Activity
from memory.crm.store import EmbeddedCrm
from memory.documents import Documents
from tests.databases import fresh_database
from tests.tools.risks.records import transcript

ANNA, ELSEWHERE = Principal("acme", "anna"), Principal("other", "anna")
CALL = transcript("s We promise nothing.", ago=10, id_="call")
NOTE = Activity(tenant="acme", id="n1", type="note", day=date(2026, 3, 2), text="They wait for legal.")
NOTE_ID = "crm:activities:n1"


@pytest.fixture
async def citable(tmp_path: Path) -> AsyncIterator[Citable]:
    async with fresh_database(tmp_path) as database:
        crm, documents = EmbeddedCrm(database), Documents(database)
        await crm.put([NOTE], ANNA)
        await documents.stage(CALL, Access("acme"), origin="test")
        await documents.publish("acme", CALL.id, CALL.content_hash)
        yield Citable(documents, {PREFIX: Notes(crm)})


async def test_calls_and_notes_open_alike(citable: Citable) -> None:
    assert (await citable.transcript("call", ANNA)).content_hash == CALL.content_hash
    assert (await citable.transcript(NOTE_ID, ANNA)).turns[0].text == NOTE.text


async def test_versions_of_both_shelves_come_together(citable: Citable) -> None:
    live = await citable.live(["call", NOTE_ID, "gone"], ANNA)
    assert set(live) == {"call", NOTE_ID}
    readable = await citable.readable(["call", NOTE_ID, "gone"], ANNA)
    assert {id_: version in readable[id_] for id_, version in live.items()} == {"call": True, NOTE_ID: True}


async def test_of_another_tenant_neither_is_there(citable: Citable) -> None:
    assert await citable.live(["call", NOTE_ID], ELSEWHERE) == {}
    assert await citable.readable(["call", NOTE_ID], ELSEWHERE) == {}
    for document in ("call", NOTE_ID):
        with pytest.raises(NotFoundError):
            await citable.transcript(document, ELSEWHERE)
