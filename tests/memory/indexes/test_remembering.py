"""Chunks that were read are remembered, for whoever may read them and until they change."""

import asyncio
from collections.abc import AsyncIterator, Sequence
from pathlib import Path

import pytest

from core.identity import Access, Label, Principal
from memory.chunking.turns import SpeakerTurns
from memory.indexes.base import ChunkRange, Document, Scope, StoredChunk
from memory.indexes.embedded import EmbeddedIndex
from memory.indexes.remembering import RememberingIndex
from models.embeddings import LexicalHashing
from tests.memory.conversations import PRICE, ROUTES

EMBEDDER = LexicalHashing()
RUTH, REX = Principal("acme", "ruth"), Principal("acme", "rex", clearance=Label.RESTRICTED)
CHUNKING = SpeakerTurns(enough=8, most=25)
WHOLE = ChunkRange("price", PRICE.content_hash, 0, 99)


class Counted(EmbeddedIndex):
    """Counts how often it is read, and can hold up what a read brings."""

    reads = 0
    held: asyncio.Event | None = None
    reading = asyncio.Event()

    async def read(self, ranges: Sequence[ChunkRange], *, scope: Scope) -> list[StoredChunk]:
        self.reads += 1
        found = await super().read(ranges, scope=scope)
        if self.held is not None:
            self.reading.set()
            await self.held.wait()
        return found


@pytest.fixture
async def stored(tmp_path: Path) -> AsyncIterator[Counted]:
    opened = await Counted.open(tmp_path / "index", embedder=EMBEDDER.id, dimensions=EMBEDDER.dimensions)
    assert isinstance(opened, Counted)
    yield opened
    opened.close()


async def _put(index: RememberingIndex, version: str = PRICE.content_hash, access: Access | None = None) -> None:
    chunks = CHUNKING.chunks(PRICE.utterances)
    vectors = await EMBEDDER.embed([chunk.text for chunk in chunks])
    await index.put(Document("price", version, access or Access("acme")), chunks, vectors)


async def test_a_chunk_is_read_once_and_comes_back_the_same(stored: Counted) -> None:
    index = RememberingIndex(stored)
    await _put(index)
    first = await index.read([WHOLE], scope=Scope(RUTH))
    again = await index.read([WHOLE, ChunkRange("price", PRICE.content_hash, 1, 1)], scope=Scope(RUTH))
    assert again == first == await stored.read([WHOLE], scope=Scope(RUTH))
    assert stored.reads == 2


async def test_what_one_may_read_is_not_remembered_for_another(stored: Counted) -> None:
    index = RememberingIndex(stored)
    await _put(index, access=Access("acme", label=Label.RESTRICTED))
    assert await index.read([WHOLE], scope=Scope(REX))
    assert await index.read([WHOLE], scope=Scope(RUTH)) == []


async def test_documents_and_a_speaker_narrow_what_is_remembered_too(stored: Counted) -> None:
    index = RememberingIndex(stored)
    await _put(index)
    everything = await index.read([WHOLE], scope=Scope(RUTH))
    assert await index.read([WHOLE], scope=Scope(RUTH, documents=(ROUTES.id,))) == []
    speaker = everything[0].utterances[0].speaker
    narrowed = Scope(RUTH, speaker=speaker)
    assert await index.read([WHOLE], scope=narrowed) == await stored.read([WHOLE], scope=narrowed)


@pytest.mark.parametrize("change", ["access", "removal", "other chunks"])
async def test_a_change_is_in_force_with_the_next_read(stored: Counted, change: str) -> None:
    index = RememberingIndex(stored)
    await _put(index)
    assert await index.read([WHOLE], scope=Scope(RUTH))
    if change == "access":
        await index.set_access("price", Access("acme", label=Label.RESTRICTED))
    elif change == "removal":
        await index.remove("acme", "price")
    else:
        await index.put(Document("price", PRICE.content_hash, Access("acme")), [], await EMBEDDER.embed([]))
    assert await index.read([WHOLE], scope=Scope(RUTH)) == []


async def test_what_a_read_brings_that_a_change_overtook_is_not_kept(stored: Counted) -> None:
    index = RememberingIndex(stored)
    await _put(index)
    stored.held, stored.reading = asyncio.Event(), asyncio.Event()
    slow = asyncio.create_task(index.read([WHOLE], scope=Scope(RUTH)))
    await stored.reading.wait()
    await index.remove("acme", "price")
    stored.held.set()
    await slow
    assert await index.read([WHOLE], scope=Scope(RUTH)) == []
