from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest
import sqlalchemy as sa

from core.database import Database
from core.errors import ConflictError, NotFoundError
from core.identity import Access, Label, Principal
from memory.documents import Documents, Unpublished, documents
from memory.retrieval.access import Standing
from memory.transcripts.detect import read_file
from memory.transcripts.model import Transcript
from memory.transcripts.stored import from_json, to_json
from tests.databases import fresh_database
from tests.memory.conversations import PRICE, ROUTES
from tests.memory.transcripts.material import SAMPLES

NOW = datetime(2026, 3, 20, 9, tzinfo=UTC)
ACME = Access("acme")
LEGAL = Access("acme", frozenset({"group:legal"}), Label.CONFIDENTIAL)
RUTH = Principal("acme", "ruth")
LARA = Principal("acme", "lara", groups=frozenset({"legal"}), clearance=Label.CONFIDENTIAL)
EDITED = replace(PRICE, title="Price, once more")


@pytest.fixture
async def database(tmp_path: Path) -> AsyncIterator[Database]:
    async with fresh_database(tmp_path) as opened:
        yield opened


@pytest.fixture
def register(database: Database) -> Documents:
    return Documents(database, lambda: NOW)


async def _publish(register: Documents, transcript: Transcript, access: Access = ACME) -> None:
    await register.stage(transcript, access, origin="test")
    await register.publish(access.tenant, transcript.id, transcript.content_hash)


async def _states(database: Database) -> dict[str, str]:
    query = sa.select(documents.c.version, documents.c.state)
    rows = await database.read(lambda connection: connection.execute(query).all())
    return {row.version: row.state for row in rows}


async def test_the_table_is_the_one_that_the_migrations_make(database: Database) -> None:
    made = await database.read(lambda connection: sa.Table("documents", sa.MetaData(), autoload_with=connection))
    shape = [(c.name, str(c.type), c.nullable, c.primary_key) for c in made.columns]
    assert [(c.name, str(c.type), c.nullable, c.primary_key) for c in documents.columns] == shape
    assert {index.name for index in documents.indexes} == {index.name for index in made.indexes}


@pytest.mark.parametrize("path", SAMPLES, ids=lambda path: path.stem)
def test_a_conversation_is_stored_and_read_back_equal(path: Path) -> None:
    (transcript,) = read_file(path)
    again = from_json(to_json(transcript))
    assert again == transcript
    assert again.content_hash == transcript.content_hash


async def test_a_staged_version_is_seen_by_nobody(register: Documents) -> None:
    await register.stage(PRICE, ACME, origin="test")
    assert await register.live([PRICE.id], RUTH) == {}
    assert await register.catalogue(RUTH) == []
    for version in (None, PRICE.content_hash):
        with pytest.raises(NotFoundError):
            await register.transcript(PRICE.id, RUTH, version)


async def test_publishing_makes_a_version_live(register: Documents) -> None:
    await _publish(register, PRICE)
    assert await register.live([PRICE.id, "other"], RUTH) == {PRICE.id: PRICE.content_hash}
    assert await register.transcript(PRICE.id, RUTH) == PRICE
    assert await register.standing("acme", [PRICE.id]) == {
        PRICE.id: Standing(PRICE.content_hash, ACME, PRICE.title, None)
    }


async def test_a_new_version_replaces_the_old_which_opens_from_its_citations(
    register: Documents, database: Database
) -> None:
    await _publish(register, PRICE)
    await _publish(register, EDITED)
    assert await register.transcript(PRICE.id, RUTH) == EDITED
    assert await register.transcript(PRICE.id, RUTH, PRICE.content_hash) == PRICE
    assert await Documents(database).transcript(PRICE.id, RUTH, PRICE.content_hash) == PRICE
    await register.settle("acme", PRICE.id)
    assert await _states(database) == {PRICE.content_hash: "replaced", EDITED.content_hash: "live"}


async def test_only_a_staged_version_is_published(register: Documents, database: Database) -> None:
    await _publish(register, PRICE)
    with pytest.raises(ConflictError, match="stage it first"):
        await register.publish("acme", PRICE.id, EDITED.content_hash)
    assert await _states(database) == {PRICE.content_hash: "live"}
    with pytest.raises(ConflictError, match="nothing to stage"):
        await register.stage(PRICE, ACME, origin="test")


async def test_a_version_that_comes_back_stays_open_while_it_is_ingested(
    register: Documents, database: Database
) -> None:
    for version in (PRICE, EDITED):
        await _publish(register, version)
        await register.settle("acme", PRICE.id)
    await register.stage(PRICE, ACME, origin="test")
    assert await register.unpublished() == [Unpublished("acme", PRICE.id, EDITED.content_hash)]
    assert await register.transcript(PRICE.id, RUTH, PRICE.content_hash) == PRICE
    await register.publish("acme", PRICE.id, PRICE.content_hash)
    assert await register.transcript(PRICE.id, RUTH) == PRICE
    assert await _states(database) == {PRICE.content_hash: "live", EDITED.content_hash: "leaving"}


async def test_unpublished_lists_what_the_index_may_hold_beside_what_is_live(register: Documents) -> None:
    await _publish(register, PRICE)
    await register.stage(EDITED, ACME, origin="test")
    await register.stage(ROUTES, Access("globex"), origin="test")
    left = {Unpublished("acme", PRICE.id, PRICE.content_hash), Unpublished("globex", ROUTES.id, None)}
    assert set(await register.unpublished()) == left
    await register.settle("acme", PRICE.id)
    await register.settle("globex", ROUTES.id)
    assert await register.unpublished() == []
    assert await register.live([PRICE.id], RUTH) == {PRICE.id: PRICE.content_hash}


async def test_the_unknown_and_the_forbidden_are_answered_in_the_same_words(register: Documents) -> None:
    stranger = Principal("globex", "ruth", clearance=Label.RESTRICTED)
    with pytest.raises(NotFoundError) as unknown:
        await register.transcript(PRICE.id, RUTH)
    await _publish(register, PRICE, LEGAL)
    assert await register.transcript(PRICE.id, LARA) == PRICE
    for principal in (RUTH, stranger, replace(LARA, clearance=Label.INTERNAL), replace(LARA, groups=frozenset())):
        assert await register.live([PRICE.id], principal) == {}
        assert await register.catalogue(principal) == []
        for version in (None, PRICE.content_hash, "0" * 64):
            with pytest.raises(NotFoundError) as forbidden:
                await register.transcript(PRICE.id, principal, version)
            assert str(forbidden.value) == str(unknown.value)


async def test_access_belongs_to_the_document_and_so_to_all_its_versions(register: Documents) -> None:
    await _publish(register, PRICE)
    await _publish(register, EDITED)
    assert await register.transcript(PRICE.id, RUTH, PRICE.content_hash) == PRICE
    await register.set_access(PRICE.id, LEGAL)
    with pytest.raises(NotFoundError):
        await register.transcript(PRICE.id, RUTH, PRICE.content_hash)
    assert await register.transcript(PRICE.id, LARA, PRICE.content_hash) == PRICE
    assert (await register.catalogue(LARA))[0].label == Label.CONFIDENTIAL


async def test_readable_are_the_published_versions_of_documents_that_admit_the_principal_now(
    register: Documents,
) -> None:
    await _publish(register, PRICE)
    await _publish(register, EDITED)
    await register.stage(ROUTES, ACME, origin="test")
    both = {PRICE.id: {PRICE.content_hash, EDITED.content_hash}}
    assert await register.readable([PRICE.id, ROUTES.id, "unknown"], RUTH) == both
    await register.set_access(PRICE.id, LEGAL)
    assert await register.readable([PRICE.id], RUTH) == {}
    assert await register.readable([PRICE.id], LARA) == both
    await register.withdraw("acme", PRICE.id)
    assert await register.readable([PRICE.id], LARA) == {}


async def test_a_new_version_has_the_access_that_the_document_has(register: Documents) -> None:
    await _publish(register, PRICE, LEGAL)
    assert await register.stage(EDITED, ACME, origin="test") == LEGAL
    await register.publish("acme", PRICE.id, EDITED.content_hash)
    assert await register.live([PRICE.id], RUTH) == {}


async def test_access_is_set_on_known_documents_of_the_tenant_only(register: Documents) -> None:
    await _publish(register, PRICE)
    with pytest.raises(NotFoundError):
        await register.set_access(PRICE.id, Access("globex"))


async def test_two_tenants_may_use_the_same_id(register: Documents) -> None:
    await _publish(register, PRICE)
    await _publish(register, EDITED, Access("globex"))
    assert await register.transcript(PRICE.id, RUTH) == PRICE
    assert await register.transcript(PRICE.id, Principal("globex", "ruth")) == EDITED


async def test_the_catalogue_shows_who_spoke_latest_call_first(register: Documents) -> None:
    early = replace(PRICE, id="early", held=datetime(2026, 1, 1, tzinfo=UTC), account="Castellan")
    late = replace(PRICE, id="late", held=datetime(2026, 2, 1, tzinfo=UTC))
    for transcript in (early, ROUTES, late):
        await _publish(register, transcript)
    listed = await register.catalogue(RUTH)
    assert [entry.id for entry in listed] == ["late", "early", ROUTES.id]
    entry = listed[1]
    assert (entry.account, entry.held, entry.turns, entry.label) == ("Castellan", early.held, 5, Label.INTERNAL)
    assert [(speaker.name, speaker.role) for speaker in entry.speakers] == [
        ("Anna Meyer", "seller"),
        ("Ben Ode", "buyer"),
    ]
    await _publish(register, replace(early, title="Edited"))
    assert (await register.catalogue(RUTH))[1].title == "Edited"


async def test_few_transcripts_are_remembered_and_all_are_found(database: Database) -> None:
    register = Documents(database, remembered=1)
    for transcript in (PRICE, ROUTES):
        await _publish(register, transcript)
    for transcript in (PRICE, ROUTES, PRICE):
        assert await register.transcript(transcript.id, RUTH) == transcript
