"""Lines of an answer that stand as they are: quotations with their places, figures, and headings over them."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from agents.base import Finding
from agents.call_analysis.asks import Ask, without_orders
from agents.call_analysis.quoting import widened
from core.identity import Label
from models.citations import MARKER
from models.evidence import Citation, Figure, Source, Utterance
from models.extractive.lines import figure_line
from models.language import Part, Sentence

_INNER = str.maketrans(dict.fromkeys('"“”„«»', "'"))


@dataclass(slots=True)
class Telling:
    """Sentences about calls, each of which stands on a turn or on a figure; a heading comes with the first line under it."""

    sources: list[Source] = field(default_factory=list)
    lines: list[Sentence] = field(default_factory=list)
    figures: list[Figure] = field(default_factory=list)
    parts: list[Part] = field(default_factory=list)
    _heading: str | None = None

    def head(self, heading: str) -> None:
        """Puts a heading over the lines that follow; one that nothing follows is not written."""
        self._heading = heading

    def quote(self, of: Source, span: tuple[int, int] | None = None, *, lead: str = "") -> bool:
        """Quotes a turn, the only one of the source, or the sentences around a span of it, behind a lead.

        False, and no line, where nothing of it may be quoted because it gives orders to its reader.
        """
        [said] = of.utterances
        start, end = widened(said, span or said.span)
        cut = replace(said, text=said.text[start - said.span[0] : end - said.span[0]], span=(start, end))
        source = replace(of, utterances=(cut,))
        if without_orders([source]) != (source,):
            return False
        self._write_heading()
        citation = Citation(of.document, of.content_hash, (cut.turn, cut.turn), cut.span)
        self.sources.append(source)
        text = f"{lead}{_quoted(cut)} [{len(self.sources)}]"
        self.lines.append(Sentence(text, (citation,)))
        return True

    def measure(self, figure: Figure) -> None:
        """A figure as it is bound."""
        self._write_heading()
        self.figures.append(figure)
        self.lines.append(figure_line(figure))

    def tell(self, text: str, figures: Sequence[Figure]) -> None:
        """A sentence that figures bear."""
        self._write_heading()
        self.figures.extend(figures)
        self.lines.append(Sentence(text, (), tuple(figures)))

    def finding(self, ask: Ask, *, label: Label, documents: Sequence[str] = (), note: str | None = None) -> Finding:
        """What was told, as the supervisor takes it."""
        found = ask.finding(sources=self.sources, figures=self.figures, label=label, documents=documents, note=note)
        return replace(found, lines=tuple(self.lines), parts=tuple(self.parts))

    def _write_heading(self) -> None:
        if self._heading is not None:
            self.parts.append(Part(self._heading, ()))
            self.lines.append(Sentence(f"{self._heading}:"))
            self._heading = None


def _quoted(said: Utterance) -> str:
    return f'{said.attribution}: "{MARKER.sub("", said.text).translate(_INNER)}"'
