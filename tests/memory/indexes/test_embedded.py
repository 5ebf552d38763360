import asyncio
import subprocess
import sys
from collections.abc import AsyncIterator
from pathlib import Path

import numpy as np
import pytest

from core.errors import ConflictError, InvalidInputError
from core.identity import Access, Label, Principal
from memory.chunking.turns import SpeakerTurns
from memory.indexes.base import ChunkRange, Document, Scope
from memory.indexes.embedded import WRITES_BEFORE_COMPACTION, EmbeddedIndex
from memory.transcripts.model import Transcript
from models.embeddings import LexicalHashing
from tests.memory.conversations import PRICE, ROUTES

EMBEDDER = LexicalHashing()
READER = Principal("acme", "ruth")
EVERYONE = Access("acme")
CHUNKING = SpeakerTurns(enough=8, most=25)


@pytest.fixture
async def index(tmp_path: Path) -> AsyncIterator[EmbeddedIndex]:
    opened = await EmbeddedIndex.open(tmp_path / "index", embedder=EMBEDDER.id, dimensions=EMBEDDER.dimensions)
    yield opened
    opened.close()


async def _put(
    index: EmbeddedIndex, transcript: Transcript, access: Access = EVERYONE, version: str | None = None
) -> None:
    chunks = CHUNKING.chunks(transcript.utterances)
    document = Document(transcript.id, version or transcript.content_hash, access)
    await index.put(document, chunks, await EMBEDDER.embed([chunk.text for chunk in chunks]))


async def _found(index: EmbeddedIndex, principal: Principal = READER, **narrowed: object) -> set[str]:
    """Documents that both legs find; they must agree, because they share one filter."""
    scope = Scope(principal, **narrowed)  # type: ignore[arg-type]
    by_words = await index.keyword(["renewal", "route"], scope=scope, limit=50)
    vector = (await EMBEDDER.embed(["routes of drivers"]))[0]
    by_meaning = await index.dense(vector, scope=scope, limit=50)
    assert {hit.document for hit in by_words} == {hit.document for hit in by_meaning}
    return {hit.document for hit in by_words}


async def test_words_are_found_by_their_inflections(index: EmbeddedIndex) -> None:
    await _put(index, PRICE)
    await _put(index, ROUTES)
    hits = await index.keyword(["driver", "planning"], scope=Scope(READER), limit=5)
    assert {hit.document for hit in hits} == {"routes"}
    assert hits == sorted(hits, key=lambda hit: -hit.score)


async def test_the_nearest_chunk_has_its_cosine_as_score(index: EmbeddedIndex) -> None:
    await _put(index, PRICE)
    chunk = CHUNKING.chunks(PRICE.utterances)[1]
    best = (await index.dense((await EMBEDDER.embed([chunk.text]))[0], scope=Scope(READER), limit=1))[0]
    assert best.number == 1
    assert best.score == pytest.approx(1.0, abs=1e-5)


@pytest.mark.parametrize(
    ("access", "principal"),
    [
        (Access("globex"), READER),
        (Access("acme", frozenset({"group:board"})), READER),
        (Access("acme", label=Label.RESTRICTED), READER),
        (Access("acme", frozenset()), READER),
        (Access("ac'me", frozenset({"user:ruth"})), Principal("acme' OR '1'='1", "ruth")),
    ],
)
async def test_what_a_principal_may_not_read_is_in_no_leg(
    index: EmbeddedIndex, access: Access, principal: Principal
) -> None:
    assert not access.admits(principal)
    await _put(index, PRICE, access)
    assert await _found(index, principal) == set()
    stored = ChunkRange("price", PRICE.content_hash, 0, 9)
    assert await index.read([stored], scope=Scope(principal)) == []


async def test_filters_come_before_the_ranking_and_do_not_starve_it(index: EmbeddedIndex) -> None:
    await _put(index, ROUTES)
    for number in range(5):
        await _put(index, ROUTES, Access("globex"), version=f"v{number}")
    vector = (await EMBEDDER.embed(["drivers plan routes"]))[0]
    mine = await index.dense(vector, scope=Scope(READER), limit=2)
    assert [hit.version for hit in mine] == [ROUTES.content_hash] * 2


async def test_documents_and_speakers_narrow_a_search(index: EmbeddedIndex) -> None:
    await _put(index, PRICE)
    await _put(index, ROUTES)
    assert await _found(index) == {"price", "routes"}
    assert await _found(index, documents=("routes",)) == {"routes"}
    assert await _found(index, documents=()) == set()
    assert await _found(index, speaker="Ben Ode") == {"price"}


async def test_changed_access_is_in_force_at_once_and_keeps_the_vectors(index: EmbeddedIndex) -> None:
    await _put(index, PRICE, Access("acme", frozenset({"user:o'hara"})))
    assert await _found(index) == set()
    await index.set_access("price", Access("acme", frozenset({"user:ruth"}), Label.PUBLIC))
    assert await _found(index) == {"price"}
    assert await _found(index, Principal("acme", "o'hara")) == set()
    await index.set_access("price", Access("acme", label=Label.RESTRICTED))
    assert await _found(index) == set()
    assert await _found(index, Principal("acme", "rex", clearance=Label.RESTRICTED)) == {"price"}


async def test_a_new_version_replaces_the_old_one_without_doubling(index: EmbeddedIndex) -> None:
    await _put(index, PRICE, version="one")
    await asyncio.gather(*(_put(index, PRICE, version="two") for _ in range(4)))
    await index.remove("acme", "price", except_version="two")
    assert await index.count() == len(CHUNKING.chunks(PRICE.utterances))
    hits = await index.keyword(["renewal"], scope=Scope(READER), limit=50)
    assert {hit.version for hit in hits} == {"two"}


async def test_a_removed_document_is_gone_for_its_tenant_only(index: EmbeddedIndex) -> None:
    await _put(index, PRICE)
    await _put(index, PRICE, Access("globex"))
    await index.remove("acme", "price")
    assert await _found(index) == set()
    assert await _found(index, Principal("globex", "gus")) == {"price"}


async def test_what_is_read_back_is_what_was_said(index: EmbeddedIndex) -> None:
    await _put(index, PRICE)
    chunks = await index.read([ChunkRange("price", PRICE.content_hash, 0, 99)], scope=Scope(READER))
    assert [said for chunk in chunks for said in chunk.utterances] == list(PRICE.utterances)


async def test_many_writes_are_folded_in_and_still_found(index: EmbeddedIndex) -> None:
    for number in range(WRITES_BEFORE_COMPACTION + 1):
        await _put(index, PRICE, version=f"v{number}")
    hits = await index.keyword(["renewal"], scope=Scope(READER), limit=100)
    assert len({hit.version for hit in hits}) == WRITES_BEFORE_COMPACTION + 1


async def test_an_index_outlives_its_process_but_refuses_another_embedder(tmp_path: Path) -> None:
    first = await EmbeddedIndex.open(tmp_path, embedder=EMBEDDER.id, dimensions=EMBEDDER.dimensions)
    await _put(first, PRICE)
    first.close()
    again = await EmbeddedIndex.open(tmp_path, embedder=EMBEDDER.id, dimensions=EMBEDDER.dimensions)
    assert await _found(again) == {"price"}
    again.close()
    with pytest.raises(ConflictError, match=r"lexical-hashing.*another-model"):
        await EmbeddedIndex.open(tmp_path, embedder="another-model", dimensions=EMBEDDER.dimensions)


async def test_vectors_of_another_width_are_refused(index: EmbeddedIndex) -> None:
    chunks = CHUNKING.chunks(PRICE.utterances)
    with pytest.raises(InvalidInputError, match="3 dimensions"):
        await index.put(Document("price", "v", EVERYONE), chunks, np.ones((len(chunks), 3), np.float32))
    with pytest.raises(InvalidInputError, match="vectors"):
        await index.put(Document("price", "v", EVERYONE), chunks, np.ones((1, EMBEDDER.dimensions), np.float32))
    with pytest.raises(InvalidInputError, match="3 dimensions"):
        await index.dense(np.ones(3, np.float32), scope=Scope(READER), limit=1)


def test_clients_that_nobody_needs_are_made_only_when_they_are_asked_for() -> None:
    package = "lance_namespace_urllib3_client"
    looked = (
        "import sys, memory.indexes.embedded\n"
        f"print('{package}.api' in sys.modules)\n"
        f"from {package} import TableApi\n"
        "print(TableApi.__name__)"
    )
    printed = subprocess.run([sys.executable, "-c", looked], capture_output=True, text=True, check=True).stdout
    assert printed.split() == ["False", "TableApi"]


def test_messages_of_the_catalogue_are_described_once_they_are_used_and_other_models_at_once() -> None:
    looked = (
        "import memory.indexes.embedded, pydantic\n"
        "from lance_namespace import ListTablesResponse as Message\n"
        "print(Message.__pydantic_complete__, Message(tables=['chunks']).tables)\n"
        "print(pydantic.create_model('Own', count=(int, 1)).__pydantic_complete__)"
    )
    printed = subprocess.run([sys.executable, "-c", looked], capture_output=True, text=True, check=True).stdout
    assert printed.splitlines() == ["False ['chunks']", "True"]
