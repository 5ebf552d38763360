"""The plain ways to forecast, which every other has to beat."""

from collections.abc import Callable, Sequence

Forecaster = Callable[[Sequence[float], int, int], list[float]]
"""From the values, the steps ahead and the steps of a cycle: a value for each step ahead."""


def seasonal_naive(values: Sequence[float], horizon: int, cycle: int) -> list[float]:
    """The same step of the last cycle: ŷ(T+h) = y(T+h-m(k+1)), k the whole cycles in (h-1)/m.

    Hyndman and Athanasopoulos, "Forecasting: Principles and Practice", 3rd ed., section 5.2. With a cycle of 1 it is the
    naive forecast, the last value.
    """
    last = values[-cycle:]
    return [last[step % cycle] for step in range(horizon)]


def drift(values: Sequence[float], horizon: int, _cycle: int) -> list[float]:
    """The line through the first and the last value: ŷ(T+h) = y(T) + h (y(T) - y(1)) / (T - 1). Same source."""
    slope = (values[-1] - values[0]) / (len(values) - 1)
    return [values[-1] + slope * step for step in range(1, horizon + 1)]


SEASONAL_NAIVE, DRIFT, ETS = "seasonal naive", "drift", "exponential smoothing"
PLAIN: dict[str, Forecaster] = {SEASONAL_NAIVE: seasonal_naive, DRIFT: drift}
