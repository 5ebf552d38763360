"""Chunks by speaker turns, bounded by words.

Small chunks find the place; the retriever then shows as many neighbouring turns as its budget of words allows. A turn
too long for a chunk is cut between sentences, and only a sentence too long between words.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from memory.chunking.base import Chunk
from models.evidence import Utterance
from models.text.sentences import sentence_spans, word_count, word_spans


@dataclass(frozen=True, slots=True)
class SpeakerTurns:
    """Packs turns until a chunk has `enough` words; no chunk has more than `most`."""

    enough: int = 45
    most: int = 70

    @property
    def id(self) -> str:
        return f"turns-{self.enough}-{self.most}"

    def chunks(self, utterances: Sequence[Utterance]) -> tuple[Chunk, ...]:
        """The chunks of a conversation; turns without a word are left out."""
        return tuple(Chunk(number, packed) for number, packed in enumerate(self._packed(utterances)))

    def _packed(self, utterances: Sequence[Utterance]) -> Iterator[tuple[Utterance, ...]]:
        packed: list[Utterance] = []
        words = 0
        for part in (part for said in utterances for part in parts(said, most=self.most)):
            size = word_count(part.text)
            if packed and words + size > self.most:
                yield tuple(packed)
                packed, words = [], 0
            packed.append(part)
            words += size
            if words >= self.enough:
                yield tuple(packed)
                packed, words = [], 0
        if packed:
            yield tuple(packed)


def parts(said: Utterance, *, most: int) -> Iterator[Utterance]:
    """The utterance in parts of at most `most` words, each with its own place in the document."""
    if word_count(said.text) <= most:
        if said.text.strip():
            yield said
        return
    start: int | None = None
    end = words = 0
    for left, right in _pieces(said.text, most):
        size = word_count(said.text[left:right])
        if start is not None and words + size > most:
            yield _part(said, start, end)
            start, words = None, 0
        start = left if start is None else start
        end = right
        words += size
    if start is not None:
        yield _part(said, start, end)


def _pieces(text: str, most: int) -> Iterator[tuple[int, int]]:
    """Sentences as character ranges; one of more than `most` words in several."""
    for left, right in sentence_spans(text):
        spans = [(left + start, left + end) for start, end in word_spans(text[left:right])]
        for first in range(0, len(spans), most):
            yield spans[first][0], spans[min(first + most, len(spans)) - 1][1]


def _part(said: Utterance, start: int, end: int) -> Utterance:
    offset = said.span[0]
    return replace(said, text=said.text[start:end], span=(offset + start, offset + end))
