"""A briefing's charts, drawn: for the page, and as pictures that stand alone."""

from agents.executive_briefing.document import Briefing, Chart, Shape
from agents.executive_briefing.rendering.html import Drawing
from agents.executive_briefing.rendering.words import plain
from core.errors import NotFoundError
from tools.charts.drawing import png, svg
from tools.charts.plot import Amount, Bars, Expected, Line, Plot, Value
from tools.charts.spec import Spec, spec

WIDE, NARROW, ALONE = 680, 340, 760


async def draw_charts(briefing: Briefing) -> dict[str, Drawing]:
    """Every chart that has something to show, by its id, in one process. UnsupportedError without the extra `charts`."""
    charts = [chart for section in briefing.sections for chart in section.charts if _shows(chart)]
    drawn = await svg([spec(plot_of(chart), width=width) for chart in charts for width in (WIDE, NARROW)])
    pairs = zip(drawn[::2], drawn[1::2], strict=True)
    return {chart.id: Drawing(wide, narrow) for chart, (wide, narrow) in zip(charts, pairs, strict=True)}


async def picture(briefing: Briefing, chart: str) -> bytes:
    """One chart as a PNG with its title. NotFoundError for a chart it does not have, UnsupportedError as above."""
    [drawn] = await png([alone(briefing, chart)])
    return drawn


async def vector(briefing: Briefing, chart: str) -> str:
    """One chart as an SVG with its title; errors as of `picture`."""
    [drawn] = await svg([alone(briefing, chart)])
    return drawn


def alone(briefing: Briefing, chart: str) -> Spec:
    """The Vega-Lite spec of one chart with its title; NotFoundError for a chart that it does not have."""
    charts = {one.id: one for section in briefing.sections for one in section.charts if _shows(one)}
    if chart not in charts:
        raise NotFoundError(f"Briefing {briefing.id!r} has no chart {chart!r}: it has {', '.join(charts) or 'none'}")
    return spec(plot_of(charts[chart]), width=ALONE, title=plain(charts[chart].title))


def plot_of(chart: Chart) -> Plot:
    """What the chart shows, for whoever draws it."""
    if chart.shape is Shape.BAR:
        return Bars(chart.unit, [Amount(plain(bar.name), bar.value, bar.marked) for bar in chart.bars])
    values = [Value(point.day, point.value, point.partial, point.day in chart.marks) for point in chart.points]
    return Line(chart.unit, values, [Expected(band.day, band.value, band.low, band.high) for band in chart.forecast])


def _shows(chart: Chart) -> bool:
    return bool(chart.bars) or any(point.value is not None for point in chart.points)
