"""How a figure differs from the same one before, and whether that says anything."""

import math
from dataclasses import dataclass

from core.errors import InvalidInputError
from models.evidence import Direction

FEWEST_CASES = 5
"""Fewer cases (deals, calls) than this on either side make no trend, however large the change is."""


@dataclass(frozen=True, slots=True)
class Difference:
    """`absolute` is now - before in the figure's unit, `relative` the same over |before|: 0.04 is 4 %.

    `relative` is None, and `reason` says why, where there was nothing before, where the sign changed, and where a value
    is missing; then `absolute` and `direction` are None too. `trend` is False where there are too few cases to speak of
    one: the figures may be told, "rising" and "falling" may not.
    """

    now: float | None
    before: float | None
    absolute: float | None = None
    relative: float | None = None
    direction: Direction | None = None
    trend: bool = True
    reason: str | None = None


def change(now: float | None, before: float | None, *, cases: tuple[int, int] | None = None) -> Difference:
    """The difference between two values of one metric.

    `cases` is how many deals, calls and the like are behind each, now and before; None for what is not made of cases.
    """
    for value in (now, before):
        if value is not None and not math.isfinite(value):
            raise InvalidInputError(f"A figure is a number, not {value!r}: give None for one that is missing")
    if now is None or before is None:
        return Difference(now, before, trend=False, reason=_missing(now, before))
    absolute = now - before
    few = _too_few(cases)
    relative, undefined = _relative(now, before)
    return Difference(now, before, absolute, relative, _direction(absolute), not few, few or undefined)


def _relative(now: float, before: float) -> tuple[float | None, str | None]:
    if before == 0:
        return (0.0, None) if now == 0 else (None, "before it was zero: there is no percentage")
    if now * before < 0:
        return None, "the sign changed: there is no percentage"
    return (now - before) / abs(before), None


def _direction(absolute: float) -> Direction:
    if absolute == 0:
        return Direction.FLAT
    return Direction.UP if absolute > 0 else Direction.DOWN


def _missing(now: float | None, before: float | None) -> str:
    if now is None and before is None:
        return "there is no figure for either period"
    return f"there is no figure for the {'later' if now is None else 'earlier'} period"


def _too_few(cases: tuple[int, int] | None) -> str | None:
    if cases is None or min(cases) >= FEWEST_CASES:
        return None
    return (
        f"{cases[0]} cases now and {cases[1]} before: with fewer than {FEWEST_CASES} on either side there is no trend"
    )
