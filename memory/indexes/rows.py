"""Chunks as rows of a table, and what may be read as the filter of a query."""

import json
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from core.errors import InvalidInputError
from memory.chunking.base import Chunk
from memory.indexes.base import Document, Scope, StoredChunk
from models.evidence import Utterance

#: The key under which the table's schema names the embedder of its vectors.
EMBEDDER = b"sophia.embedder"


def schema(embedder: str, dimensions: int) -> pa.Schema:
    """The columns of a chunk; `said` holds its utterances as JSON, so that a hit can be shown without the document."""
    return pa.schema(
        [
            pa.field("tenant", pa.string()),
            pa.field("document", pa.string()),
            pa.field("version", pa.string()),
            pa.field("readers", pa.list_(pa.string())),
            pa.field("label", pa.int8()),
            pa.field("number", pa.int32()),
            pa.field("of", pa.int32()),
            pa.field("first_turn", pa.int32()),
            pa.field("last_turn", pa.int32()),
            pa.field("speakers", pa.list_(pa.string())),
            pa.field("text", pa.string()),
            pa.field("said", pa.string()),
            pa.field("vector", pa.list_(pa.float32(), dimensions)),
        ],
        metadata={EMBEDDER: embedder.encode()},
    )


def rows(document: Document, chunks: Sequence[Chunk], vectors: NDArray[np.float32], wanted: pa.Schema) -> pa.Table:
    """The rows of one version of a document; `vectors` is (len(chunks), dimensions)."""
    same = {
        "tenant": document.access.tenant,
        "document": document.id,
        "version": document.version,
        "readers": sorted(document.access.readers),
        "label": int(document.access.label),
        "of": len(chunks),
    }
    return pa.Table.from_pylist(
        [same | _row(chunk) | {"vector": vector} for chunk, vector in zip(chunks, vectors, strict=True)], schema=wanted
    )


def readable(scope: Scope) -> str:
    """The filter that equals `Access.admits`, narrowed to the scope's documents and speaker."""
    principal = scope.principal
    terms = [
        f"tenant = {literal(principal.tenant)}",
        f"label <= {int(principal.clearance)}",
        f"array_has_any(readers, make_array({literals(sorted(principal.grants))}))",
    ]
    if scope.documents is not None:
        terms.append(f"document IN ({literals(scope.documents)})" if scope.documents else "false")
    if scope.speaker is not None:
        terms.append(f"array_has_any(speakers, make_array({literal(scope.speaker)}))")
    return " AND ".join(terms)


def literal(value: str) -> str:
    """A string as SQL writes it. InvalidInputError for one with a NUL, which SQL cannot write."""
    if "\0" in value:
        raise InvalidInputError(f"{value!r} holds a NUL character: no name or id may")
    return "'" + value.replace("'", "''") + "'"


def literals(values: Iterable[str]) -> str:
    """Strings as SQL writes a list of them."""
    return ", ".join(literal(value) for value in values)


def stored_chunk(row: Mapping[str, Any]) -> StoredChunk:
    """The chunk a row holds."""
    said = tuple(
        Utterance(turn=turn, speaker=speaker, text=text, span=(start, end), role=role, at=at)
        for turn, speaker, text, start, end, role, at in json.loads(row["said"])
    )
    return StoredChunk(row["document"], row["version"], row["number"], row["of"], said)


def _row(chunk: Chunk) -> dict[str, object]:
    first, last = chunk.turns
    return {
        "number": chunk.number,
        "first_turn": first,
        "last_turn": last,
        "speakers": sorted({said.speaker for said in chunk.utterances}),
        "text": chunk.text,
        "said": json.dumps([(u.turn, u.speaker, u.text, *u.span, u.role, u.at) for u in chunk.utterances]),
    }
