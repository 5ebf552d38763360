"""From ranked hits to the few places worth showing. Pure: scores in, scores out."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from typing import NamedTuple

from memory.indexes.base import Hit


class Place(NamedTuple):
    """Where a chunk stands: which of the `of` chunks of its version of the document it is."""

    document: str
    version: str
    number: int
    of: int

    def away(self, steps: int) -> "Place":
        """The place so many chunks later, or earlier if negative."""
        return Place(self.document, self.version, self.number + steps, self.of)


def place(hit: Hit) -> Place:
    """Where a hit stands."""
    return Place(hit.document, hit.version, hit.number, hit.of)


def fused(legs: Iterable[Sequence[Hit]], *, constant: int) -> dict[Place, float]:
    """Reciprocal rank fusion: the sum over the legs of 1 / (constant + rank), ranks counted from 0."""
    scores: defaultdict[Place, float] = defaultdict(float)
    for hits in legs:
        for rank, hit in enumerate(hits):
            scores[place(hit)] += 1.0 / (constant + rank)
    return dict(scores)


def with_neighbours(scores: Mapping[Place, float], shares: Sequence[float]) -> dict[Place, float]:
    """Each score with its share of the scores around it: a place is likelier in good company.

    Beyond the first and the last chunk a document is taken to go on as it is there, or short ones would come off worse.
    """

    def beside(at: Place, steps: int) -> float:
        inside = 0 <= at.number + steps < at.of
        return scores.get(at.away(steps), 0.0) if inside else scores[at]

    return {
        at: score + sum(share * (beside(at, step) + beside(at, -step)) for step, share in enumerate(shares, 1))
        for at, score in scores.items()
    }


def peaks(scores: Mapping[Place, float], *, limit: int, spread: int, repeat: float) -> list[tuple[Place, float]]:
    """At most `limit` places, best first, with the scores at which they were taken.

    No two of one document are within `spread` chunks, and each place taken multiplies the rest of its document by
    `repeat`. Equal scores go by place, so that an answer can be had again.
    """
    left = dict(sorted(scores.items()))
    weights: defaultdict[str, float] = defaultdict(lambda: 1.0)
    taken: list[tuple[Place, float]] = []
    while left and len(taken) < limit:
        at = max(left, key=lambda candidate: left[candidate] * weights[candidate.document])
        taken.append((at, left[at] * weights[at.document]))
        weights[at.document] *= repeat
        for step in range(-spread, spread + 1):
            left.pop(at.away(step), None)
    return taken
