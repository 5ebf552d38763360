"""A register, an index and an ingestion over real files in a folder, as one process has them."""

from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

import sqlalchemy as sa

from core.database import Database
from core.identity import Access, Principal
from memory.chunking.turns import SpeakerTurns
from memory.documents import Documents, documents
from memory.indexes.base import ChunkRange, Scope
from memory.indexes.embedded import EmbeddedIndex
from memory.ingested import Report
from memory.ingestion import Ingestion
from memory.retrieval.recipes import HYBRID
from memory.retrieval.retriever import Retriever
from memory.transcripts.detect import read_file
from models.embeddings import LexicalHashing, Vectors
from tests.databases import fresh_database

ACME = Access("acme")
RUTH = Principal("acme", "ruth")
CHUNKING = SpeakerTurns(enough=8, most=25)
SOME_WORDS = "They said that the price of the renewal is too high for a carrier with two yards. "


class CountingEmbedder(LexicalHashing):
    """Counts the texts it was given."""

    def __init__(self) -> None:
        self.embedded = 0

    async def embed(self, texts: Sequence[str]) -> Vectors:
        self.embedded += len(texts)
        return await super().embed(texts)


@dataclass(frozen=True, slots=True)
class Bench:
    """What `open_bench` opened, and the folder of files beside it."""

    calls: Path
    database: Database
    documents: Documents
    index: EmbeddedIndex
    embedder: CountingEmbedder
    ingestion: Ingestion

    async def ingest(self, access: Access = ACME, principal: Principal = RUTH) -> Report:
        return await self.ingestion.ingest([self.calls], access, principal=principal)

    async def states(self) -> list[tuple[str, str]]:
        """Id and state of every row."""
        query = sa.select(documents.c.id, documents.c.state)
        rows = await self.database.read(lambda connection: connection.execute(query).all())
        return sorted((row.id, row.state) for row in rows)

    async def check_what_is_live(self) -> int:
        """Every live document has exactly the chunks of its live version; how many these are in all."""
        live = {entry.id: entry.version for entry in await self.documents.catalogue(RUTH)}
        total = 0
        for id_, version in live.items():
            transcript = await self.documents.transcript(id_, RUTH)
            assert transcript.content_hash == version
            stored = await self.index.read([ChunkRange(id_, version, 0, 1_000_000)], scope=Scope(RUTH))
            expected = CHUNKING.chunks(transcript.utterances)
            assert [(chunk.number, chunk.utterances) for chunk in stored] == [
                (c.number, c.utterances) for c in expected
            ]
            total += len(stored)
        found = await Retriever(self.index, self.embedder, self.documents).search(
            "Is the price too high?", principal=RUTH, recipe=HYBRID, limit=50
        )
        assert {(p.source.document, p.source.content_hash) for p in found} <= live.items()
        assert {p.source.document for p in found} == live.keys()
        return total

    async def check_that_all_is_well(self) -> None:
        """Live are exactly the files as they are now; index and database hold nothing else that could be found."""
        wanted = {t.id: t.content_hash for path in self.calls.iterdir() for t in read_file(path)}
        assert {entry.id: entry.version for entry in await self.documents.catalogue(RUTH)} == wanted
        assert await self.index.count() == await self.check_what_is_live()
        assert {state for _, state in await self.states()} <= {"live", "replaced"}
        assert await self.documents.unpublished() == []


@asynccontextmanager
async def open_bench(
    root: Path, *, checkpoint: Callable[[str], None] = lambda _: None, kind: type[EmbeddedIndex] = EmbeddedIndex
) -> AsyncIterator[Bench]:
    """The stores in `root`; files to ingest are in `root/calls`."""
    embedder = CountingEmbedder()
    async with fresh_database(root) as database:
        index = await kind.open(root / "index", embedder=embedder.id, dimensions=embedder.dimensions)
        register = Documents(database)
        ingestion = Ingestion(register, index, embedder, chunking=CHUNKING, checkpoint=checkpoint)
        try:
            yield Bench(root / "calls", database, register, index, embedder, ingestion)
        finally:
            index.close()


def write_call(root: Path, name: str, words: str = "so we begin") -> Path:
    """A conversation of a few chunks in `root/calls`."""
    path = root / "calls" / f"{name}.txt"
    path.parent.mkdir(exist_ok=True)
    turns = (f"{speaker}: {SOME_WORDS}{words} {turn}." for turn, speaker in enumerate(["Anna", "Ben"] * 3))
    path.write_text(f"Title: {name}\n" + "\n".join(turns), encoding="utf-8")
    return path
