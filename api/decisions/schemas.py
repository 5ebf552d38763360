"""What is sent to `/v1/decisions`, and how it becomes a decision."""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Self

from pydantic import BaseModel, ConfigDict, Field

from core.errors import NotFoundError
from core.identity import Label
from memory.decisions.calibration import Calibration
from memory.decisions.history import Entry
from memory.decisions.model import Alternative, Crossing, Decision, Evidence, Outcome, TripWire
from memory.decisions.proposals import Proposal
from memory.decisions.recall import Due
from tools.servers.decision_results import DecisionView, ReadWire

LONGEST = 20_000


class Wanted(BaseModel):
    """The ground of what is sent: an unknown field is refused."""

    model_config = ConfigDict(extra="forbid")


class WantedEvidence(Wanted):
    """Words of a call; they are held against it."""

    document: str = Field(min_length=1, max_length=200)
    content_hash: str | None = Field(
        default=None, min_length=1, max_length=64, description="The version of the call [the present one]"
    )
    turns: tuple[int, int] = Field(description="First and last turn, both included")
    quote: str = Field(min_length=1, max_length=LONGEST)

    def evidence(self, live: Mapping[str, str]) -> Evidence:
        """As the ledger keeps it; `live` has the present versions. NotFoundError for a call that is not among them."""
        version = self.content_hash or live.get(self.document)
        if version is None:
            raise NotFoundError(f"There is no call {self.document!r} that you may read: see 'sophia documents list'")
        return Evidence(self.document, version, self.turns, self.quote)


class WantedAlternative(Wanted):
    """What was turned down, with its own reason."""

    name: str = Field(min_length=1, max_length=LONGEST)
    rejected_because: str = Field(min_length=1, max_length=LONGEST)
    evidence: list[WantedEvidence] = Field(default_factory=list, max_length=100)


class WantedWire(Wanted):
    """An assumption that fails once a metric is above or below a threshold."""

    assumption: str = Field(min_length=1, max_length=LONGEST)
    metric: str = Field(min_length=1, max_length=200, description="A name from docs/catalogue.md")
    crossed: Crossing
    threshold: float = Field(description="In the metric's unit")
    parameters: dict[str, str] = Field(default_factory=dict)
    alternative: str | None = Field(default=None, description="The alternative whose reason rests on it; none: all")


class WantedDecision(Wanted):
    """A decision as a person records it."""

    question: str = Field(min_length=1, max_length=LONGEST)
    choice: str = Field(min_length=1, max_length=LONGEST)
    owner: str = Field(min_length=1, max_length=300)
    decided_on: date | None = Field(default=None, description="From which day it holds [the company's day]")
    rationale: str = Field(default="", max_length=LONGEST)
    alternatives: list[WantedAlternative] = Field(default_factory=list, max_length=100)
    participants: list[str] = Field(default_factory=list, max_length=100)
    wires: list[WantedWire] = Field(default_factory=list, max_length=100)
    evidence: list[WantedEvidence] = Field(default_factory=list, max_length=100)
    confidence: float | None = Field(default=None, ge=0, le=1, description="That it works out, 0 to 1")
    review_on: date | None = None
    label: str | None = Field(default=None, description="[SOPHIA_DEFAULT_LABEL]")

    @property
    def quoted(self) -> list[WantedEvidence]:
        """All that it quotes, that of its alternatives included."""
        return [*self.evidence, *(one for alternative in self.alternatives for one in alternative.evidence)]

    def decision(self, *, today: date, label: Label, live: Mapping[str, str]) -> Decision:
        """As the ledger keeps it; `label` is for one that names none, `live` has the present versions of what it quotes."""
        return Decision(
            question=self.question,
            choice=self.choice,
            owner=self.owner,
            decided_on=self.decided_on or today,
            rationale=self.rationale,
            alternatives=tuple(
                Alternative(one.name, one.rejected_because, tuple(each.evidence(live) for each in one.evidence))
                for one in self.alternatives
            ),
            participants=tuple(self.participants),
            wires=tuple(map(_wire, self.wires)),
            evidence=tuple(one.evidence(live) for one in self.evidence),
            confidence=self.confidence,
            review_on=self.review_on,
            label=Label.parse(self.label) if self.label else label,
        )


class WantedSuccession(Wanted):
    """Which decision takes the place."""

    by: str = Field(min_length=1, max_length=64)


class WantedOutcome(Wanted):
    """How it turned out."""

    succeeded: bool
    told: str = Field(min_length=1, max_length=LONGEST)
    on: date | None = Field(default=None, description="The day on which it could be seen [the company's day]")

    def outcome(self, *, today: date) -> Outcome:
        """As the ledger keeps it."""
        return Outcome(self.succeeded, self.told, self.on or today)


class WantedHearing(Wanted):
    """A call to listen to."""

    call: str = Field(min_length=1, max_length=200)


class Recorded(BaseModel):
    """The id of what was recorded."""

    id: str


class Heard(BaseModel):
    """The proposals that wait for a person now."""

    proposals: list[str]


class ProposalView(BaseModel):
    """A decision that was heard and waits."""

    id: str
    state: str
    proposed_at: datetime
    proposed_by: str
    decision: str | None
    draft: WantedDecision

    @classmethod
    def of(cls, proposal: Proposal) -> Self:
        """The proposal as it travels; its draft may be sent back, edited."""
        return cls(
            id=proposal.id,
            state=proposal.state,
            proposed_at=proposal.proposed_at,
            proposed_by=proposal.proposed_by,
            decision=proposal.decision,
            draft=_sent(proposal.draft),
        )


class EntryView(BaseModel):
    """One record of a decision."""

    kind: str
    recorded_at: datetime
    recorded_by: str
    told: WantedDecision | WantedOutcome | WantedSuccession

    @classmethod
    def of(cls, entry: Entry) -> Self:
        """The record as it travels."""
        told: WantedDecision | WantedOutcome | WantedSuccession
        if isinstance(entry.told, Decision):
            told = _sent(entry.told)
        elif isinstance(entry.told, Outcome):
            told = WantedOutcome(succeeded=entry.told.succeeded, told=entry.told.told, on=entry.told.on)
        else:
            told = WantedSuccession(by=entry.told)
        return cls(kind=entry.kind, recorded_at=entry.recorded_at, recorded_by=entry.recorded_by, told=told)


class CalibrationView(BaseModel):
    """How sure an owner was, against what came."""

    owner: str
    decisions: int
    confidence: float
    succeeded: float
    brier: float = Field(description="Mean squared difference of confidence and outcome")

    @classmethod
    def of(cls, one: Calibration) -> Self:
        """The calibration as it travels."""
        return cls(
            owner=one.owner,
            decisions=one.decisions,
            confidence=one.confidence,
            succeeded=one.succeeded,
            brier=one.brier,
        )


class DueView(BaseModel):
    """A decision to look at again."""

    decision: DecisionView
    review_due: bool
    crossed: list[ReadWire]

    @classmethod
    def of(cls, due: Due) -> Self:
        """The decision as it travels."""
        return cls(
            decision=DecisionView.of(due.kept),
            review_due=due.review_due,
            crossed=[ReadWire.of(one) for one in due.crossed],
        )


def _wire(wire: WantedWire) -> TripWire:
    parameters = tuple(sorted(wire.parameters.items()))
    return TripWire(wire.assumption, wire.metric, wire.crossed, wire.threshold, parameters, wire.alternative)


def _sent(decision: Decision) -> WantedDecision:
    return WantedDecision(
        question=decision.question,
        choice=decision.choice,
        owner=decision.owner,
        decided_on=decision.decided_on,
        rationale=decision.rationale,
        alternatives=[
            WantedAlternative(name=one.name, rejected_because=one.rejected_because, evidence=_quotations(one.evidence))
            for one in decision.alternatives
        ],
        participants=list(decision.participants),
        wires=[
            WantedWire(
                assumption=one.assumption,
                metric=one.metric,
                crossed=one.crossed,
                threshold=one.threshold,
                parameters=dict(one.parameters),
                alternative=one.alternative,
            )
            for one in decision.wires
        ],
        evidence=_quotations(decision.evidence),
        confidence=decision.confidence,
        review_on=decision.review_on,
        label=str(decision.label),
    )


def _quotations(evidence: tuple[Evidence, ...]) -> list[WantedEvidence]:
    return [
        WantedEvidence(document=one.document, content_hash=one.content_hash, turns=one.turns, quote=one.quote)
        for one in evidence
    ]
