"""How a way to forecast would have done: forecasts from each of many past days, held against what came."""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from statistics import fmean

LEVEL = 0.8
"""The share of outcomes that an interval is made to cover."""
FEWEST_KNOWN = 10
FEWEST_ERRORS = 5
"""An interval is made from so many errors at least."""

Forecasts = Mapping[int, Sequence[float]]
"""By origin, how many of the values were known: what was forecast for each step after them."""


@dataclass(frozen=True, slots=True)
class Errors:
    """What a method's forecasts were off in the backtest.

    `mase` is the mean absolute error over that of the seasonal naive forecast one step ahead within the values known at
    each origin (Hyndman and Koehler 2006): below 1 is better than it. None where these never changed. `smape` is the mean
    of 200 |y - ŷ| / (|y| + |ŷ|), from 0 to 200 (Makridakis 1993). `covered` of the `intervals` that could be made from
    errors known by then held what came.
    """

    method: str
    mean_absolute: float
    mase: float | None
    smape: float
    covered: int
    intervals: int

    @property
    def coverage(self) -> float | None:
        """The share of intervals that held; to be compared with LEVEL."""
        return self.covered / self.intervals if self.intervals else None


def first_origin(cycle: int) -> int:
    """How many values the first origin of a backtest knows: a cycle and one more, ten at least."""
    return max(cycle + 1, FEWEST_KNOWN)


def origins(known: int, horizon: int, *, cycle: int, most: int) -> list[int]:
    """The origins of a backtest by how many values were known at each: the latest, so that every step has up to `most`."""
    return list(range(first_origin(cycle), known))[-(most + horizon - 1) :]


def errors(method: str, values: Sequence[float], forecasts: Forecasts, *, cycle: int) -> Errors:
    """The errors over all origins and steps whose outcome is known. Needs one at least."""
    pairs = [
        (origin, values[place], forecast)
        for origin, steps in forecasts.items()
        for place, forecast in enumerate(steps, start=origin)
        if place < len(values)
    ]
    held = _held(values, forecasts)
    return Errors(
        method,
        fmean(abs(came - forecast) for _, came, forecast in pairs),
        _mase(values, pairs, cycle),
        fmean(_symmetric(came, forecast) for _, came, forecast in pairs),
        sum(held),
        len(held),
    )


def half_width(values: Sequence[float], forecasts: Forecasts, step: int, *, known: int) -> float | None:
    """Half an interval for the step ahead (0 the next) from what was off there, of outcomes among the first `known`.

    The ⌈(n + 1) LEVEL⌉-th smallest of n absolute errors: split conformal prediction (Lei et al. 2018, "Distribution-Free
    Predictive Inference for Regression"). None with fewer than five.
    """
    off = sorted(
        abs(values[origin + step] - steps[step])
        for origin, steps in forecasts.items()
        if step < len(steps) and origin + step < known
    )
    if len(off) < FEWEST_ERRORS:
        return None
    return off[min(len(off), math.ceil((len(off) + 1) * LEVEL)) - 1]


def _held(values: Sequence[float], forecasts: Forecasts) -> list[bool]:
    """Whether each interval that could have been made at its origin held what came."""
    return [
        abs(values[origin + step] - forecast) <= width
        for origin, steps in forecasts.items()
        for step, forecast in enumerate(steps)
        if origin + step < len(values) and (width := half_width(values, forecasts, step, known=origin)) is not None
    ]


def _mase(values: Sequence[float], pairs: Sequence[tuple[int, float, float]], cycle: int) -> float | None:
    scales = {origin: _naive_error(values[:origin], cycle) for origin, _, _ in pairs}
    scaled = [abs(came - forecast) / scales[origin] for origin, came, forecast in pairs if scales[origin]]
    return fmean(scaled) if scaled else None


def _naive_error(values: Sequence[float], cycle: int) -> float:
    return fmean(abs(now - before) for before, now in zip(values, values[cycle:], strict=False))


def _symmetric(came: float, forecast: float) -> float:
    size = abs(came) + abs(forecast)
    return 200 * abs(came - forecast) / size if size else 0.0
