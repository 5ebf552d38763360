"""How sure the owners of decisions were, against how their decisions turned out."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass

from memory.decisions.history import Kept


@dataclass(frozen=True, slots=True)
class Calibration:
    """One owner's decisions that had a confidence and have an outcome.

    `confidence` and `succeeded` are means over `decisions` (shares from 0 to 1). `brier` is the mean squared difference
    of confidence and outcome (Brier 1950): 0 is perfect, 0.25 is what always saying one half gives.
    """

    owner: str
    decisions: int
    confidence: float
    succeeded: float
    brier: float

    @property
    def too_sure(self) -> float:
        """By how much the confidence was above what came; below zero for whoever was too careful."""
        return self.confidence - self.succeeded


def calibration(decisions: Iterable[Kept]) -> list[Calibration]:
    """The calibration of each owner, by name; decisions without a confidence or an outcome are left out."""
    pairs: defaultdict[str, list[tuple[float, bool]]] = defaultdict(list)
    for one in decisions:
        if one.decision.confidence is not None and one.outcome is not None:
            pairs[one.decision.owner].append((one.decision.confidence, one.outcome.succeeded))
    return [_of(owner, pairs[owner]) for owner in sorted(pairs)]


def _of(owner: str, pairs: list[tuple[float, bool]]) -> Calibration:
    n = len(pairs)
    return Calibration(
        owner,
        n,
        sum(confidence for confidence, _ in pairs) / n,
        sum(succeeded for _, succeeded in pairs) / n,
        sum((confidence - succeeded) ** 2 for confidence, succeeded in pairs) / n,
    )
