"""What the tools about scores return: probabilities that are bound to their model, with reasons, or why there are none."""

from collections.abc import Sequence
from datetime import date

from pydantic import BaseModel, ConfigDict, Field

from core.identity import Label
from tools.risks.book import Book
from tools.risks.chances import Chance, Chances, words
from tools.risks.outcomes import Outcomes
from tools.risks.reason import Number
from tools.scores.drift import Shift
from tools.scores.model import Model, Quality
from tools.scores.quality import percent
from tools.scores.report import report
from tools.servers.call_results import Result
from tools.servers.risk_results import RiskFigure


class DealOutcome(BaseModel):
    """An open deal: how likely it is won, or why that is `withheld`. `told` says it with its interval and evidence."""

    model_config = ConfigDict(frozen=True)

    id: str
    name: str
    account: str | None
    owner: str | None
    stage: str
    probability: RiskFigure | None
    told: str
    reasons: tuple[str, ...] = Field(description="What moved the score most, and by how much; not what causes it")
    cautions: tuple[str, ...]
    withheld: str | None

    @classmethod
    def of(cls, one: Chance, model: str, as_of: date) -> "DealOutcome":
        value, query = one.score.value, f"deal_outcomes(deal={one.deal.id!r}) model:{model}"
        likely = Number("win_probability", round(100 * value), "percent") if value is not None else None
        return cls(
            id=one.deal.id,
            name=one.name,
            account=one.account,
            owner=one.deal.owner,
            stage=one.deal.stage,
            probability=RiskFigure.of(likely, subject=one.name, query=query, as_of=as_of) if likely else None,
            told=one.score.text,
            reasons=tuple(reason.text for reason in one.score.reasons),
            cautions=one.score.cautions,
            withheld=one.score.withheld,
        )


class DealOutcomes(Result):
    """The open deals, the likeliest to be won first: the first of `looked_at`, of which `scored` have a probability.

    Where nobody is scored, `gap` says why. `quality` is how well the model told of deals that it was not fitted on.
    """

    deals: tuple[DealOutcome, ...] = ()
    scored: int = 0
    looked_at: int = 0
    model: str | None = Field(default=None, description="A hash over what the model was fitted on")
    quality: str | None = None
    notes: tuple[str, ...] = ()
    gap: str | None = None

    @classmethod
    def of(cls, found: Chances, outcomes: Outcomes, model: Model, book: Book, limit: int) -> "DealOutcomes":
        return cls(
            label=str(book.label),
            deals=tuple(DealOutcome.of(one, outcomes.hash, book.today) for one in found.deals[:limit]),
            scored=sum(one.score.value is not None for one in found.deals),
            looked_at=len(found.deals),
            model=outcomes.hash,
            quality=told_quality(model.quality, model.outcomes) if model.quality else None,
            notes=outcomes.notes,
            gap=found.gap,
        )

    @property
    def highest(self) -> Label:
        """The label of all that was read."""
        return Label.parse(self.label)


class ScoreReport(Result):
    """How good a score is: `lines` of Markdown say all of it, `figures` the most important.

    `unequal` are differences between groups, `shifted` the features in which open deals differ from those fitted on.
    """

    use: str
    model: str | None = None
    figures: tuple[RiskFigure, ...] = ()
    quality: str | None = None
    unequal: tuple[str, ...] = ()
    shifted: tuple[str, ...] = ()
    lines: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()
    gap: str | None = Field(default=None, description="Why nobody is scored")

    @classmethod
    def of(cls, found: Chances, outcomes: Outcomes, model: Model, book: Book) -> "ScoreReport":
        return cls(
            label=str(book.label),
            use=model.use.name,
            model=outcomes.hash,
            figures=tuple(_figures(model, f"score_report({model.use.name!r}) model:{outcomes.hash}", book.today)),
            quality=told_quality(model.quality, model.outcomes) if model.quality else None,
            unequal=model.parity.differences if model.parity else (),
            shifted=tuple(words(one.feature) for one in found.drift if one.shift is Shift.SHIFTED),
            lines=tuple(report(model, found.drift)),
            notes=outcomes.notes,
            gap=found.gap,
        )

    @property
    def highest(self) -> Label:
        """The label of all that was read."""
        return Label.parse(self.label)


def told_quality(quality: Quality, outcomes: int) -> str:
    """How well a model told of rows that it was not fitted on, in a sentence."""
    return (
        f"Of a won and a lost deal that it was not fitted on, the likelier one was the won one in {percent(quality.auc)} of "
        f"cases (AUC {quality.auc:.2f}, likely {quality.low:.2f} to {quality.high:.2f}, 0.5 is chance); what it said was "
        f"off by {percent(quality.calibration_error)} on average, over {outcomes} closed deals"
    )


def _figures(model: Model, query: str, as_of: date) -> Sequence[RiskFigure]:
    if model.quality is None or (rate := model.base_rate) is None:
        return ()
    auc, error = model.quality.auc, round(100 * model.quality.calibration_error)
    share = round(100 * rate)
    rest = (Number("win_prediction_error", error, "points"), Number("deals_won_so_far", share, "percent"))
    return (
        RiskFigure(
            metric="win_prediction_auc",
            value=round(auc, 2),
            unit="share",
            text=f"{auc:.2f}",
            subject="",
            query=query,
            as_of=as_of,
        ),
        *(RiskFigure.of(one, subject="", query=query, as_of=as_of) for one in rest),
    )
