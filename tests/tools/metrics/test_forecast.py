"""A forecast comes with its proof, beside the seasonal naive one's, or not at all."""

import math
import sys
from pathlib import Path

import numpy as np
import pytest

from core.errors import InvalidInputError
from tests.interpreters import interpreter_without
from tools.metrics.candidates import DRIFT, ETS, SEASONAL_NAIVE, seasonal_naive
from tools.metrics.forecast import Forecast, NoForecast, forecast

SEASON = [10 * math.sin(month * math.tau / 12) for month in range(12)]


def _months(count: int, growth: float = 0.0, noise: float = 1.0) -> list[float]:
    drawn = np.random.default_rng(5).normal(0, noise, count)
    return [100 + growth * place + SEASON[place % 12] + float(drawn[place]) for place in range(count)]


async def _made(values: list[float], horizon: int = 3, *, cycle: int = 12, least: float | None = None) -> Forecast:
    made = await forecast(values, horizon, cycle=cycle, least=least)
    assert isinstance(made, Forecast)
    return made


@pytest.fixture
def unequipped(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(sys, "executable", str(interpreter_without("statsmodels", tmp_path / "python")))


async def test_a_growing_season_is_smoothed_better_than_repeated() -> None:
    values = _months(51, growth=2.0)
    made = await _made(values[:48])
    assert made.method == ETS
    assert made.notes == ()
    assert made.errors.mase is not None
    assert made.naive.mase is not None
    assert made.errors.mase < made.naive.mase
    assert made.naive.method == SEASONAL_NAIVE
    assert [step.value for step in made.steps] == pytest.approx(values[48:], abs=5)
    assert all(step.low < step.value < step.high for step in made.steps)
    assert made.errors.coverage == pytest.approx(0.8, abs=0.2)


@pytest.mark.usefixtures("unequipped")
async def test_where_nothing_beats_it_the_seasonal_naive_forecast_is_used_and_it_is_said() -> None:
    values = _months(40)
    made = await _made(values)
    assert made.method == SEASONAL_NAIVE
    assert made.errors == made.naive
    assert [step.value for step in made.steps] == seasonal_naive(values, 3, 12)
    assert "nothing that was tried beats" in made.notes[-1]


@pytest.mark.usefixtures("unequipped")
async def test_without_the_extra_the_plain_ways_are_tried_and_the_remedy_is_named() -> None:
    made = await _made([100 + 5.0 * place for place in range(40)])
    assert made.method == DRIFT
    assert [tried.method for tried in made.tried] == [SEASONAL_NAIVE, DRIFT]
    assert "'statsmodels" in made.notes[0]
    assert "sophia-orchestrator[scores]" in made.notes[0]


async def test_a_process_that_takes_too_long_leaves_the_plain_ways() -> None:
    made = await forecast(_months(40), 3, cycle=12, timeout_s=0.01)
    assert isinstance(made, Forecast)
    assert ETS in made.notes[0]
    assert "0.01 s" in made.notes[0]


@pytest.mark.parametrize(
    ("count", "horizon", "reason"),
    [(14, 1, "14 values are too few"), (24, 9, "9 steps ahead cannot be proven on 24 values: at most 7")],
)
async def test_what_cannot_be_proven_is_not_forecast(count: int, horizon: int, reason: str) -> None:
    refused = await forecast(_months(count), horizon, cycle=12)
    assert isinstance(refused, NoForecast)
    assert reason in refused.reason


@pytest.mark.usefixtures("unequipped")
async def test_a_season_that_cannot_be_proven_is_left_out_and_it_is_said() -> None:
    made = await _made(_months(17), 1)
    assert made.cycle == 1
    assert "no season" in made.notes[0]


@pytest.mark.usefixtures("unequipped")
async def test_amounts_are_not_forecast_below_zero() -> None:
    falling = [190 - 5.0 * place + (3 if place % 2 else -3) for place in range(40)]
    made = await _made(falling, least=0.0)
    assert made.method == DRIFT
    assert [(step.value, step.low) for step in made.steps] == [(0.0, 0.0)] * 3
    assert (await _made(falling)).steps[2].value < 0


@pytest.mark.usefixtures("unequipped")
async def test_unit_and_zero_change_no_choice() -> None:
    values = _months(40, growth=1.0)
    made, changed = await _made(values), await _made([(value + 50) * 1024 for value in values])
    assert changed.method == made.method
    assert [step.value for step in changed.steps] == pytest.approx([(step.value + 50) * 1024 for step in made.steps])


async def test_a_gap_and_no_horizon_are_refused() -> None:
    with pytest.raises(InvalidInputError, match="Value 2"):
        await forecast([1.0, math.nan], 1, cycle=12)
    with pytest.raises(InvalidInputError, match="one step"):
        await forecast([1.0] * 40, 0, cycle=12)
