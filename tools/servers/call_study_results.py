"""What the tools that study calls return: comparisons, talk tracks, moods and threats, each with the places it rests on."""

from collections.abc import Iterable, Sequence
from datetime import datetime

from pydantic import BaseModel, ConfigDict, Field

from core.identity import Label
from memory.crm.citable import as_text
from memory.crm.records import Deal
from memory.documents import Entry
from memory.transcripts.model import Transcript
from models.evidence import Figure, Source
from tools.calls.compare import CallComparison
from tools.calls.sentiment import Sentiment, Tone
from tools.calls.statistics import Statistic
from tools.calls.talk_tracks import TalkTrack
from tools.calls.threat import HIGHEST, Threat
from tools.servers.call_figures import Measured
from tools.servers.call_reader import about, day_of
from tools.servers.call_results import Marked, Passage, Result, Said, Span


class Number(BaseModel):
    """A number that a kernel gave, bound to its query; `text` is how it is written."""

    model_config = ConfigDict(frozen=True)

    metric: str
    value: float
    unit: str
    text: str
    subject: str
    query: str
    as_of: str

    @property
    def figure(self) -> Figure:
        return Figure(self.metric, self.value, self.unit, self.text, self.subject, self.query, self.as_of)


class Heard(Result):
    """One version of one call."""

    document: str
    content_hash: str
    title: str
    held: datetime | None

    def source(self, said: Iterable[Said]) -> Source:
        """Words of the call as something to cite."""
        label, utterances = Label.parse(self.label), tuple(one.utterance for one in said)
        return Source(self.document, self.content_hash, self.title, label, utterances, 1.0, self.held)


class Place(BaseModel):
    """A moment, and the whole turn that it stands in."""

    model_config = ConfigDict(frozen=True)

    marked: Marked
    said: Said

    @classmethod
    def of(cls, marked: Marked, call: Transcript) -> "Place":
        return cls(marked=marked, said=Said.of(call.utterances[marked.turn]))


class Spot(BaseModel):
    """A range of characters of the document, and the whole turn that it stands in."""

    model_config = ConfigDict(frozen=True)

    said: Said
    span: Span


class OnlyHere(BaseModel):
    """What came up on one of the calls alone."""

    document: str
    place: Place


class Comparison(Result):
    """Calls side by side in the order given. `different` has a value a call for each statistic that differs notably."""

    calls: tuple[Heard, ...]
    different: tuple[tuple[Measured, ...], ...]
    alike: tuple[tuple[Measured, ...], ...] = Field(description="Differ by no more than they vary within the calls")
    incomparable: tuple[str, ...] = Field(description="Not every call gives these, or in another unit")
    only: tuple[OnlyHere, ...]

    @classmethod
    def of(
        cls, found: CallComparison, calls: Sequence[tuple[Entry, Transcript]], *, label: Label, queries: Sequence[str]
    ) -> "Comparison":
        texts = {call.id: call for _, call in calls}

        def told(row: Sequence[Statistic]) -> tuple[Measured, ...]:
            by_call = zip(row, calls, queries, strict=True)
            return tuple(Measured.of(one, query=query, as_of=day_of(c), call=c) for one, (_, c), query in by_call)

        only = [(one.call, Marked.of(one.moment, texts[one.call])) for one in found.only]
        return cls(
            label=str(label),
            calls=tuple(Heard(**about(entry, call)) for entry, call in calls),
            different=tuple(map(told, found.different)),
            alike=tuple(map(told, found.alike)),
            incomparable=found.incomparable,
            only=tuple(OnlyHere(document=call, place=Place.of(one, texts[call])) for call, one in only),
        )


class Track(Heard):
    """An objection that was overcome: its words, the seller's replies, and the words or the deal that show it."""

    objection: Place
    replies: tuple[Said, ...]
    accepted: Spot | None = Field(description="The sentence that takes the reply; null where only the deal shows it")
    won: Passage | None = Field(description="What the CRM reads of the call's deal where it was won afterwards")

    @classmethod
    def of_track(cls, found: TalkTrack, entry: Entry, call: Transcript, deal: Deal | None) -> "Track":
        return cls(
            **about(entry, call),
            objection=Place.of(Marked.of(found.objection, call), call),
            replies=tuple(Said.of(call.utterances[turn]) for turn in found.replies),
            accepted=_spot(call, *found.accepted) if found.accepted else None,
            won=_stage(deal) if deal else None,
        )


class Raised(Heard):
    """Where something was raised that nobody overcame."""

    place: Place

    @classmethod
    def at(cls, marked: Marked, entry: Entry, call: Transcript) -> "Raised":
        return cls(**about(entry, call), place=Place.of(marked, call))


class TalkTracks(Result):
    """What worked against an objection on the calls that were `read`, and where it was raised and not overcome."""

    read: tuple[str, ...]
    tracks: tuple[Track, ...]
    raised: tuple[Raised, ...]


class ToneHeard(BaseModel):
    """A sentence that sounds clearly good or bad; `valence` from -1 to 1."""

    spot: Spot
    valence: float

    @classmethod
    def of(cls, tone: Tone, call: Transcript) -> "ToneHeard":
        spot = Spot(said=Said.of(call.utterances[tone.turn]), span=tone.span)
        return cls(spot=spot, valence=round(tone.valence, 2))


class SpeakerTone(BaseModel):
    """How one speaker sounds by the words alone: shares of sentences, and the clearest of either kind."""

    speaker: str
    role: str | None
    positive: Number
    negative: Number
    best: tuple[ToneHeard, ...]
    worst: tuple[ToneHeard, ...]

    @classmethod
    def of(cls, found: Sentiment, call: Transcript, query: str) -> "SpeakerTone":
        def share(metric: str, value: float) -> Number:
            return Number(
                metric=metric,
                value=100 * value,
                unit="%",
                text=f"{100 * value:.0f} %",
                subject=found.speaker,
                query=query,
                as_of=day_of(call),
            )

        return cls(
            speaker=found.speaker,
            role=found.role,
            positive=share("positive_sentences", found.positive),
            negative=share("negative_sentences", found.negative),
            best=tuple(ToneHeard.of(one, call) for one in found.best),
            worst=tuple(ToneHeard.of(one, call) for one in found.worst),
        )


class CallSentiment(Heard):
    """How everybody sounds on a call. Told by a lexicon: irony is not heard."""

    speakers: tuple[SpeakerTone, ...]


class Factor(BaseModel):
    """One reason for a level, and the sentence that gave it."""

    factor: str
    place: Place


class CompetitorThreat(Heard):
    """A competitor's level on one call, from 1 to 5, with the sentences that raised it; `named` are the turns that name it."""

    competitor: str
    level: Number
    factors: tuple[Factor, ...]
    named: tuple[Said, ...]

    @classmethod
    def on(cls, found: Threat, entry: Entry, call: Transcript) -> "CompetitorThreat":
        query = f"competitor_threats(calls=[{call.id!r}], competitor={found.name!r})"
        level = Number(
            metric="threat_level",
            value=found.level,
            unit="",
            text=f"{found.level} of {HIGHEST}",
            subject=found.name,
            query=query,
            as_of=day_of(call),
        )
        factors = (
            Factor(factor=factor, place=Place.of(Marked.of(moment, call), call)) for factor, moment in found.factors
        )
        return cls(
            **about(entry, call),
            competitor=found.name,
            level=level,
            factors=tuple(factors),
            named=tuple(Said.of(call.utterances[turn]) for turn in found.turns),
        )


class Threats(Result):
    """The levels of competitors on the calls that were `read`, the highest first, of equal ones the latest."""

    read: tuple[str, ...]
    threats: tuple[CompetitorThreat, ...]


def _spot(call: Transcript, turn: int, span: tuple[int, int]) -> Spot:
    """A range of a turn's text."""
    said = Said.of(call.utterances[turn])
    return Spot(said=said, span=(said.span[0] + span[0], said.span[0] + span[1]))


def _stage(deal: Deal) -> Passage:
    """What the deal's text reads of its stage."""
    text = as_text(deal)
    said = tuple(one for turn, one in zip(text.turns, text.utterances, strict=True) if turn.topic == "stage")
    return Passage.of(Source(text.id, text.content_hash, text.title, deal.label, said, held=text.held))
