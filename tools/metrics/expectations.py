"""What a value is expected to be, from the values before it, by medians that single values do not move."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import combinations
from statistics import median

Values = Sequence[float | None]
"""Values in order of time, the newest last; None where one is missing."""

LEVEL, TREND, SEASON = 6, 12, 6
"""How many values back the level, the trend and the growth since last year are reckoned from."""
FEWEST_TREND = 8


@dataclass(frozen=True, slots=True)
class Expectation:
    """A way to expect the next value: its name in words, and what it gives; None where the history is too short.

    `of` takes the values before and how many steps a year has.
    """

    name: str
    of: Callable[[Values, int], float | None]


def level(values: Values, _cycle: int) -> float | None:
    """The median of the last six values."""
    known = [value for value in values[-LEVEL:] if value is not None]
    return median(known) if len(known) >= LEVEL - 1 else None


def trend(values: Values, _cycle: int) -> float | None:
    """The line through the last twelve values, one step on: Theil and Sen's median slope, and the median intercept.

    Theil 1950; Sen 1968, "Estimates of the Regression Coefficient Based on Kendall's Tau". Needs eight values.
    """
    recent = values[-TREND:]
    known = [(place, value) for place, value in enumerate(recent) if value is not None]
    if len(known) < FEWEST_TREND:
        return None
    slope = median((last - first) / (end - start) for (start, first), (end, last) in combinations(known, 2))
    return median(value + slope * (len(recent) - place) for place, value in known)


def season(values: Values, cycle: int) -> float | None:
    """The value a year ago, and the median growth of the last six values over theirs a year before."""
    if len(values) < cycle + SEASON or (ago := values[-cycle]) is None:
        return None
    pairs = zip(values[-SEASON:], values[-SEASON - cycle : -cycle], strict=True)
    grown = [now - then for now, then in pairs if now is not None and then is not None]
    return ago + median(grown) if len(grown) >= SEASON - 1 else None


EXPECTATIONS = (
    Expectation("the recent level", level),
    Expectation("the trend", trend),
    Expectation("the season", season),
)
"""From simple to less so."""
