"""How likely the open deals are won, by a score fitted on those that are decided; or why that cannot be said."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

from memory.crm.records import Deal
from tools.risks.book import Book
from tools.risks.outcomes import USE, Outcomes
from tools.scores.drift import Drift, Shift
from tools.scores.model import Model
from tools.scores.quality import percent
from tools.scores.scoring import Score, score

WIDEST_INTERVAL = 0.5
"""A probability that may be anywhere within more than this says nothing."""


@dataclass(frozen=True, slots=True)
class Chance:
    """A deal's score, withheld or not. `account` is the account's name."""

    deal: Deal
    account: str | None
    score: Score

    @property
    def name(self) -> str:
        """The deal's name, or whose it is where it has none."""
        return self.deal.name or self.account or self.deal.id


@dataclass(frozen=True, slots=True)
class Chances:
    """The wanted open deals, the likeliest first, those without a score last.

    `drift` is of all open deals against those learned from; `gap` says why none of them is scored.
    """

    deals: tuple[Chance, ...]
    drift: tuple[Drift, ...] = ()
    gap: str | None = None


def chances(book: Book, outcomes: Outcomes, model: Model, wanted: Callable[[Deal], bool] = lambda _: True) -> Chances:
    """The chances of the wanted open deals that are dated."""
    drift = tuple(model.drift(list(outcomes.rows.values())))
    asked = [deal for deal in book.open_deals if deal.id in outcomes.rows and wanted(deal)]
    gap = model.lacks or unlike(drift)
    found = [_chance(deal, book, outcomes, model) for deal in asked] if gap is None else []
    return Chances(tuple(sorted(found, key=_likeliest)), drift, gap)


def unlike(drift: Sequence[Drift]) -> str | None:
    """Why closed deals say nothing of the open ones: most of what is known of these is spread otherwise, by more than chance."""
    telling = [one for one in drift if one.chance]
    shifted = [one for one in telling if one.shift is Shift.SHIFTED]
    if 2 * len(shifted) <= len(telling):
        return None
    most = ", ".join(words(one.feature) for one in shifted[:3])
    return (
        f"open deals are not like the closed ones ({len(shifted)} of {len(telling)} things known of them differ, most of "
        f"all {most}), so that how well those could be told says nothing of these"
    )


def words(feature: str) -> str:
    """A feature as people call it."""
    return USE.words.get(feature, feature)


def _chance(deal: Deal, book: Book, outcomes: Outcomes, model: Model) -> Chance:
    account = book.account.get(deal.account or "")
    name = account.name if account else None
    return Chance(deal, name, _sure_enough(score(model, deal.name or name or deal.id, outcomes.rows[deal.id])))


def _sure_enough(found: Score) -> Score:
    """The score, withheld where its interval is too wide to say anything."""
    if found.interval is None or found.interval[1] - found.interval[0] <= WIDEST_INTERVAL:
        return found
    low, high = map(percent, found.interval)
    reason = f"closed deals like it are too few: it may be anywhere from {low} to {high}"
    return replace(
        found, value=None, interval=None, reasons=(), withheld=reason, text=f"No {found.use} score: {reason}"
    )


def _likeliest(one: Chance) -> tuple[bool, float, str]:
    return one.score.value is None, -(one.score.value or 0.0), one.deal.id
