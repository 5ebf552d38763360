"""An index that keeps the chunks it was asked to read: what a version says does not change, and good passages are read often."""

from collections import OrderedDict
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from core.identity import Access
from memory.chunking.base import Chunk
from memory.indexes.base import ChunkRange, Document, Hit, Index, Scope, StoredChunk, Vector
from memory.indexes.rows import readable

CHUNKS_REMEMBERED = 4096

Key = tuple[str, str, str, int]
"""Who may read it (the query's own filter), the document, the version, the chunk's number."""


class RememberingIndex:
    """Wraps an index. What was read for one set of rights is remembered for that set alone, and forgotten as soon as the
    document changes in any way.
    """

    def __init__(self, index: Index) -> None:
        self._index = index
        self._chunks: OrderedDict[Key, StoredChunk | None] = OrderedDict()
        self._changes = 0

    async def keyword(self, words: Sequence[str], *, scope: Scope, limit: int) -> list[Hit]:
        """As the index finds them."""
        return await self._index.keyword(words, scope=scope, limit=limit)

    async def dense(self, vector: Vector, *, scope: Scope, limit: int) -> list[Hit]:
        """As the index finds them."""
        return await self._index.dense(vector, scope=scope, limit=limit)

    async def read(self, ranges: Sequence[ChunkRange], *, scope: Scope) -> list[StoredChunk]:
        """The chunks of the ranges; the index is asked for the ranges of which a chunk is not remembered."""
        if scope.speaker is not None:
            return await self._index.read(ranges, scope=scope)
        rights = readable(Scope(scope.principal))
        wanted = [one for one in ranges if scope.documents is None or one.document in scope.documents]
        unknown = [one for one in wanted if any(key not in self._chunks for key in _keys(rights, one))]
        known = {key: self._chunks[key] for one in wanted if one not in unknown for key in _keys(rights, one)}
        for key in known:
            self._chunks.move_to_end(key)
        if unknown:
            changes = self._changes
            read = {_place(chunk): chunk for chunk in await self._index.read(unknown, scope=scope)}
            found = {key: read.get(key[1:]) for one in unknown for key in _keys(rights, one)}
            known |= found
            if changes == self._changes:
                self._remember(found)
        return sorted(filter(None, known.values()), key=_place)

    async def put(self, document: Document, chunks: Sequence[Chunk], vectors: NDArray[np.float32]) -> None:
        """Stores the chunks."""
        try:
            await self._index.put(document, chunks, vectors)
        finally:
            self._forget(document.id)

    async def set_access(self, document: str, access: Access) -> None:
        """Lets these and no others read the document."""
        try:
            await self._index.set_access(document, access)
        finally:
            self._forget(document)

    async def remove(self, tenant: str, document: str, *, except_version: str | None = None) -> None:
        """Forgets the document."""
        try:
            await self._index.remove(tenant, document, except_version=except_version)
        finally:
            self._forget(document)

    async def compact(self) -> None:
        """Folds what was written into the search structures."""
        await self._index.compact()

    async def purge(self) -> None:
        """Leaves nothing of what was removed in the index's files."""
        await self._index.purge()

    def _remember(self, found: dict[Key, StoredChunk | None]) -> None:
        self._chunks |= found
        while len(self._chunks) > CHUNKS_REMEMBERED:
            self._chunks.popitem(last=False)

    def _forget(self, document: str) -> None:
        """Of every tenant, which is safe; a read that is under way may still bring what was, so it is not kept."""
        self._changes += 1
        for key in [key for key in self._chunks if key[1] == document]:
            del self._chunks[key]


def _keys(rights: str, one: ChunkRange) -> list[Key]:
    return [(rights, one.document, one.version, number) for number in range(one.first, one.last + 1)]


def _place(chunk: StoredChunk) -> tuple[str, str, int]:
    return chunk.document, chunk.version, chunk.number
