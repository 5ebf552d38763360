"""What a call with a customer holds that may speak against a deal, read once a version."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date

from core.identity import Label
from memory.transcripts.model import Speaker, Transcript, Turn
from models.entities import Entity
from models.evidence import Source, Utterance
from models.reporting import denies
from models.text.sentences import sentence_spans
from models.text.words import content_stems
from tools.calls.due import dues
from tools.calls.instructions import instruction_confidence
from tools.calls.moment import Kind, Moment
from tools.calls.moments import moments
from tools.calls.speech import BUYER, SELLER, spoke

SURE = 0.6
"""From this confidence on an objection or a promise counts."""
#: An offer that nobody took up is no promise.
_BINDING = frozenset({"commitment", "promise", "request", "meeting"})
_CURRENCIES = {"$": "USD", "€": "EUR", "£": "GBP"}
_YEARLY = re.compile(
    r"(?P<symbol>[$€£])\s?(?P<number>\d[\d,]*(?:\.\d+)?)\s?(?P<scale>k|m|thousand|million)?\b"
    r"(?:\s+(?:a|per|each|every)\s+year|\s+annually|\s+yearly|\s*/\s*(?:yr|year))\b",
    re.IGNORECASE,
)
_PERCENT = re.compile(r"\b(?P<number>\d{1,2}(?:\.\d+)?)\s?(?:%|percent\b|per cent\b)", re.IGNORECASE)
_SCALES = {"k": 1_000, "thousand": 1_000, "m": 1_000_000, "million": 1_000_000}
_SIGN = r"sign(?:s|ed|ing|atures?)?\b(?![- ](?:on|off|in)\b)"
_SIGNING = re.compile(rf"\b{_SIGN}", re.IGNORECASE)
_REFUSING = re.compile(rf"(?:\b(?:not|never|won't|can't|cannot)|n't)(?: \w+){{0,2}} {_SIGN}", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Promise:
    """What somebody undertook by a day. `around` is the content words of the whole turn."""

    owner: str
    due: date
    due_text: str
    quote: Source
    around: frozenset[str]


@dataclass(frozen=True, slots=True)
class Objection:
    """Resistance of somebody who is not ours; `topic` as `tools.calls.signals` tells it."""

    topic: str
    confidence: float
    quote: Source


@dataclass(frozen=True, slots=True)
class Mention:
    """A competitor's name in somebody's words."""

    name: str
    quote: Source


@dataclass(frozen=True, slots=True)
class Price:
    """An amount a year that one of ours named."""

    amount: float
    currency: str
    quote: Source


@dataclass(frozen=True, slots=True)
class Percent:
    """A percentage that somebody named; `refused` where somebody of the customer denied it."""

    value: float
    refused: bool
    quote: Source


@dataclass(frozen=True, slots=True)
class Signing:
    """The day by which somebody expects signatures."""

    day: date
    quote: Source


@dataclass(frozen=True, slots=True)
class Heard:
    """One call with a customer; `account` is the account's name. `said` is every sentence, in order.

    `promises` are what ours undertook, `theirs` what the customer's people did; `people` is who of the customer speaks.
    """

    id: str
    label: Label
    day: date
    account: str
    buyers: tuple[str, ...]
    promises: tuple[Promise, ...]
    objections: tuple[Objection, ...]
    competitors: tuple[Mention, ...]
    prices: tuple[Price, ...]
    percents: tuple[Percent, ...]
    signings: tuple[Signing, ...]
    refusals: tuple[Source, ...]
    said: tuple[Source, ...]
    theirs: tuple[Promise, ...] = ()
    people: tuple[Speaker, ...] = ()


def hear(call: Transcript, *, account: str, label: Label, competitors: Sequence[Entity] = ()) -> Heard | None:
    """The call as evidence; None for one without a day, or on which nobody of the customer speaks.

    Speech that gives orders to whoever reads the call is left out of everything.
    """
    people = tuple(speaker for speaker in spoke(call) if speaker.role == BUYER)
    buyers = tuple(speaker.name for speaker in people)
    if call.held is None or not buyers:
        return None
    kinds = (Kind.NEXT_STEP, Kind.OBJECTION, Kind.COMPETITOR)
    found = moments(call, competitors=competitors, kinds=kinds)
    said = tuple(_sentences(call, label))
    ours = {speaker.name for speaker in call.speakers if speaker.role == SELLER}
    return Heard(
        id=call.id,
        label=label,
        day=call.held.date(),
        account=account,
        buyers=buyers,
        promises=tuple(_promises(call, found, ours, label)),
        objections=tuple(
            Objection(one.detail, one.confidence, _at(call, one, label))
            for one in found
            if one.kind is Kind.OBJECTION and one.confidence >= SURE and one.detail != "other"
        ),
        competitors=tuple(
            Mention(one.detail, _around(call, one, label)) for one in found if one.kind is Kind.COMPETITOR
        ),
        prices=tuple(price for one in said for price in _prices(one)),
        percents=tuple(percent for one in said for percent in _percents(one)),
        signings=tuple(_signings(said, call.held.date())),
        refusals=tuple(one for one in said if _role(one) == BUYER and _REFUSING.search(one.utterances[0].text)),
        said=said,
        theirs=tuple(_promises(call, found, set(buyers), label)),
        people=people,
    )


def _sentences(call: Transcript, label: Label) -> Iterator[Source]:
    for turn in call.turns:
        for start, end in sentence_spans(turn.text):
            if instruction_confidence(turn.text[start:end]) is None:
                yield _source(call, turn, (start, end), label)


def _promises(call: Transcript, found: Sequence[Moment], owners: set[str], label: Label) -> Iterator[Promise]:
    for one in found:
        if one.kind is not Kind.NEXT_STEP or one.owner not in owners or one.due is None or one.detail not in _BINDING:
            continue
        if one.confidence >= SURE:
            around = frozenset(content_stems(call.turns[one.turn].text))
            yield Promise(one.owner or "", one.due, one.due_text or "", _at(call, one, label), around)


def _prices(said: Source) -> Iterator[Price]:
    if _role(said) != SELLER:
        return
    for match in _YEARLY.finditer(said.utterances[0].text):
        amount = float(match["number"].replace(",", "")) * _SCALES.get((match["scale"] or "").lower(), 1)
        yield Price(amount, _CURRENCIES[match["symbol"]], said)


def _percents(said: Source) -> Iterator[Percent]:
    text = said.utterances[0].text
    refused = _role(said) == BUYER and denies(text)
    return (Percent(float(match["number"]), refused, said) for match in _PERCENT.finditer(text))


def _signings(said: Sequence[Source], on: date) -> Iterator[Signing]:
    for one in said:
        text = one.utterances[0].text
        days = [due.day for due in dues(text, on) if due.day] if _SIGNING.search(text) else []
        if days:
            yield Signing(days[-1], one)


def _around(call: Transcript, found: Moment, label: Label) -> Source:
    """The sentence that a moment stands in."""
    turn, begin = call.turns[found.turn], call.utterances[found.turn].span[0]
    at = found.span[0] - begin
    span = next((span for span in sentence_spans(turn.text) if span[0] <= at < span[1]), (0, len(turn.text)))
    return _source(call, turn, span, label)


def _at(call: Transcript, found: Moment, label: Label) -> Source:
    begin = call.utterances[found.turn].span[0]
    return _source(call, call.turns[found.turn], (found.span[0] - begin, found.span[1] - begin), label)


def _source(call: Transcript, turn: Turn, span: tuple[int, int], label: Label) -> Source:
    whole = call.utterances[turn.index]
    begin = whole.span[0]
    said = Utterance(
        turn=whole.turn,
        speaker=whole.speaker,
        text=turn.text[span[0] : span[1]],
        span=(begin + span[0], begin + span[1]),
        role=whole.role,
        at=whole.at,
    )
    return Source(call.id, call.content_hash, call.title, label, (said,), held=call.held)


def _role(said: Source) -> str | None:
    return said.utterances[0].role
