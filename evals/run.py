"""Runs suites and holds their measures against the thresholds."""

import math
import tomllib
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from importlib.resources import files
from pathlib import Path

Measures = Mapping[str, float]


@dataclass(frozen=True, slots=True)
class Bar:
    """What a measure must reach: at least `low`, at most `high`."""

    low: float | None = None
    high: float | None = None

    def holds(self, value: float) -> bool:
        """Whether the value is within the bar."""
        return (self.low is None or value >= self.low) and (self.high is None or value <= self.high)

    def __str__(self) -> str:
        return " ".join(
            f"{sign} {plain(value)}" for sign, value in ((">=", self.low), ("<=", self.high)) if value is not None
        )


@dataclass(frozen=True, slots=True)
class Result:
    """One measure of one suite."""

    suite: str
    measure: str
    value: float
    bar: Bar | None

    @property
    def passed(self) -> bool:
        """True also for a measure that has no bar and is only reported."""
        return self.bar is None or self.bar.holds(self.value)


def plain(value: float) -> str:
    """`0.9281`, `11,553`, `0.00002`: four digits, and never an exponent; what is not a number was not measured."""
    if not math.isfinite(value):
        return "not measured"
    if value == int(value) or abs(value) >= 1000:
        return f"{value:,.0f}"
    told = f"{value:.4g}"
    return format(Decimal(told), "f") if "e" in told else told


@dataclass(frozen=True, slots=True)
class Materials:
    """Where suites find data sets and keep vectors between runs. `data` is None where the sets are not on the machine."""

    data: Path | None
    cache: Path


Suite = Callable[[Materials], Awaitable[Measures]]


def thresholds() -> dict[str, dict[str, Bar]]:
    """The bars by suite and measure, from the file that ships with the package."""
    written = tomllib.loads(files("evals").joinpath("thresholds.toml").read_text(encoding="utf-8"))
    return {
        suite: {measure: Bar(bar.get("min"), bar.get("max")) for measure, bar in bars.items()}
        for suite, bars in written.items()
    }


async def judge(name: str, suite: Suite, materials: Materials) -> list[Result]:
    """The suite's measures with their bars; a bar whose measure is missing fails."""
    bars = thresholds().get(name, {})
    measured = await suite(materials)
    missing = [Result(name, measure, float("nan"), bar) for measure, bar in bars.items() if measure not in measured]
    return [Result(name, measure, value, bars.get(measure)) for measure, value in measured.items()] + missing
