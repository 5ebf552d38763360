"""Whether a score treats groups alike: whom it picks, whom of those it should have picked, what it promises.

No score can be equal in all three where the groups differ (Chouldechova 2017; Kleinberg et al. 2016): all are shown.
"""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from tools.scores.arrays import Flags, Numbers
from tools.scores.quality import Z, percent, wilson

FEWEST_ROWS, FEWEST_HAPPENED = 50, 10
FOUR_FIFTHS = 0.8
"""A group picked at less than this share of the most picked one's rate (29 CFR 1607.4 D, the four-fifths rule)."""
WIDEST_GAP = 0.1
"""Of true-positive rates, and of what is said against what happened."""


@dataclass(frozen=True, slots=True)
class GroupRates:
    """One group of a trait: of `count` rows `selected` were picked, it happened to `happened`, `caught` of them picked.

    `predicted` is the mean probability that its rows were given.
    """

    trait: str
    group: str
    count: int
    selected: int
    happened: int
    caught: int
    predicted: float

    @property
    def enough(self) -> bool:
        """Whether there are 50 rows and 10 of either outcome; below, a difference says nothing."""
        return self.count >= FEWEST_ROWS and min(self.happened, self.count - self.happened) >= FEWEST_HAPPENED

    @property
    def selection_rate(self) -> float:
        """The share that is picked."""
        return self.selected / self.count

    @property
    def true_positive_rate(self) -> float | None:
        """The share that is picked of those to whom it happened; None where it happened to nobody."""
        return self.caught / self.happened if self.happened else None

    @property
    def observed(self) -> float:
        """The share to whom it happened."""
        return self.happened / self.count


@dataclass(frozen=True, slots=True)
class Parity:
    """The rates of every group where a row is picked from probability `cut` on, and the differences worth a look.

    `traits` without two groups of enough evidence are named in `unjudged`.
    """

    cut: float
    groups: tuple[GroupRates, ...]
    differences: tuple[str, ...]
    unjudged: tuple[str, ...]


def parity(
    outcomes: Flags, predicted: Numbers, groups: Mapping[str, Sequence[str]], *, cut: float | None = None
) -> Parity:
    """Compares the groups of each trait. `cut` is the base rate unless given: picked is who is likelier than usual."""
    chosen = float(outcomes.mean()) if cut is None else cut
    rates: list[GroupRates] = []
    differences: list[str] = []
    unjudged: list[str] = []
    for trait, names in groups.items():
        of_trait = _rates(trait, np.array(names, dtype=object), outcomes, predicted, chosen)
        rates += of_trait
        judged = [rate for rate in of_trait if rate.enough]
        if len(judged) < 2:
            unjudged.append(trait)
        else:
            differences += [said for rate in judged for said in _said(rate, judged)]
    return Parity(chosen, tuple(rates), tuple(differences), tuple(unjudged))


def _rates(
    trait: str,
    names: np.ndarray[tuple[int, ...], np.dtype[np.object_]],
    outcomes: Flags,
    predicted: Numbers,
    cut: float,
) -> list[GroupRates]:
    picked = predicted >= cut
    return [
        GroupRates(
            trait=trait,
            group=name,
            count=int(mine.sum()),
            selected=int(picked[mine].sum()),
            happened=int(outcomes[mine].sum()),
            caught=int((picked & outcomes)[mine].sum()),
            predicted=float(predicted[mine].mean()),
        )
        for name in sorted(set(names.tolist()))
        if (mine := names == name).any()
    ]


def _said(rate: GroupRates, judged: Sequence[GroupRates]) -> list[str]:
    who = f"{rate.trait} {rate.group!r}"
    most = max(judged, key=lambda other: other.selection_rate)
    best = max(judged, key=lambda other: other.true_positive_rate or 0.0)
    said = []
    if rate.selection_rate < FOUR_FIFTHS * most.selection_rate and _differ(
        (rate.selected, rate.count), (most.selected, most.count)
    ):
        said.append(f"{who} is picked {percent(rate.selection_rate)}, {most.group!r} {percent(most.selection_rate)}")
    mine, theirs = rate.true_positive_rate or 0.0, best.true_positive_rate or 0.0
    if theirs - mine > WIDEST_GAP and _differ((rate.caught, rate.happened), (best.caught, best.happened)):
        said.append(f"{who}: {percent(mine)} of those to whom it happened are picked, {best.group!r} {percent(theirs)}")
    low, high = wilson(rate.happened, rate.count)
    if abs(rate.predicted - rate.observed) > WIDEST_GAP / 2 and not low <= rate.predicted <= high:
        said.append(f"{who} is given {percent(rate.predicted)} on average, it happened to {percent(rate.observed)}")
    return said


def _differ(one: tuple[int, int], other: tuple[int, int]) -> bool:
    """Whether two shares differ by more than chance at 95 %: the pooled two-proportion z test."""
    (first, of_first), (second, of_second) = one, other
    pooled = (first + second) / (of_first + of_second)
    error = math.sqrt(pooled * (1 - pooled) * (1 / of_first + 1 / of_second))
    return abs(first / of_first - second / of_second) > Z * error
