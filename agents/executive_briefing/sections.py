"""The parts of a briefing behind its table: what stands out, what is to be expected, who is ahead of whom, what it rests on."""

import asyncio
from collections.abc import Sequence

from agents.base import Turn
from agents.executive_briefing.document import Band, Bar, Chart, Coverage, Kpi, Line, Point, Section, Shape
from agents.executive_briefing.measures import sentence_case
from agents.executive_briefing.metrics import structured
from agents.executive_briefing.prose import Prose
from agents.executive_briefing.trends import (
    PROBABLY,
    figures_of,
    forecast_of,
    has_months,
    notes_about,
    recent,
    told_forecast,
    trends_of,
)
from agents.executive_briefing.wanted import Wanted
from core.errors import SophiaError
from core.identity import Label
from core.periods import months_after
from models.evidence import Figure, highest
from tools.servers.metric_results import Measurement, MetricFigure, MetricInfo
from tools.servers.trend_results import Forecast, Standout, Trend

LOOK_BACK_MONTHS = 3
CHART_MONTHS = 24
MONTHS_AHEAD = 3
MOST_COMPETITORS = 6

Metrics = dict[str, MetricInfo]


async def standouts(wanted: Wanted, metrics: Metrics, prose: Prose) -> Section:
    """Months of the last quarter that those before them did not lead one to expect, and what adds up to them."""
    months = [metric for metric in metrics.values() if has_months(metric)]
    trends = await trends_of(months, prose.turn)
    found = recent(trends, months_after(wanted.period.start, -LOOK_BACK_MONTHS))
    lines: list[Line] = []
    for trend, one in found:
        lines += await prose.of_figures(figures_of(one), about="What stands out?", label=Label.parse(trend.label))
        noted = await notes_about(one.figure, one.parts, prose.turn)
        lines += [Line(PROBABLY)] * bool(noted)
        lines += await prose.of_sources(noted, about="What was noted?")
    judged = sum(1 for trend in trends if trend.judged)
    note = None if found else f"Nothing stands out in {judged} series of the last {LOOK_BACK_MONTHS} months."
    charts = tuple(_marked(trend, one) for trend, one in found)
    return Section("standouts", "What stands out", tuple(lines), charts, note=note)


async def outlook(wanted: Wanted, metrics: Metrics, prose: Prose) -> Section:
    """The next months of the audience's figures, and how the same way of forecasting would have done so far."""
    asked = [metrics[name] for name in wanted.audience.outlook if name in metrics]
    found = await asyncio.gather(*(forecast_of(metric, prose.turn, MONTHS_AHEAD) for metric in asked))
    lines = [
        line
        for one in found
        for line in await prose.of_figures(
            [step.figure.figure for step in one.steps], about="What is to be expected?", label=Label.parse(one.label)
        )
    ]
    notes = [note for one in found for note in told_forecast(one)]
    charts = tuple(_ahead(one) for one in found if one.steps)
    return Section("outlook", "What is to be expected", tuple(lines), charts, note=" ".join(notes) or None)


async def competitors(_wanted: Wanted, metrics: Metrics, prose: Prose) -> Section:
    """Against whom deals are won and lost, and who is named on calls."""
    told: list[Measurement] = []
    for name in ("competitive_win_rate", "competitor_mentions"):
        if name in metrics:
            found = await structured(prose.turn, "measure_metric", metric=name, parameters={"by": "competitor"})
            told.append(Measurement.model_validate(found))
    lines = [
        line
        for one in told
        for line in await prose.of_figures(
            _largest(one), about="How do we do against competitors?", label=Label.parse(one.label)
        )
    ]
    charts = tuple(_bars(one) for one in told if len(one.figures) > 1)
    gaps = [f"{sentence_case(one.title)}: {one.gap}." for one in told if one.gap]
    return Section("competitors", "Competitors", tuple(lines), charts, note=" ".join(gaps) or None)


async def coverage(rows: Sequence[Kpi], sections: Sequence[Section], prose: Prose) -> Coverage:
    """What the briefing rests on, and what is missing from it."""
    answers = [await _measured(name, prose.turn) for name in ("calls_analysed", "coverage")]
    found = [one for one in answers if isinstance(one, Measurement)]
    figures = [figure.figure for one in found for figure in one.figures]
    label = highest([Label.parse(one.label) for one in found])
    lines = await prose.of_figures(figures, about="What does the briefing rest on?", label=label)
    untold = list(dict.fromkeys(str(one) for one in answers if isinstance(one, SophiaError)))
    stale = [f"{sentence_case(row.title)}: the data is {row.stale}." for row in rows if row.stale]
    gaps = [f"{sentence_case(row.title)}: {row.gap}." for row in rows if row.gap]
    failed = [f"{section.heading}: {section.note}" for section in sections if section.note and not section.lines]
    return Coverage(lines, (*gaps, *stale, *failed, *untold))


async def _measured(metric: str, turn: Turn) -> Measurement | SophiaError:
    """The metric as a whole, or why it cannot be measured."""
    try:
        return Measurement.model_validate(await structured(turn, "measure_metric", metric=metric, parameters={}))
    except SophiaError as error:
        return error


def _largest(found: Measurement) -> list[Figure]:
    figures = sorted(found.figures, key=lambda one: (-one.value, one.subject))
    return [one.figure for one in figures[:MOST_COMPETITORS]]


def _points(figures: Sequence[MetricFigure]) -> tuple[Point, ...]:
    return tuple(Point(one.begins, one.value, partial=not one.complete) for one in figures[-CHART_MONTHS:])


def _marked(trend: Trend, standout: Standout) -> Chart:
    figure, expected = standout.figure, standout.expected
    return Chart(
        id=f"standout-{trend.metric}",
        title=sentence_case(trend.title),
        unit=figure.unit,
        shape=Shape.LINE,
        about=f"{sentence_case(trend.title)} by month; {figure.period} stands out with {figure.text}, where {expected.text} was expected.",
        points=_points(trend.figures),
        marks=(standout.begins,),
    )


def _ahead(found: Forecast) -> Chart:
    first, last = found.steps[0].figure, found.steps[-1].figure
    whole = tuple(figure for figure in found.figures if figure.complete)
    return Chart(
        id=f"outlook-{found.metric}",
        title=sentence_case(found.title),
        unit=first.unit,
        shape=Shape.LINE,
        about=f"{sentence_case(found.title)} by month, and what is expected: {first.text} in {first.period}, {last.text} in {last.period}.",
        points=_points(whole),
        forecast=tuple(Band(one.begins, one.figure.value, one.low, one.high) for one in found.steps),
    )


def _bars(found: Measurement) -> Chart:
    figures = sorted(found.figures, key=lambda one: (-one.value, one.subject))[:MOST_COMPETITORS]
    said = ", ".join(f"{one.subject} {one.text}" for one in figures)
    return Chart(
        id=f"by-competitor-{found.metric}",
        title=sentence_case(found.title),
        unit=figures[0].unit,
        shape=Shape.BAR,
        about=f"{sentence_case(found.title)} by competitor: {said}.",
        bars=tuple(Bar(one.subject, one.value) for one in figures),
    )
