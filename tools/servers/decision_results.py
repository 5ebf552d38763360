"""What the tools about decisions return, and the HTTP API with them."""

from collections.abc import Iterable
from datetime import date, datetime
from typing import Self

from pydantic import BaseModel

from core.identity import Label
from memory.decisions.history import Kept
from memory.decisions.model import Evidence, Outcome, TripWire
from memory.decisions.recall import Rejected, Verdict
from memory.decisions.search import Found
from memory.decisions.wires import Reading, Standing
from models.evidence import highest


class Quoted(BaseModel):
    """Words of a call that a decision rests on."""

    document: str
    content_hash: str
    turns: tuple[int, int]
    quote: str

    @classmethod
    def of(cls, evidence: Evidence) -> Self:
        """The quotation as it travels."""
        return cls(
            document=evidence.document, content_hash=evidence.content_hash, turns=evidence.turns, quote=evidence.quote
        )


class TurnedDown(BaseModel):
    """An alternative with its own reason."""

    name: str
    rejected_because: str
    evidence: tuple[Quoted, ...]


class Wire(BaseModel):
    """An assumption bound to a metric: it has failed once the metric is above or below the threshold."""

    assumption: str
    metric: str
    parameters: dict[str, str]
    crossed: str
    threshold: float
    alternative: str | None

    @classmethod
    def of(cls, wire: TripWire) -> Self:
        """The wire as it travels."""
        return cls(
            assumption=wire.assumption,
            metric=wire.metric,
            parameters=dict(wire.parameters),
            crossed=wire.crossed,
            threshold=wire.threshold,
            alternative=wire.alternative,
        )


class ReadWire(BaseModel):
    """A trip-wire as it was read: the metric's value, or why there is none."""

    wire: Wire
    standing: Standing
    as_of: date
    value: float | None
    unit: str
    why: str

    @classmethod
    def of(cls, reading: Reading) -> Self:
        """The reading as it travels."""
        return cls(
            wire=Wire.of(reading.wire),
            standing=reading.standing,
            as_of=reading.as_of,
            value=reading.value,
            unit=reading.unit,
            why=reading.why,
        )


class TurnedOut(BaseModel):
    """How a decision turned out."""

    succeeded: bool
    told: str
    on: date

    @classmethod
    def of(cls, outcome: Outcome) -> Self:
        """The outcome as it travels."""
        return cls(succeeded=outcome.succeeded, told=outcome.told, on=outcome.on)


class DecisionView(BaseModel):
    """A decision as the ledger tells it."""

    id: str
    question: str
    choice: str
    rationale: str
    owner: str
    participants: tuple[str, ...]
    decided_on: date
    ended_on: date | None
    superseded_by: str | None
    alternatives: tuple[TurnedDown, ...]
    evidence: tuple[Quoted, ...]
    wires: tuple[Wire, ...]
    confidence: float | None
    review_on: date | None
    outcome: TurnedOut | None
    label: str
    recorded_at: datetime
    recorded_by: str

    @classmethod
    def of(cls, kept: Kept) -> Self:
        """The decision as it travels."""
        decision = kept.decision
        return cls(
            id=kept.id,
            question=decision.question,
            choice=decision.choice,
            rationale=decision.rationale,
            owner=decision.owner,
            participants=decision.participants,
            decided_on=decision.decided_on,
            ended_on=kept.ended_on,
            superseded_by=kept.superseded_by,
            alternatives=tuple(
                TurnedDown(name=one.name, rejected_because=one.rejected_because, evidence=_quoted(one.evidence))
                for one in decision.alternatives
            ),
            evidence=_quoted(decision.evidence),
            wires=tuple(map(Wire.of, decision.wires)),
            confidence=decision.confidence,
            review_on=decision.review_on,
            outcome=TurnedOut.of(kept.outcome) if kept.outcome else None,
            label=str(kept.label),
            recorded_at=kept.recorded_at,
            recorded_by=kept.recorded_by,
        )


class DecisionList(BaseModel):
    """Decisions, and the highest label among them."""

    label: str
    decisions: tuple[DecisionView, ...]

    @classmethod
    def of(cls, found: Iterable[Kept]) -> Self:
        """The decisions as they travel, in their order."""
        listed = list(found)
        return cls(label=_label(listed), decisions=tuple(map(DecisionView.of, listed)))


class FoundDecision(BaseModel):
    """A decision that was found; `alternative` is the name of the rejected one that is nearest to what was asked."""

    decision: DecisionView
    alternative: str | None
    nearness: float

    @classmethod
    def of(cls, found: Found) -> Self:
        """The decision as it travels."""
        named = found.kept.decision.alternatives[found.alternative].name if found.alternative is not None else None
        return cls(decision=DecisionView.of(found.kept), alternative=named, nearness=round(found.nearness, 3))


class FoundDecisions(BaseModel):
    """Decisions that were found, nearest first."""

    label: str
    found: tuple[FoundDecision, ...]

    @classmethod
    def of(cls, found: Iterable[Found]) -> Self:
        """The decisions as they travel."""
        listed = list(found)
        return cls(label=_label([one.kept for one in listed]), found=tuple(map(FoundDecision.of, listed)))


class RejectedView(BaseModel):
    """Whether something was rejected before, and whether the reason still holds.

    never_proposed: nothing in the ledger is near enough. holds, stale: what the trip-wires and the succession say.
    unknown: a trip-wire could not be measured. unwatched: no trip-wire watches the reason.
    """

    label: str
    verdict: Verdict
    alternative: str | None
    rejected_because: str | None
    decision: DecisionView | None
    readings: tuple[ReadWire, ...]

    @classmethod
    def of(cls, rejected: Rejected) -> Self:
        """The verdict as it travels; its label is also that of the figures."""
        found = _label([rejected.found] if rejected.found else [])
        return cls(
            label=str(highest([Label.parse(found), *(one.label for one in rejected.readings)])),
            verdict=rejected.verdict,
            alternative=rejected.alternative.name if rejected.alternative else None,
            rejected_because=rejected.alternative.rejected_because if rejected.alternative else None,
            decision=DecisionView.of(rejected.found) if rejected.found else None,
            readings=tuple(map(ReadWire.of, rejected.readings)),
        )


def _quoted(evidence: Iterable[Evidence]) -> tuple[Quoted, ...]:
    return tuple(map(Quoted.of, evidence))


def _label(decisions: Iterable[Kept]) -> str:
    return str(highest([one.label for one in decisions] or [Label.PUBLIC]))
