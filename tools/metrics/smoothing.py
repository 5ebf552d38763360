"""Exponential smoothing with statsmodels; run in a process of its own (`core.apart`).

Asked `values`, `origins`, `horizon` and `cycle`, it answers `forecasts`: for each origin the steps ahead, from the values
before it alone. statsmodels is imported where it is used, so that the process can answer that it is not installed.
"""

import math
import warnings
from collections.abc import Mapping, Sequence
from statistics import fmean
from typing import Any

from core.apart import answer_once

LONGEST_SEASON = 12
"""Weeks of a year have too many seasonal states for the few years that a company has."""


def handle(request: Mapping[str, Any]) -> Mapping[str, Any]:
    """The answer to one request, as plain data."""
    values, horizon, cycle = request["values"], request["horizon"], request["cycle"]
    return {"forecasts": [smoothed(values[:origin], horizon, cycle) for origin in request["origins"]]}


def smoothed(values: Sequence[float], horizon: int, cycle: int) -> list[float]:
    """The forecast of the model with the smallest AICc: simple, with a damped trend, and both of these with a season.

    Errors, trend and season are additive, the states at the beginning are reckoned from the first values (Hyndman,
    Koehler, Ord and Snyder 2008, "Forecasting with Exponential Smoothing", section 2.6.1). A season is tried from two
    cycles on. Values are fitted in units of their mean size, so that the currency does not matter.
    """
    size = fmean(abs(value) for value in values) or 1.0
    season = 1 < cycle <= LONGEST_SEASON and len(values) >= 2 * cycle
    kinds = [(trended, seasonal) for seasonal in ((False, True) if season else (False,)) for trended in (False, True)]
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        fits = [
            _fit([value / size for value in values], trended, cycle if seasonal else None)
            for trended, seasonal in kinds
        ]
        best = min(fits, key=lambda fit: fit.aicc if math.isfinite(fit.aicc) else math.inf)
        return [float(value) * size for value in best.forecast(horizon)]


def _fit(values: Sequence[float], trended: bool, cycle: int | None) -> Any:
    from statsmodels.tsa.exponential_smoothing.ets import ETSModel  # noqa: PLC0415 - loaded only in this process

    model = ETSModel(
        values,
        trend="add" if trended else None,
        damped_trend=trended,
        seasonal="add" if cycle else None,
        seasonal_periods=cycle,
        initialization_method="heuristic",
    )
    return model.fit(disp=False)


if __name__ == "__main__":
    answer_once(handle)
