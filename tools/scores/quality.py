"""How good predicted probabilities are: discrimination, accuracy, calibration. Each with its formula's source."""

import math
from dataclasses import dataclass

import numpy as np

from tools.scores.arrays import Flags, Numbers

BINS = 10
FEWEST_IN_A_BIN = 30
Z = 1.96
"""Of an interval that holds in 95 of 100 cases."""


@dataclass(frozen=True, slots=True)
class Bucket:
    """The rows whose predicted probability was from `low` to below `high`: how many, what was said, what happened."""

    low: float
    high: float
    count: int
    happened: int
    predicted: float

    @property
    def observed(self) -> float:
        """The share that happened."""
        return self.happened / self.count

    @property
    def interval(self) -> tuple[float, float]:
        """Where the true share is likely to be, from the count."""
        return wilson(self.happened, self.count)


def auc(outcomes: Flags, predicted: Numbers) -> float:
    """The chance that a row where it happened is scored above one where it did not; ties count half.

    Mann-Whitney's U over the number of pairs (Hanley & McNeil 1982). 0.5 where only one outcome is there.
    """
    happened = int(outcomes.sum())
    others = len(outcomes) - happened
    if not happened or not others:
        return 0.5
    _, place, counts = np.unique(predicted, return_inverse=True, return_counts=True)
    ranks = (np.cumsum(counts) - (counts - 1) / 2)[place]
    return float((ranks[outcomes].sum() - happened * (happened + 1) / 2) / (happened * others))


def auc_error(area: float, happened: int, others: int) -> float:
    """The standard error of an AUC over so many rows of either outcome (Hanley & McNeil 1982, formula 2)."""
    q1, q2 = area / (2 - area), 2 * area**2 / (1 + area)
    spread = area * (1 - area) + (happened - 1) * (q1 - area**2) + (others - 1) * (q2 - area**2)
    return math.sqrt(max(spread, 0.0) / (happened * others))


def brier(outcomes: Flags, predicted: Numbers) -> float:
    """Mean squared distance of probability and outcome, 0 at best (Brier 1950)."""
    return float(np.mean((predicted - outcomes) ** 2))


def buckets(outcomes: Flags, predicted: Numbers) -> tuple[Bucket, ...]:
    """The calibration table: ten buckets of as many rows as ties allow; fewer where one would hold less than 30."""
    count = max(1, min(BINS, len(outcomes) // FEWEST_IN_A_BIN))
    edges = np.unique(np.quantile(predicted, np.linspace(0, 1, count + 1)[1:-1]))
    place = np.searchsorted(edges, predicted, side="right")
    bounds = [0.0, *edges.tolist(), 1.0]
    return tuple(
        Bucket(
            bounds[number],
            bounds[number + 1],
            int(inside.sum()),
            int(outcomes[inside].sum()),
            float(predicted[inside].mean()),
        )
        for number in range(len(bounds) - 1)
        if (inside := place == number).any()
    )


def calibration_error(outcomes: Flags, predicted: Numbers) -> float:
    """Expected calibration error: Σ count/all · |mean predicted - share that happened| over the buckets.

    Naeini, Cooper & Hauskrecht 2015; with buckets of equal frequency as Nixon et al. 2019 ("adaptive") have them.
    """
    table = buckets(outcomes, predicted)
    return sum(bucket.count * abs(bucket.predicted - bucket.observed) for bucket in table) / len(outcomes)


def wilson(happened: int, count: int) -> tuple[float, float]:
    """The interval of a share at 95 % (Wilson 1927), which holds for small counts too."""
    share, squared = happened / count, Z**2
    middle = (share + squared / (2 * count)) / (1 + squared / count)
    half = Z / (1 + squared / count) * math.sqrt(share * (1 - share) / count + squared / (4 * count**2))
    return max(0.0, middle - half), min(1.0, middle + half)


def percent(share: float) -> str:
    """A share as Sophia writes it: `43 %`."""
    return f"{100 * share:.0f} %"
