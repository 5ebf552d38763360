"""What the tools about series return: what stands out, what adds up to it, and what is to be expected."""

from datetime import date

from pydantic import BaseModel, ConfigDict

from models.evidence import Direction
from tools.servers.call_results import Result
from tools.servers.metric_results import MetricFigure


class Contributed(BaseModel):
    """A part of a change: what it was, what it is, and the share of the whole change that this makes."""

    model_config = ConfigDict(frozen=True)

    by: str
    figure: MetricFigure
    share: MetricFigure


class Standout(BaseModel):
    """A value that those before it did not lead one to expect.

    `expected` is what they led to, `parts` what adds up to the change against the step before, the largest first.
    """

    model_config = ConfigDict(frozen=True)

    begins: date
    figure: MetricFigure
    expected: MetricFigure
    direction: Direction
    score: float
    reason: str
    parts: tuple[Contributed, ...] = ()


class Explained(Result):
    """A metric's change between two periods, and the parts that add up to most of it. Without a figure, `gap` says why."""

    metric: str
    title: str
    figure: MetricFigure | None
    parts: tuple[Contributed, ...]
    gap: str | None


class Trend(Result):
    """A metric's series with what stands out in it. `judged` steps had enough before them; `reason` says why not all."""

    metric: str
    title: str
    better: str | None
    figures: tuple[MetricFigure, ...]
    standouts: tuple[Standout, ...]
    judged: int
    reason: str | None
    gap: str | None


class Expected(BaseModel):
    """One step to come, with an interval of which four in five held in the backtest."""

    model_config = ConfigDict(frozen=True)

    begins: date
    figure: MetricFigure
    low: float
    high: float


class Forecast(Result):
    """What a metric's months lead one to expect of the next.

    `method` is what did best in the backtest; `error` and `naive_error` are its mean absolute scaled error and that of
    the same season a year before (docs/figures.md). Without steps, `gap` says why there is no forecast.
    """

    metric: str
    title: str
    better: str | None
    figures: tuple[MetricFigure, ...]
    steps: tuple[Expected, ...] = ()
    method: str | None = None
    error: float | None = None
    naive_error: float | None = None
    held: str | None = None
    notes: tuple[str, ...] = ()
    gap: str | None = None
