"""The port of an index: chunks go in with their access, and only what a principal may read comes out."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from core.identity import Access, Principal
from memory.chunking.base import Chunk
from models.evidence import Utterance

Vector = NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class Document:
    """One version of a document as the index knows it: `version` is the hash of its content."""

    id: str
    version: str
    access: Access


@dataclass(frozen=True, slots=True)
class Scope:
    """Where to search, and for whom. `documents` None means all that the principal may read; `speaker` is a name."""

    principal: Principal
    documents: tuple[str, ...] | None = None
    speaker: str | None = None


@dataclass(frozen=True, slots=True)
class Hit:
    """A chunk that answers a query, one of `of` chunks of its version of the document.

    The score is BM25 in the keyword leg and the cosine in the dense one; more is better in both.
    """

    document: str
    version: str
    number: int
    of: int
    score: float


@dataclass(frozen=True, slots=True)
class ChunkRange:
    """Consecutive chunks of one version of a document, first and last included."""

    document: str
    version: str
    first: int
    last: int


@dataclass(frozen=True, slots=True)
class StoredChunk:
    """A chunk read back with all that is shown of it."""

    document: str
    version: str
    number: int
    of: int
    utterances: tuple[Utterance, ...]


class Searchable(Protocol):
    """What is asked of an index. Every method applies tenant, readers and label inside its query."""

    async def keyword(self, words: Sequence[str], *, scope: Scope, limit: int) -> list[Hit]:
        """Chunks with any of the words or their inflections, best first."""
        ...

    async def dense(self, vector: Vector, *, scope: Scope, limit: int) -> list[Hit]:
        """Chunks nearest to a unit vector of the index's embedder, best first."""
        ...

    async def read(self, ranges: Sequence[ChunkRange], *, scope: Scope) -> list[StoredChunk]:
        """The chunks of the ranges, in order of document and number; what may not be read is left out."""
        ...


class Writable(Protocol):
    """What ingestion does to an index. One writer at a time; a document's earlier version stays until it is removed."""

    async def put(self, document: Document, chunks: Sequence[Chunk], vectors: NDArray[np.float32]) -> None:
        """Store the chunks of one version in place of what is stored of it; `vectors` is (len(chunks), dimensions)."""
        ...

    async def set_access(self, document: str, access: Access) -> None:
        """Let these and no others read the document of this tenant; vectors stay as they are."""
        ...

    async def remove(self, tenant: str, document: str, *, except_version: str | None = None) -> None:
        """Forget the document, but for one version if it is named. To forget what is not there is no error."""
        ...

    async def compact(self) -> None:
        """Fold what was written into the search structures; call it after writing in bulk."""
        ...

    async def purge(self) -> None:
        """Leave nothing of what was removed in the index's files. Searches that are under way may fail."""
        ...


class Index(Searchable, Writable, Protocol):
    """What is written to, and looked into."""
