"""What a series will probably do next, with the proof: how the same way of forecasting would have done so far."""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from pydantic import JsonValue

from core.apart import run_apart
from core.errors import InvalidInputError, UnavailableError, UnsupportedError
from tools.metrics.backtest import FEWEST_ERRORS, Errors, Forecasts, errors, first_origin, half_width, origins
from tools.metrics.candidates import ETS, PLAIN, SEASONAL_NAIVE

BETTER = 0.95
"""Another method is used where its error is at most this part of the seasonal naive forecast's."""
MOST_ORIGINS = 24
EXTRA = "sophia-orchestrator[scores]"
_WORKER = "tools.metrics.smoothing"


@dataclass(frozen=True, slots=True)
class Step:
    """The forecast for one step ahead; in the backtest four in five of such intervals were made to hold."""

    value: float
    low: float
    high: float


@dataclass(frozen=True, slots=True)
class Forecast:
    """The steps ahead, the errors of the method in the backtest, and beside them the seasonal naive forecast's.

    Where nothing beats it, both are the same and `notes` say so, as they do of a method or a season that could not be
    tried. `origins` is how many past points were forecast from, `cycle` the season's steps, 1 where there is none.
    """

    steps: tuple[Step, ...]
    errors: Errors
    naive: Errors
    tried: tuple[Errors, ...]
    origins: int
    cycle: int
    notes: tuple[str, ...]

    @property
    def method(self) -> str:
        """The name of the method that was used."""
        return self.errors.method


@dataclass(frozen=True, slots=True)
class NoForecast:
    """There is no forecast, for this reason."""

    reason: str


async def forecast(
    values: Sequence[float], horizon: int, *, cycle: int, least: float | None = None, timeout_s: float = 60
) -> Forecast | NoForecast:
    """The forecast for `horizon` steps after the values, which are every step in order, the last one complete.

    `cycle` is how many steps a year has; `least` the smallest value there can be (0 for amounts). Seasonal naive, drift
    and, with the extra `scores`, exponential smoothing forecast from each of the latest past points, up to 24 for a step
    ahead; the one with the smallest MASE is used. It was chosen by its error, so that this is a little too small. Raises
    InvalidInputError for values that are no numbers and for no horizon.
    """
    _check(values, horizon)
    season, notes = _season(len(values), cycle)
    longest = len(values) - first_origin(season) - FEWEST_ERRORS + 1
    if longest < 1:
        needed = first_origin(1) + FEWEST_ERRORS
        return NoForecast(f"{len(values)} values are too few to prove a forecast on: {needed} are needed")
    if horizon > longest:
        return NoForecast(f"{horizon} steps ahead cannot be proven on {len(values)} values: at most {longest} can")
    known = origins(len(values), horizon, cycle=season, most=MOST_ORIGINS)
    tried, ahead, untried = await _tried(values, known, horizon, season, timeout_s)
    notes = [*notes, *untried]
    judged = {name: errors(name, values, forecasts, cycle=season) for name, forecasts in tried.items()}
    best, naive = _chosen(judged), judged[SEASONAL_NAIVE]
    if best is naive:
        notes.append("nothing that was tried beats the seasonal naive forecast, so it is used")
    steps = _steps(values, ahead[best.method], tried[best.method], least)
    return Forecast(steps, best, naive, tuple(judged.values()), len(known), season, tuple(notes))


async def _tried(
    values: Sequence[float], known: Sequence[int], horizon: int, cycle: int, timeout_s: float
) -> tuple[dict[str, Forecasts], dict[str, Sequence[float]], list[str]]:
    """By method the forecasts from every origin and those from now, and what could not be tried."""
    every = [*known, len(values)]
    tried: dict[str, Forecasts] = {
        name: {origin: method(values[:origin], horizon, cycle) for origin in every} for name, method in PLAIN.items()
    }
    notes: list[str] = []
    try:
        tried[ETS] = await _smoothed(values, every, horizon, cycle, timeout_s)
    except UnsupportedError as missing:
        notes.append(f"{ETS} was not tried: {missing}; pip install '{EXTRA}'")
    except UnavailableError as failed:
        notes.append(f"{ETS} was not tried: {failed}")
    ahead = {name: forecasts[len(values)] for name, forecasts in tried.items()}
    past: dict[str, Forecasts] = {name: {one: forecasts[one] for one in known} for name, forecasts in tried.items()}
    return past, ahead, notes


async def _smoothed(
    values: Sequence[float], every: Sequence[int], horizon: int, cycle: int, timeout_s: float
) -> Forecasts:
    request: dict[str, JsonValue] = {"values": list(values), "origins": list(every), "horizon": horizon, "cycle": cycle}
    answer = await run_apart(_WORKER, request, timeout_s=timeout_s)
    return dict(zip(every, answer["forecasts"], strict=True))


def _season(known: int, cycle: int) -> tuple[int, list[str]]:
    """The cycle to reckon with: 1 where the values cannot prove a season, which is said."""
    needed = first_origin(cycle) + FEWEST_ERRORS
    if cycle == 1 or known >= needed:
        return cycle, []
    return 1, [f"no season was reckoned with: it takes {needed} values, there are {known}"]


def _chosen(judged: Mapping[str, Errors]) -> Errors:
    """The method with the smallest error, if that is clearly smaller than the seasonal naive forecast's."""
    naive = judged[SEASONAL_NAIVE]
    scaled = naive.mase is not None
    size = {name: (one.mase or 0.0) if scaled else one.mean_absolute for name, one in judged.items()}
    best = min(judged, key=lambda name: size[name])
    return judged[best] if size[best] < BETTER * size[SEASONAL_NAIVE] else naive


def _steps(values: Sequence[float], ahead: Sequence[float], past: Forecasts, least: float | None) -> tuple[Step, ...]:
    steps = []
    for step, value in enumerate(ahead):
        width = half_width(values, past, step, known=len(values)) or 0.0
        steps.append(Step(value, value - width, value + width))
    return tuple(steps if least is None else [_at_least(step, least) for step in steps])


def _at_least(step: Step, least: float) -> Step:
    return replace(step, value=max(least, step.value), low=max(least, step.low), high=max(least, step.high))


def _check(values: Sequence[float], horizon: int) -> None:
    if horizon < 1:
        raise InvalidInputError(f"A forecast is for one step ahead or more, not {horizon}")
    for place, value in enumerate(values):
        if not math.isfinite(value):
            raise InvalidInputError(f"Value {place + 1} of the series is {value!r}: a forecast needs every value")
