"""The embedded index: LanceDB in a folder, for one process.

Dense and keyword queries carry tenant, readers and label as a filter that is applied before the ranking. Writes go
through one lock, because the engine doubles rows silently when two writers replace the same ones.
"""

import asyncio
import warnings
from collections.abc import Sequence
from datetime import timedelta
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from core.errors import ConflictError, InvalidInputError
from core.identity import Access
from memory.chunking.base import Chunk
from memory.indexes.base import ChunkRange, Document, Hit, Scope, StoredChunk, Vector
from memory.indexes.lance import lancedb
from memory.indexes.rows import EMBEDDER, literal, literals, readable, rows, schema, stored_chunk

TABLE = "chunks"
#: Below this many rows an exact scan is faster than an index of vectors, and misses nothing.
ROWS_FOR_VECTOR_INDEX = 20_000
#: Rows written since the last compaction are searched one by one: fold them in after this many writes.
WRITES_BEFORE_COMPACTION = 8
#: How long a replaced or removed row stays on disk for queries that began before it went.
KEPT_FOR_READERS = timedelta(minutes=5)


class EmbeddedIndex:
    """Chunks in a LanceDB table; use `open`."""

    def __init__(self, connection: Any, table: Any, *, embedder: str, dimensions: int, approximate: bool) -> None:
        self.embedder = embedder
        self.dimensions = dimensions
        self._connection = connection
        self._table = table
        self._approximate = approximate
        self._writing = asyncio.Lock()
        self._writes = 0

    @classmethod
    async def open(cls, folder: Path, *, embedder: str, dimensions: int) -> "EmbeddedIndex":
        """Open the index in a folder, or make it. ConflictError when its vectors are another embedder's."""
        connection = await lancedb.connect_async(folder)
        wanted = schema(embedder, dimensions)
        if TABLE in (await connection.list_tables()).tables:
            table = await connection.open_table(TABLE)
            _refuse_to_mix((await table.schema()).metadata or {}, embedder, folder)
        else:
            table = await connection.create_table(TABLE, schema=wanted)
            # The full-text index must be made while the table is empty, or the first rows are not found by it.
            await _make_indexes(table)
        approximate = any("vector" in index.columns for index in await table.list_indices())
        return cls(connection, table, embedder=embedder, dimensions=dimensions, approximate=approximate)

    def close(self) -> None:
        """Let go of the folder."""
        self._table.close()
        self._connection.close()

    async def keyword(self, words: Sequence[str], *, scope: Scope, limit: int) -> list[Hit]:
        """BM25 over English stems; no words find nothing."""
        if not words:
            return []
        query = self._table.query().nearest_to_text(" ".join(words)).where(readable(scope)).limit(limit)
        found = await query.select(["document", "version", "number", "of", "_score"]).to_list()
        return [Hit(row["document"], row["version"], row["number"], row["of"], row["_score"]) for row in found]

    async def dense(self, vector: Vector, *, scope: Scope, limit: int) -> list[Hit]:
        """The nearest by cosine: exact, or over an index of quantised vectors whose finds are ranked again exactly."""
        self._check_width(vector.shape[-1])
        query = self._table.query().nearest_to(vector).distance_type("cosine").where(readable(scope)).limit(limit)
        if self._approximate:
            query = query.refine_factor(10)
        found = await query.select(["document", "version", "number", "of", "_distance"]).to_list()
        return [Hit(row["document"], row["version"], row["number"], row["of"], 1.0 - row["_distance"]) for row in found]

    async def read(self, ranges: Sequence[ChunkRange], *, scope: Scope) -> list[StoredChunk]:
        """The chunks of the ranges, one query for all."""
        if not ranges:
            return []
        wanted = " OR ".join(
            f"(document = {literal(r.document)} AND version = {literal(r.version)}"
            f" AND number BETWEEN {int(r.first)} AND {int(r.last)})"
            for r in ranges
        )
        query = self._table.query().where(f"{readable(scope)} AND ({wanted})")
        found = await query.select(["document", "version", "number", "of", "said"]).to_list()
        return sorted(
            (stored_chunk(row) for row in found), key=lambda chunk: (chunk.document, chunk.version, chunk.number)
        )

    async def put(self, document: Document, chunks: Sequence[Chunk], vectors: NDArray[np.float32]) -> None:
        """Replace what is stored of this version of the document."""
        if len(chunks) != len(vectors):
            raise InvalidInputError(
                f"{len(chunks)} chunks of {document.id!r} came with {len(vectors)} vectors: embed each"
            )
        if len(chunks):
            self._check_width(vectors.shape[-1])
        async with self._writing:
            await self._table.delete(
                f"{_is(document.access.tenant, document.id)} AND version = {literal(document.version)}"
            )
            if len(chunks):
                await self._table.add(rows(document, chunks, vectors, schema(self.embedder, self.dimensions)))
            self._writes += 1
            if self._writes >= WRITES_BEFORE_COMPACTION:
                await self._compact()

    async def set_access(self, document: str, access: Access) -> None:
        """Rewrite label and readers of every version of the document."""
        changes = {"label": str(int(access.label)), "readers": f"make_array({literals(sorted(access.readers))})"}
        async with self._writing:
            await self._table.update(where=_is(access.tenant, document), updates_sql=changes)

    async def remove(self, tenant: str, document: str, *, except_version: str | None = None) -> None:
        """Forget the document, but for one version if it is named."""
        kept = f" AND version != {literal(except_version)}" if except_version is not None else ""
        async with self._writing:
            await self._table.delete(_is(tenant, document) + kept)

    async def count(self) -> int:
        """How many chunks there are, of all tenants and versions."""
        counted: int = await self._table.count_rows()
        return counted

    async def compact(self) -> None:
        """Fold new rows into the indexes, and make one of the vectors once there are many."""
        async with self._writing:
            await self._compact()

    async def purge(self) -> None:
        """Write the table anew with what is left in it, and drop every earlier version with its files at once.

        Compacting alone would keep removed rows in files that are mostly live, and their words in the full-text index.
        """
        async with self._writing:
            kept, wanted = await self._table.query().to_arrow(), await self._table.schema()
            self._table.close()
            self._table = await self._connection.create_table(TABLE, data=kept.cast(wanted), mode="overwrite")
            await _make_indexes(self._table)
            self._approximate = False
            with warnings.catch_warnings(action="ignore", category=UserWarning):  # about readers of earlier versions
                await self._table.optimize(cleanup_older_than=timedelta(0), delete_unverified=True)
            await self._compact()

    async def _compact(self) -> None:
        if not self._approximate and await self._table.count_rows() >= ROWS_FOR_VECTOR_INDEX:
            await self._table.create_index("vector", config=lancedb.index.IvfSq(distance_type="cosine"))
            self._approximate = True
        await self._table.optimize(cleanup_older_than=KEPT_FOR_READERS)
        self._writes = 0

    def _check_width(self, width: int) -> None:
        if width != self.dimensions:
            raise InvalidInputError(
                f"A vector has {width} dimensions, the index {self.dimensions}: embed with {self.embedder!r}"
            )


async def _make_indexes(table: Any) -> None:
    await table.create_index("text", config=lancedb.index.FTS(remove_stop_words=False, with_position=False))
    await table.create_index("document", config=lancedb.index.BTree())
    await table.create_index("tenant", config=lancedb.index.Bitmap())
    await table.create_index("readers", config=lancedb.index.LabelList())


def _is(tenant: str, document: str) -> str:
    return f"tenant = {literal(tenant)} AND document = {literal(document)}"


def _refuse_to_mix(metadata: dict[bytes, bytes], embedder: str, folder: Path) -> None:
    made_with = metadata.get(EMBEDDER, b"").decode()
    if made_with != embedder:
        raise ConflictError(
            f"The index in {folder.name!r} holds vectors of {made_with!r}, and the embedder is {embedder!r}: "
            "start with the embedder it was made with, or remove the folder and ingest again"
        )
