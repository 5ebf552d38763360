"""What the tools about risks return: deals and customers with their reasons, each number bound, each quotation cited."""

from collections.abc import Sequence
from datetime import date

from pydantic import BaseModel, ConfigDict, Field

from core.identity import Label
from models.evidence import Citation, Figure, Source
from models.text.written import written
from tools.risks.book import Book
from tools.risks.customers import CustomerAtRisk, CustomerRisks
from tools.risks.deals import DealAtRisk, DealRisks
from tools.risks.reason import Number, Reason
from tools.servers.call_results import Passage, Result, Span

SYNONYMS = {
    "deal_amount": ("amount", "deal value"),
    "days_since_contact": ("days of silence", "days without contact"),
    "days_past_close": ("days overdue",),
    "days_promise_overdue": ("days overdue",),
    "win_probability": ("likelihood", "chance of winning", "probability"),
}


class Spot(BaseModel):
    """Where the words of a quotation stand."""

    model_config = ConfigDict(frozen=True)

    document: str
    content_hash: str
    turn: int
    span: Span

    @classmethod
    def of(cls, source: Source) -> "Spot":
        said = source.utterances[0]
        return cls(document=source.document, content_hash=source.content_hash, turn=said.turn, span=said.span)

    @property
    def citation(self) -> Citation:
        return Citation(self.document, self.content_hash, (self.turn, self.turn), self.span)


class RiskFigure(BaseModel):
    """One number of a reason. `text` is how it is written; `since` the day that it is counted from, `at` the words."""

    model_config = ConfigDict(frozen=True)

    metric: str
    value: float
    unit: str
    text: str
    subject: str
    query: str
    as_of: date
    since: date | None = None
    context: bool = Field(
        default=False, description="Held against the reason's own number: what is usual, what is possible"
    )
    at: Spot | None = None

    @classmethod
    def of(cls, number: Number, *, subject: str, query: str, as_of: date, at: Source | None = None) -> "RiskFigure":
        return cls(
            metric=number.metric,
            value=number.value,
            unit=number.unit,
            text=written(number.value, number.unit),
            subject=subject,
            query=query,
            as_of=as_of,
            since=number.since,
            context=number.context,
            at=Spot.of(at) if at else None,
        )

    @property
    def figure(self) -> Figure:
        """The number as an answer carries it."""
        return Figure(
            metric=self.metric,
            value=self.value,
            unit=self.unit,
            text=self.text,
            subject=self.subject,
            query=self.query,
            as_of=self.as_of.isoformat(),
            parameters=(("since", self.since.isoformat()),) if self.since else (),
            at=self.at.citation if self.at else None,
            synonyms=SYNONYMS.get(self.metric, ()),
        )


class RiskReason(BaseModel):
    """A dated fact. Its numbers are `figures`; what it quotes are `passages`, in the order of the quotations."""

    model_config = ConfigDict(frozen=True)

    kind: str
    text: str
    weight: int = Field(description="0 for what is part of a customer's health, else from 1 to 3")
    figures: tuple[RiskFigure, ...]
    passages: tuple[Passage, ...]

    @classmethod
    def of(cls, reason: Reason, *, subject: str, query: str, as_of: date) -> "RiskReason":
        at = reason.quotes[0] if reason.quotes else None
        return cls(
            kind=reason.kind,
            text=reason.text,
            weight=reason.weight,
            figures=tuple(
                RiskFigure.of(one, subject=subject, query=query, as_of=as_of, at=at) for one in reason.numbers
            ),
            passages=tuple(map(Passage.of, reason.quotes)),
        )

    @property
    def citations(self) -> tuple[Citation, ...]:
        """Where the quoted words stand."""
        return tuple(Spot.of(one.source).citation for one in self.passages)


class AtRisk(Result):
    """A deal or a customer with what speaks against it, the weightiest first. `id` is that of its record.

    `health` is a customer's score in points of 100; `told` says it with its interval, or why there is none.
    """

    id: str
    name: str
    account: str | None
    owner: str | None
    stage: str | None = None
    stake: RiskFigure | None
    health: RiskFigure | None = None
    told: str | None = None
    reasons: tuple[RiskReason, ...]

    @classmethod
    def deal(cls, risk: DealAtRisk, as_of: date) -> "AtRisk":
        deal, query = risk.deal, f"deals_at_risk(deal={risk.deal.id!r})"
        amount = Number("deal_amount", float(deal.amount), deal.currency) if deal.amount and deal.currency else None
        return cls(
            label=str(risk.label),
            id=deal.id,
            name=risk.name,
            account=risk.account,
            owner=deal.owner,
            stage=deal.stage,
            stake=RiskFigure.of(amount, subject=risk.name, query=query, as_of=as_of) if amount else None,
            reasons=tuple(RiskReason.of(one, subject=risk.name, query=query, as_of=as_of) for one in risk.reasons),
        )

    @classmethod
    def customer(cls, risk: CustomerAtRisk, as_of: date) -> "AtRisk":
        account, query = risk.account, f"customers_at_risk(account={risk.account.id!r})"
        value = risk.health.value
        points = Number("customer_health", round(value), "points") if value is not None else None
        return cls(
            label=str(risk.label),
            id=account.id,
            name=account.name,
            account=account.name,
            owner=account.owner,
            stake=RiskFigure.of(risk.stake, subject=account.name, query=query, as_of=as_of) if risk.stake else None,
            health=RiskFigure.of(points, subject=account.name, query=query, as_of=as_of) if points else None,
            told=risk.health.text,
            reasons=tuple(RiskReason.of(one, subject=account.name, query=query, as_of=as_of) for one in risk.reasons),
        )


class Risks(Result):
    """Deals or customers at risk, by rank: the first of `found` that there are, of `looked_at` that were looked at.

    `notes` say what could not be compared or scored. `documents` are the calls that were read for it.
    """

    risks: tuple[AtRisk, ...]
    found: int
    looked_at: int
    notes: tuple[str, ...]
    documents: tuple[str, ...]

    @classmethod
    def of_deals(cls, found: DealRisks, book: Book, limit: int) -> "Risks":
        risks = [AtRisk.deal(one, book.today) for one in found.deals[:limit]]
        return cls._of(risks, len(found.deals), found.looked_at, found.notes, book)

    @classmethod
    def of_customers(cls, found: CustomerRisks, book: Book, limit: int) -> "Risks":
        risks = [AtRisk.customer(one, book.today) for one in found.customers[:limit]]
        return cls._of(risks, len(found.customers), found.looked_at, found.notes, book)

    @classmethod
    def _of(cls, risks: Sequence[AtRisk], found: int, looked_at: int, notes: Sequence[str], book: Book) -> "Risks":
        return cls(
            label=str(book.label),
            risks=tuple(risks),
            found=found,
            looked_at=looked_at,
            notes=tuple(notes),
            documents=tuple(sorted({call.id for call in book.calls})),
        )

    @property
    def highest(self) -> Label:
        """The label of all that was read."""
        return Label.parse(self.label)
