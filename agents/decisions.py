"""Decisions told in sentences that cite them, whichever language answers: they are recorded words, not material to retell."""

from dataclasses import dataclass, field

from memory.decisions.citable import CHOICE, QUESTION, as_text, told_wire, wire
from memory.decisions.history import Kept
from memory.decisions.wires import Reading, Standing
from models.citations import MARKER
from models.evidence import Citation, Figure, Source, Utterance
from models.extractive.figures import value_line
from models.language import Sentence
from tools.servers.metric_results import Measurement


@dataclass(slots=True)
class Telling:
    """Sentences about decisions, each of which stands on one turn of a decision's text or on the figure of a trip-wire."""

    sources: list[Source] = field(default_factory=list)
    lines: list[Sentence] = field(default_factory=list)
    figures: list[Figure] = field(default_factory=list)

    def add(self, decision: Kept, topic: str, *, lead: str = "", short: str | None = None) -> None:
        """A turn in its own words, or in short, behind a lead; nothing where the decision has no such turn."""
        said = self._said(decision).get(topic)
        if said is not None:
            self._cite(decision, said, said, f"{lead}{_ended(short or said.text)}")

    def head(self, decision: Kept) -> None:
        """What was asked and what was chosen."""
        said = self._said(decision)
        self._cite(decision, said[QUESTION], said[CHOICE], f"{said[QUESTION].text} {_ended(said[CHOICE].text)}")

    def read(self, decision: Kept, reading: Reading) -> None:
        """A trip-wire that was measured: its figure, and whether the reason holds by it."""
        assert reading.measured is not None
        figure = Measurement.of(reading.measured).figures[0].figure
        self.figures.append(figure)
        self.lines.append(value_line(figure))
        holds = "still holds" if reading.standing is Standing.HOLDS else "no longer holds"
        place = decision.decision.wires.index(reading.wire)
        self.add(decision, wire(place), lead=f"By this the reason {holds}. ", short=told_wire(reading.wire))

    def _said(self, decision: Kept) -> dict[str | None, Utterance]:
        text = as_text(decision)
        return {turn.topic: said for turn, said in zip(text.turns, text.utterances, strict=True)}

    def _cite(self, decision: Kept, first: Utterance, last: Utterance, text: str) -> None:
        source = _source(decision)
        if source not in self.sources:
            self.sources.append(source)
        span = (first.span[0], last.span[1])
        citation = Citation(source.document, source.content_hash, (first.turn, last.turn), span)
        self.lines.append(Sentence(f"{MARKER.sub('', text)} [{self.sources.index(source) + 1}]", (citation,)))


def _source(kept: Kept) -> Source:
    text = as_text(kept)
    return Source(text.id, text.content_hash, text.title, kept.label, text.utterances, held=text.held)


def _ended(text: str) -> str:
    return text if text.endswith((".", "!", "?")) else f"{text}."
