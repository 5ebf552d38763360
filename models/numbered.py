"""Sentences whose marks are numbered over a whole answer, and what each number stands for."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field

from pydantic import TypeAdapter

from models.evidence import Citation, Figure, Source, Utterance
from models.language import Sentence

MARK = re.compile(r" ?\[\d+\]")


@dataclass(frozen=True, slots=True)
class Reference:
    """A citation as the reader meets it: its number in the answer, and who says it where, or in which part of the text."""

    n: int
    citation: Citation
    title: str
    speaker: str | None
    at: str | None
    part: str | None = None


@dataclass(frozen=True, slots=True)
class Numbered:
    """A sentence whose marks are numbered over the whole answer."""

    text: str
    references: tuple[Reference, ...] = ()
    figures: tuple[Figure, ...] = ()


NUMBERED = TypeAdapter(Numbered)


@dataclass(slots=True)
class Numbering:
    """Gives each distinct citation one number, in order of first use."""

    references: dict[Citation, Reference] = field(default_factory=dict)

    def apply(self, sentence: Sentence, sources: Sequence[Source]) -> Numbered:
        """The sentence with its last marks, one a citation, replaced by the answer's numbers."""
        used = tuple(self._reference(citation, sources) for citation in sentence.sources)
        marks = list(MARK.finditer(sentence.text))[-len(used) :] if used else []
        if len(marks) < len(used):
            return Numbered(sentence.text + "".join(f" [{r.n}]" for r in used[len(marks) :]), used, sentence.figures)
        text, end = "", 0
        for mark, reference in zip(marks, used, strict=True):
            text += f"{sentence.text[end : mark.start()]} [{reference.n}]"
            end = mark.end()
        return Numbered(text + sentence.text[end:], used, sentence.figures)

    def _reference(self, citation: Citation, sources: Sequence[Source]) -> Reference:
        if citation not in self.references:
            title, said = _place(citation, sources)
            who, at = (said[0].speaker, said[0].at) if said else (None, None)
            part = " and ".join(one.part for one in said if one.part) or None
            self.references[citation] = Reference(len(self.references) + 1, citation, title, who, at, part)
        return self.references[citation]


def _place(citation: Citation, sources: Sequence[Source]) -> tuple[str, list[Utterance]]:
    """The title of the cited document, and what is offered of the cited turns."""
    of_document = [source for source in sources if source.document == citation.document]
    first, last = citation.turns
    offered = {one.turn: one for source in of_document for one in source.utterances if first <= one.turn <= last}
    said = [offered[turn] for turn in sorted(offered)]
    return (of_document[0].title if of_document else citation.document), said
