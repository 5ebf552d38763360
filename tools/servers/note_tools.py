"""The tool that finds what was noted in the CRM about something, in some days."""

from collections import OrderedDict
from collections.abc import Sequence
from datetime import date
from typing import Annotated, Any

import numpy as np
from mcp.server.mcpserver import Context
from pydantic import Field

from core.errors import InvalidInputError
from core.identity import Label
from memory.crm.notes import Note, Notes
from models.embeddings import Embedder, Vectors
from models.evidence import Source, highest
from models.text.sentences import sentence_spans
from tools.calls.instructions import instruction_confidence
from tools.servers.call_results import Passage, Passages
from tools.servers.principals import PrincipalOf

Ctx = Context[Any, Any]
LEAST = 0.3
"""A note whose cosine with what is looked for is smaller than this is about something else."""
REMEMBERED = 5000


class NoteTools:
    """The tool; it asks `principal_of` first."""

    def __init__(self, notes: Notes, embedder: Embedder, principal_of: PrincipalOf) -> None:
        self._notes, self._embedder, self._principal_of = notes, embedder, principal_of
        self._vectors: OrderedDict[str, Any] = OrderedDict()

    async def find_notes(
        self,
        about: Annotated[str, Field(description="What to look for, in words")],
        first: Annotated[date, Field(description="Only notes of this day or later")],
        last: Annotated[date, Field(description="Only notes of this day or earlier")],
        context: Ctx,
        limit: Annotated[int, Field(ge=1, le=20, description="At most so many notes")] = 3,
    ) -> Passages:
        """Finds what was noted in the CRM that is nearest in meaning, the nearest first. Notes that give orders are left out."""
        principal = self._principal_of(context)
        if not about.strip():
            raise InvalidInputError("There is nothing to look for in 'about': say what the notes should be about")
        notes = [note for note in await self._notes.between(first, last, principal) if not _gives_orders(note)]
        nearest = await self._nearest(about, notes, limit)
        label = highest([note.label for note, _ in nearest] or [Label.PUBLIC])
        return Passages(label=str(label), passages=tuple(Passage.of(_source(note, score)) for note, score in nearest))

    async def _nearest(self, about: str, notes: Sequence[Note], limit: int) -> list[tuple[Note, float]]:
        if not notes:
            return []
        [wanted] = await self._embedder.embed([about])
        scores = await self._embedded(notes) @ wanted
        best = sorted(zip(notes, map(float, scores), strict=True), key=lambda one: -one[1])[:limit]
        return [(note, score) for note, score in best if score >= LEAST]

    async def _embedded(self, notes: Sequence[Note]) -> Vectors:
        """The notes' vectors; each wording is embedded once."""
        unknown = {
            note.transcript.content_hash: f"{note.transcript.title}. {note.transcript.turns[0].text}"
            for note in notes
            if note.transcript.content_hash not in self._vectors
        }
        if unknown:
            self._vectors |= zip(unknown, await self._embedder.embed(list(unknown.values())), strict=True)
        found = np.stack([self._vectors[note.transcript.content_hash] for note in notes])
        while len(self._vectors) > REMEMBERED:
            self._vectors.popitem(last=False)
        return found


def _source(note: Note, score: float) -> Source:
    said = note.transcript
    return Source(said.id, said.content_hash, said.title, note.label, tuple(said.utterances), score, said.held)


def _gives_orders(note: Note) -> bool:
    """Whether a sentence of it is addressed to whoever reads it on somebody's behalf: it belongs into no answer."""
    text = note.transcript.turns[0].text
    return any(instruction_confidence(text[start:end]) is not None for start, end in sentence_spans(text))
