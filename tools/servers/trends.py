"""The tools about series: what stands out in a metric's months, and what adds up to it."""

import asyncio
from collections import OrderedDict
from collections.abc import Mapping, Sequence
from typing import Annotated

from pydantic import Field

from core.identity import Label, Principal
from core.periods import Calendar, Grain, months_after
from models.evidence import highest
from models.text.written import written
from tools.metrics.anomalies import Anomaly, Point, anomalies
from tools.metrics.contributions import Contribution, Part, contributions
from tools.metrics.forecast import Forecast as Ahead
from tools.metrics.forecast import NoForecast, Step, forecast
from tools.servers.metric_results import Changed, MetricFigure
from tools.servers.metric_tools import Ctx, MetricName, MetricTools
from tools.servers.trend_results import Contributed, Expected, Explained, Forecast, Standout, Trend

MONTHS_A_YEAR = 12
FORECAST_S = 8.0
"""What a method that is fitted may take, less than a tool may; without it the plain ones forecast, and that is said."""
FORECASTS_REMEMBERED = 64
NOT_ADDED = frozenset({"percent", "points", "days", "activities per rep"})
"""Units of means and ratios, whose parts do not add up to the whole."""
BREAKDOWNS = ("segment", "account", "rep", "competitor", "lost_reason")
MOST_PARTS = 3
LEAST_SHARE = 0.25
"""A part that makes less of a change than this is not told."""


class TrendTools:
    """The tools; `metrics` measures for them and says who asks."""

    def __init__(self, metrics: MetricTools) -> None:
        self._metrics = metrics
        self._forecasts: OrderedDict[tuple[int, tuple[float, ...]], Ahead | NoForecast] = OrderedDict()

    async def find_standouts(
        self,
        metric: MetricName,
        context: Ctx,
        filters: Annotated[dict[str, str] | None, Field(description="What narrows the metric: account, rep, …")] = None,
    ) -> Trend:
        """Finds the months of a metric that the months before did not lead one to expect, and what adds up to them."""
        principal = self._metrics.principal(context)
        found = await self._metrics.measure(metric, {**(filters or {}), "grain": "month"}, principal)
        whole = [figure for figure in found.figures if figure.complete]
        points = [Point(figure.begins, figure.value) for figure in whole]
        judged = anomalies(points, cycle=MONTHS_A_YEAR, least=0 if _never_below_zero(whole) else None)
        by_day = {figure.begins: figure for figure in whole}
        standouts = [
            await self._standout(one, by_day[one.day], whole, filters or {}, principal) for one in judged.anomalies
        ]
        return Trend(
            label=str(highest([Label.parse(found.label)])),
            metric=found.metric,
            title=found.title,
            better=found.better,
            figures=found.figures,
            standouts=tuple(standouts),
            judged=judged.judged,
            reason=judged.reason,
            gap=found.gap,
        )

    async def forecast_metric(
        self,
        metric: MetricName,
        context: Ctx,
        months: Annotated[int, Field(ge=1, le=12, description="How many months ahead")] = 3,
        filters: Annotated[dict[str, str] | None, Field(description="What narrows the metric: account, rep, …")] = None,
    ) -> Forecast:
        """Says what a metric's months lead one to expect of the next, and how that would have done so far."""
        principal = self._metrics.principal(context)
        found = await self._metrics.measure(metric, {**(filters or {}), "grain": "month"}, principal)
        whole = [figure for figure in found.figures if figure.complete]
        told = Forecast(
            label=found.label, metric=found.metric, title=found.title, better=found.better, figures=found.figures
        )
        if not whole:
            return told.model_copy(update={"gap": found.gap or "there is no whole month yet"})
        ahead = await self._ahead([figure.value for figure in whole], months)
        if isinstance(ahead, NoForecast):
            return told.model_copy(update={"gap": ahead.reason})
        return told.model_copy(
            update={
                "steps": tuple(_step(whole[-1], place, step) for place, step in enumerate(ahead.steps, start=1)),
                "method": ahead.method,
                "error": ahead.errors.mase,
                "naive_error": ahead.naive.mase,
                "held": f"{ahead.errors.covered} of {ahead.errors.intervals}",
                "notes": ahead.notes,
            }
        )

    async def _ahead(self, values: Sequence[float], months: int) -> Ahead | NoForecast:
        """The forecast from these values, made once: it takes seconds, and they change once a month."""
        key = (months, tuple(values))
        if key not in self._forecasts:
            least = 0 if all(value >= 0 for value in values) else None
            self._forecasts[key] = await forecast(
                values, months, cycle=MONTHS_A_YEAR, least=least, timeout_s=FORECAST_S
            )
            while len(self._forecasts) > FORECASTS_REMEMBERED:
                self._forecasts.popitem(last=False)
        return self._forecasts[key]

    async def explain_change(
        self,
        metric: MetricName,
        parameters: Annotated[dict[str, str], Field(description="from and to of the period, and what narrows it")],
        against: Annotated[dict[str, str], Field(description="from and to of the period to compare with")],
        context: Ctx,
    ) -> Explained:
        """Compares a metric over two periods, and says which parts add up to most of the change."""
        principal = self._metrics.principal(context)
        found = await self._metrics.measure(metric, parameters, principal, against)
        before = await self._metrics.measure(metric, {**parameters, **against}, principal)
        filters = {name: value for name, value in parameters.items() if name not in ("from", "to")}
        parts: tuple[Contributed, ...] = ()
        if len(found.figures) == len(before.figures) == 1:
            parts = await self._parts(found.figures[0], before.figures[0], filters, principal)
        return Explained(
            label=found.label,
            metric=found.metric,
            title=found.title,
            figure=found.figures[0] if found.figures else None,
            parts=parts,
            gap=found.gap or before.gap,
        )

    async def _standout(
        self,
        anomaly: Anomaly,
        figure: MetricFigure,
        series: Sequence[MetricFigure],
        filters: Mapping[str, str],
        principal: Principal,
    ) -> Standout:
        before = [one for one in series if one.begins < figure.begins]
        parts = await self._parts(figure, before[-1], filters, principal) if before else ()
        return Standout(
            begins=anomaly.day,
            figure=figure,
            expected=derived(figure, "expected", anomaly.expected),
            direction=anomaly.direction,
            score=anomaly.score,
            reason=anomaly.reason,
            parts=parts,
        )

    async def _parts(
        self, figure: MetricFigure, before: MetricFigure, filters: Mapping[str, str], principal: Principal
    ) -> tuple[Contributed, ...]:
        """The breakdown in which the fewest parts make the most of the change against the step before."""
        if figure.unit in NOT_ADDED:
            return ()
        possible = await self._metrics.breakdowns(figure.metric, principal)
        told = await asyncio.gather(
            *(
                self._by(by, figure, before, filters, principal)
                for by in BREAKDOWNS
                if by in possible and by not in filters
            )
        )
        return max((one for one in told if one), key=lambda parts: parts[0].share.value, default=())

    async def _by(
        self, by: str, figure: MetricFigure, before: MetricFigure, filters: Mapping[str, str], principal: Principal
    ) -> tuple[Contributed, ...]:
        now, then = await asyncio.gather(
            *(
                self._metrics.measure(figure.metric, {**filters, "by": by, **dict(_days(one))}, principal)
                for one in (figure, before)
            )
        )
        after, earlier = ({one.subject: one for one in found.figures} for found in (now, then))
        names = dict.fromkeys([*after, *earlier])
        parts = [Part(name, _value(earlier, name), _value(after, name)) for name in names]
        changed = contributions(before.value, figure.value, parts)
        return tuple(
            Contributed(
                by=by,
                figure=_of(one, after, earlier, before.period),
                share=derived(_of(one, after, earlier, before.period), "share", 100 * (one.share or 0.0), "percent"),
            )
            for one in changed.parts[:MOST_PARTS]
            if (one.share or 0.0) >= LEAST_SHARE
        )


def derived(figure: MetricFigure, what: str, value: float, unit: str | None = None) -> MetricFigure:
    """A figure reckoned from another and from its series: what was expected of it, or its share of a change."""
    unit = unit or figure.unit
    titles = {"expected": f"expected {figure.title}", "share": "share of the change"}
    return figure.model_copy(
        update={
            "metric": f"{what}_{figure.metric}" if what == "expected" else "share_of_change",
            "title": titles[what],
            "synonyms": (),
            "value": value,
            "unit": unit,
            "text": written(round(value) if abs(value) >= 10 else value, unit),
            "query": f"{what}({figure.query})",
            "change": None,
        }
    )


def _step(last: MetricFigure, place: int, step: Step) -> Expected:
    begins = months_after(last.begins, place)
    month = Calendar().step(Grain.MONTH, begins)
    figure = derived(last, "expected", step.value).model_copy(
        update={"period": Calendar().told(Grain.MONTH, month), "begins": begins, "ends": month.last}
    )
    return Expected(begins=begins, figure=figure, low=step.low, high=step.high)


def _of(
    part: Contribution, after: Mapping[str, MetricFigure], earlier: Mapping[str, MetricFigure], against: str
) -> MetricFigure:
    """The part's figure now, with what it was; one that is gone is at zero. `against` is how the period before is told."""
    now, was = after.get(part.name), earlier.get(part.name)
    if now is None:
        assert was is not None
        some = next(iter(after.values()), was)
        nothing = {"value": 0.0, "text": written(0, was.unit), "period": some.period, "parameters": some.parameters}
        now = was.model_copy(update=nothing)
    changed = Changed.of(now.value, was.value if was else 0.0, now.unit, was.period if was else against)
    return now.model_copy(update={"change": changed})


def _value(figures: Mapping[str, MetricFigure], name: str) -> float:
    return figures[name].value if name in figures else 0.0


def _days(figure: MetricFigure) -> Sequence[tuple[str, str]]:
    """The days of one step of a series, as a metric is asked with them."""
    return (("from", figure.begins.isoformat()), ("to", figure.ends.isoformat()))


def _never_below_zero(figures: Sequence[MetricFigure]) -> bool:
    return all(figure.value >= 0 for figure in figures)
