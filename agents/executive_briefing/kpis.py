"""The briefing's table of figures: each metric over the period, against the one before, with its months behind it."""

import asyncio
from dataclasses import replace

from pydantic import JsonValue

from agents.base import Turn
from agents.executive_briefing.asked import told
from agents.executive_briefing.document import Kpi, Point, Sense
from agents.executive_briefing.measures import told_age
from agents.executive_briefing.metrics import structured
from agents.executive_briefing.trends import has_months
from agents.executive_briefing.wanted import Wanted
from core.errors import SophiaError
from core.identity import Label
from core.periods import Calendar, Grain
from models.evidence import Direction, Figure, highest
from tools.servers.metric_results import Changed, Measurement, MetricFigure, MetricInfo

TREND_MONTHS = 13


async def kpis(wanted: Wanted, metrics: dict[str, MetricInfo], turn: Turn) -> tuple[tuple[Kpi, ...], Label]:
    """A row for each of the audience's metrics that the company has, and the highest label of what was measured."""
    rows = [_row(wanted, metrics[name], turn) for name in wanted.audience.metrics if name in metrics]
    found = await asyncio.gather(*rows)
    return tuple(kpi for kpi, _ in found), highest([label for _, label in found])


async def _row(wanted: Wanted, metric: MetricInfo, turn: Turn) -> tuple[Kpi, Label]:
    try:
        months = await _measured(metric, {"grain": "month"}, None, turn) if has_months(metric) else None
        found = await _measured(metric, told(wanted.period), told(wanted.compared), turn)
    except SophiaError as error:
        return Kpi(metric.name, metric.title, None, gap=str(error)), Label.PUBLIC
    figure = _of_its_own_step(months, metric) if metric.imported and months else next(iter(found.figures), None)
    trend = tuple(_point(one) for one in months.figures[-TREND_MONTHS:]) if months else ()
    kpi = Kpi(
        metric=metric.name,
        title=metric.title,
        figure=figure.figure if figure else None,
        sense=_sense(figure, metric.better or wanted.audience.better.get(metric.name)),
        gap=None if figure else found.gap or "no value",
        trend=trend,
        stale=told_age(found.age_s) if found.stale and figure else None,
    )
    return _since(wanted, kpi), Label.parse(found.label)


async def _measured(
    metric: MetricInfo, parameters: dict[str, str], against: dict[str, str] | None, turn: Turn
) -> Measurement:
    arguments: dict[str, JsonValue] = {"metric": metric.name, "parameters": dict(parameters)}
    if against:
        arguments["against"] = dict(against)
    return Measurement.model_validate(await structured(turn, "measure_metric", **arguments))


def _of_its_own_step(months: Measurement, metric: MetricInfo) -> MetricFigure | None:
    """An imported figure is told over its own last whole step, against the step before, whatever the briefing's days are."""
    grain = Grain(metric.grain or Grain.MONTH)
    whole = [
        figure.model_copy(update={"period": Calendar().told(grain, Calendar().step(grain, figure.begins))})
        for figure in months.figures
        if figure.complete
    ]
    if len(whole) < 2:
        return whole[-1] if whole else None
    now, before = whole[-1], whole[-2]
    return now.model_copy(update={"change": Changed.of(now.value, before.value, now.unit, before.period)})


def _point(figure: MetricFigure) -> Point:
    return Point(figure.begins, figure.value, partial=not figure.complete)


def _sense(figure: MetricFigure | None, better: str | None) -> Sense:
    if figure is None or figure.change is None or better is None or not figure.change.trend:
        return Sense.NEUTRAL
    if figure.change.direction is Direction.FLAT:
        return Sense.NEUTRAL
    return Sense.GOOD if figure.change.direction == better else Sense.BAD


def _since(wanted: Wanted, kpi: Kpi) -> Kpi:
    """The row with what the last briefing said of it, where it said something else."""
    before = wanted.previous.kpis if wanted.previous else ()
    told_then = next((one.figure for one in before if one.metric == kpi.metric and one.figure), None)
    if told_then is None or kpi.figure is None or told_then.text == kpi.figure.text:
        return kpi
    return replace(kpi, since_last=told_then.text)


def moved_most(rows: tuple[Kpi, ...]) -> list[Figure]:
    """The figures whose change means something, bad news first, then by how large the change is in proportion."""
    meaning = [row for row in rows if row.figure and row.figure.change and row.sense is not Sense.NEUTRAL]
    meaning.sort(key=lambda row: (row.sense is not Sense.BAD, -_size(row.figure)))
    return [row.figure for row in meaning if row.figure]


def _size(figure: Figure | None) -> float:
    return abs(figure.change.relative or 0.0) if figure and figure.change else 0.0
