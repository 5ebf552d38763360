"""Whether two small groups of numbers differ by more than chance, from their order alone.

    delta  = (pairs in which the first group's number is greater - pairs in which it is smaller) / all pairs
    chance = share of all ways to deal the numbers to groups of these sizes in which |delta| is at least as great

Delta is Cliff's (Cliff 1993), from -1 to 1; the test is that of Mann and Whitney (1947), given the ties there are. One
number far from all others counts as one that is near, and no distribution is supposed.
"""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from math import comb, sqrt
from statistics import NormalDist

MOST_COUNTED = 40
"""Of more numbers than this not every way is counted: the normal approximation with its correction for ties is near."""


@dataclass(frozen=True, slots=True)
class Apart:
    """How far the first group is from the second, and how often chance does that, two-sided."""

    delta: float
    chance: float


def apart(first: Sequence[float], second: Sequence[float]) -> Apart:
    """Compares two groups, neither of which is empty. Equal numbers count for neither."""
    pairs = len(first) * len(second)
    lead = sum((one > other) - (one < other) for one in first for other in second)
    numbers = [*first, *second]
    exact = len(numbers) <= MOST_COUNTED
    chance = _counted(numbers, len(first), abs(lead)) if exact else _approximated(numbers, len(first), abs(lead))
    return Apart(lead / pairs, chance)


def _counted(numbers: Sequence[float], size: int, lead: int) -> float:
    """Deals every number to the first group or not, and keeps count of the ways by size and sum of doubled ranks.

    The lead of a group over the rest is its sum of doubled ranks less what it is on average, `size * (count + 1)`.
    """
    ways = Counter({(0, 0): 1})
    for rank in _doubled_ranks(numbers):
        ways.update({(dealt + 1, total + rank): n for (dealt, total), n in ways.items() if dealt < size})
    mean = size * (len(numbers) + 1)
    as_far = sum(n for (dealt, total), n in ways.items() if dealt == size and abs(total - mean) >= lead)
    return as_far / comb(len(numbers), size)


def _approximated(numbers: Sequence[float], size: int, lead: int) -> float:
    """The same from a normal distribution; the variance of the lead is four times that of the sum of ranks."""
    count, rest = len(numbers), len(numbers) - size
    ties = sum(n**3 - n for n in Counter(numbers).values())
    variance = size * rest / 3 * (count + 1 - ties / (count * (count - 1)))
    return 1.0 if not variance else min(1.0, 2 * NormalDist().cdf(-max(0, lead - 1) / sqrt(variance)))


def _doubled_ranks(numbers: Sequence[float]) -> list[int]:
    """Twice the rank of each, equal numbers sharing the mean of theirs."""
    ordered = sorted(numbers)
    first = {number: place for place, number in reversed(list(enumerate(ordered, 1)))}
    shared = Counter(numbers)
    return [2 * first[number] + shared[number] - 1 for number in numbers]
