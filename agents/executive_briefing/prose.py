"""Figures and quotations as the lines of a briefing; what the language drafts and cannot bear out is counted, not shown."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from agents.base import Turn
from agents.executive_briefing.document import Line, Reference
from core.identity import Label
from models.citations import check
from models.evidence import Figure, Source
from models.language import Brief, Form, Sentence
from models.numbered import Numbering


@dataclass(slots=True)
class Prose:
    """Writes lines for one briefing and numbers what they cite over the whole of it."""

    turn: Turn
    withheld: list[str] = field(default_factory=list)
    label: Label = Label.PUBLIC
    documents: set[str] = field(default_factory=set)
    _numbering: Numbering = field(default_factory=Numbering)

    @property
    def references(self) -> tuple[Reference, ...]:
        """What was cited, in order of its numbers."""
        return tuple(
            Reference(one.n, one.citation.id, one.citation, one.title, one.speaker, one.at, one.part)
            for one in self._numbering.references.values()
        )

    def rests_on(self, label: Label, documents: Iterable[str]) -> None:
        """Notes the label and the documents of something that was read for the briefing, cited or not."""
        self.label = max(self.label, label)
        self.documents |= set(documents)

    def cited(self, sentence: Sentence, sources: Sequence[Source]) -> Line:
        """A sentence of ours that quotes: its marks are numbered over the whole briefing."""
        numbered = self._numbering.apply(sentence, sources)
        return Line(numbered.text, numbered.figures, tuple(ref.n for ref in numbered.references))

    def recorded(
        self, lines: Sequence[Sentence], sources: Sequence[Source], figures: Sequence[Figure], *, label: Label
    ) -> tuple[Line, ...]:
        """Sentences that are written already, those of them that stand."""
        self.rests_on(label, (source.document for source in sources))
        brief = Brief(Form.QUOTES, "", tuple(sources), tuple(figures))
        flaws = [check(line, brief, entities=self.turn.entities) for line in lines]
        self.withheld += [str(flaw) for flaw in flaws if flaw]
        return tuple(self.cited(line, sources) for line, flaw in zip(lines, flaws, strict=True) if flaw is None)

    async def of_figures(self, figures: Sequence[Figure], *, about: str, label: Label) -> tuple[Line, ...]:
        """What the figures say, in sentences that they bear."""
        return await self._written(Brief(Form.ANSWER, about, (), tuple(figures)), label) if figures else ()

    async def of_sources(self, sources: Sequence[Source], *, about: str) -> tuple[Line, ...]:
        """What was said, in the speakers' own words."""
        if not sources:
            return ()
        return await self._written(Brief(Form.QUOTES, about, tuple(sources)), max(one.label for one in sources))

    async def _written(self, brief: Brief, label: Label) -> tuple[Line, ...]:
        self.rests_on(label, (source.document for source in brief.sources))
        call = self.turn.call("briefing", label=label, withheld=self.withheld.append)
        drafted = [sentence async for sentence in self.turn.language.write(brief, call=call)]
        numbered = [self._numbering.apply(sentence, brief.sources) for sentence in drafted]
        return tuple(Line(one.text, one.figures, tuple(ref.n for ref in one.references)) for one in numbered)
