"""Vega-Lite specs. Each holds its data; what comes from data is only ever a value, never part of an expression."""

from collections.abc import Sequence
from datetime import date
from itertools import pairwise

from pydantic import JsonValue

from core.errors import InvalidInputError
from models.text.written import SYMBOLS
from tools.charts.palette import GRID, INK, LABEL, LINE, MARK, PAPER, QUIET
from tools.charts.plot import Bars, Expected, Line, Plot, Value

Spec = dict[str, JsonValue]
SCHEMA = "https://vega.github.io/schema/vega-lite/v6.json"
FONT = "Inter, system-ui, 'Segoe UI', Roboto, 'Helvetica Neue', Arial, sans-serif"
A_MONTH_DAYS = 27
PIXELS_A_TICK = 85
BAR_PIXELS = 30
_POWERS = ((1e9, "B"), (1e6, "M"), (1e3, "k"))
_STEPS = (1, 3, 6, 12)


def spec(plot: Plot, *, width: int, title: str | None = None) -> Spec:
    """The Vega-Lite spec, `width` pixels wide. With a `title` it stands alone, on paper; without, it takes the page's ground.

    InvalidInputError where there is nothing to draw.
    """
    shown = _bars(plot) if isinstance(plot, Bars) else _line(plot, width)
    alone: Spec = {"title": {"text": title, "anchor": "start", "fontSize": 14, "color": INK}} if title else {}
    return {
        "$schema": SCHEMA,
        "background": PAPER if title else "transparent",
        "padding": 12 if title else 2,
        "width": width,
        "autosize": {"type": "fit", "contains": "padding"},
        **alone,
        **shown,
        "config": _CONFIG,
    }


def written(value: float, unit: str) -> str:
    """An amount in a few characters: `$503k`, `1.41M`, `31 %`, `0.61`."""
    short = float(f"{abs(value):.3g}")
    size, power = next(((by, name) for by, name in _POWERS if short >= by), (1.0, ""))
    return f"{'-' * (value < 0)}{SYMBOLS.get(unit, '')}{short / size:g}{power}{' %' * (unit == 'percent')}"


def _line(plot: Line, width: int) -> Spec:
    known = [value for value in plot.values if value.value is not None]
    if not known:
        raise InvalidInputError("A line without values cannot be drawn")
    last = max((value for value in known if not value.partial), key=lambda value: value.day, default=known[-1])
    layers = [*_forecast(plot.expected, last), *_course(plot), *_ends(plot, last)]
    return {
        "height": round(min(width * 0.42, 230)),
        "encoding": {"x": _time_axis(plot, width), "y": _value_axis(plot.unit)},
        "layer": list(layers),
    }


def _forecast(expected: Sequence[Expected], last: Value) -> list[JsonValue]:
    """The band and the dashed line, both from the last value that was measured."""
    if not expected:
        return []
    assert last.value is not None
    joined = [Expected(last.day, last.value, last.value, last.value), *expected]
    rows = [_row(day=one.day, value=one.value, low=one.low, high=one.high) for one in joined]
    band: Spec = {"y": {"field": "low", "type": "quantitative"}, "y2": {"field": "high"}}
    return [
        _layer(rows, {"type": "area", "color": LINE, "opacity": 0.16}, band),
        _layer(rows, {"type": "line", "color": LINE, "strokeWidth": 2, "strokeDash": [5, 4]}),
    ]


def _course(plot: Line) -> list[JsonValue]:
    whole = [_row(day=value.day, value=value.value) for value in plot.values if not value.partial]
    under_way = [_row(day=value.day, value=value.value) for value in plot.values if value.partial]
    marked = [_row(day=value.day, value=value.value) for value in plot.values if value.marked]
    ring: Spec = {
        "type": "point",
        "color": LINE,
        "fill": PAPER,
        "filled": True,
        "size": 48,
        "opacity": 1,
        "stroke": LINE,
        "strokeWidth": 2,
    }
    diamond: Spec = {"type": "point", "shape": "diamond", "filled": True, "color": MARK, "size": 130, "opacity": 1}
    return [
        _layer(whole, {"type": "line", "color": LINE, "strokeWidth": 2.25, "strokeJoin": "round"}),
        *([_layer(under_way, ring)] if under_way else []),
        *([_layer(marked, diamond)] if marked else []),
    ]


def _ends(plot: Line, last: Value) -> list[JsonValue]:
    """What stands out and what comes last, written beside its point."""
    marks = [value for value in plot.values if value.marked and value.value is not None]
    beside = [(last.day, last.value)] if not plot.expected and not last.marked else []
    beside += [(value.day, value.value) for value in marks if value.day == last.day and not plot.expected]
    above = [(value.day, value.value) for value in marks if (value.day, value.value) not in beside]
    above += [(last.day, last.value)] if plot.expected and not last.marked else []
    beside += [(one.day, one.value) for one in plot.expected[-1:]]
    text: Spec = {"type": "text", "color": INK, "fontSize": 12, "fontWeight": 600}
    label: Spec = {"text": {"field": "label", "type": "nominal"}}
    layers: list[JsonValue] = [_layer(_labels(beside, plot.unit), {**text, "align": "left", "dx": 8}, label)]
    return [*layers, _layer(_labels(above, plot.unit), {**text, "dy": -14}, label)] if above else layers


def _labels(places: Sequence[tuple[date, float | None]], unit: str) -> list[JsonValue]:
    return [_row(day=day, value=value, label=written(value, unit)) for day, value in places if value is not None]


def _bars(plot: Bars) -> Spec:
    if not plot.amounts:
        raise InvalidInputError("A bar chart without bars cannot be drawn")
    marks = any(amount.marked for amount in plot.amounts)
    rows: list[JsonValue] = [
        {
            "place": place,
            "name": amount.name,
            "value": amount.value,
            "label": written(amount.value, plot.unit),
            "color": LINE if amount.marked or not marks else QUIET,
        }
        for place, amount in enumerate(plot.amounts)
    ]
    color: JsonValue = {"field": "color", "type": "nominal", "scale": None}
    text: Spec = {"type": "text", "align": "left", "dx": 6, "color": INK, "fontSize": 12, "fontWeight": 600}
    return {
        "height": BAR_PIXELS * len(plot.amounts),
        "encoding": {
            "y": {"field": "name", "type": "nominal", "sort": {"field": "place"}, "title": None, "axis": _NAMES},
            "x": {"field": "value", "type": "quantitative", "axis": None},
        },
        "layer": [
            _layer(rows, {"type": "bar", "height": {"band": 0.62}}, {"color": color}),
            _layer(rows, text, {"text": {"field": "label", "type": "nominal"}}),
        ],
    }


def _layer(rows: Sequence[JsonValue], mark: Spec, encoding: Spec | None = None) -> JsonValue:
    return {"data": {"values": list(rows)}, "mark": mark, "encoding": encoding or {}}


def _row(*, day: date, **fields: float | str | None) -> JsonValue:
    return {"day": day.isoformat(), **fields}


def _value_axis(unit: str) -> JsonValue:
    sign = SYMBOLS.get(unit, "")
    percent = " %" if unit == "percent" else ""
    written_as = f"'{sign}' + replace(format(datum.value, '~s'), 'G', 'B') + '{percent}'"
    axis: JsonValue = {"tickCount": 4, "labelExpr": written_as, "domain": False, "ticks": False}
    scale: JsonValue = {"zero": unit == "percent", "nice": True}
    return {"field": "value", "type": "quantitative", "title": None, "axis": axis, "scale": scale}


def _time_axis(plot: Line, width: int) -> JsonValue:
    """Days are told in UTC, wherever they are drawn; months by name, with the year in January and at the start."""
    at = [value.day for value in plot.values] + [one.day for one in plot.expected]
    most = max(2, width // PIXELS_A_TICK)
    axis: dict[str, JsonValue] = {"grid": False, "labelOverlap": True, "labelFlush": True}
    if all((after - before).days >= A_MONTH_DAYS for before, after in pairwise(at)):
        step = next((step for step in _STEPS if len(at) / step <= most), _STEPS[-1])
        axis["tickCount"] = {"interval": "month", "step": step}
        axis["labelExpr"] = "utcFormat(datum.value, utcmonth(datum.value) == 0 || datum.index == 0 ? '%b %Y' : '%b')"
    else:
        axis["tickCount"] = most
        axis["labelExpr"] = "utcFormat(datum.value, '%-d %b')"
    return {"field": "day", "type": "temporal", "title": None, "scale": {"type": "utc"}, "axis": axis}


_NAMES: JsonValue = {"labelLimit": 170, "labelColor": INK, "labelFontSize": 13, "domain": False, "ticks": False}
_CONFIG: JsonValue = {
    "aria": False,
    "font": FONT,
    "view": {"stroke": None},
    "axis": {
        "gridColor": GRID,
        "domainColor": GRID,
        "tickColor": GRID,
        "labelColor": LABEL,
        "labelFontSize": 12,
        "labelPadding": 6,
    },
}
