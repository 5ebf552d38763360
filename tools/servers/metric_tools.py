"""The tools that measure metrics, of the catalogue and imported ones."""

from collections.abc import Callable, Mapping
from datetime import date
from typing import Annotated, Any

from mcp.server.mcpserver import Context
from pydantic import Field

from core.identity import Principal
from core.periods import Calendar, Grain
from memory.warehouse.base import Warehouse
from memory.warehouse.measuring import Measured, Metrics
from memory.warehouse.series import Series, imported_series, named_parts
from models.evidence import highest
from tools.servers.metric_results import Measurement, MetricInfo, MetricList
from tools.servers.principals import PrincipalOf

IMPORTED = "company_figure"
"""The metric over imported series; a series is asked for as a metric of its own name."""

_DAYS = {"from", "to"}
_SERIES_BY = {Grain.DAY: "week", Grain.WEEK: "week"}
"""By which steps of the warehouse a series is read; longer ones have their value in their first month."""

Ctx = Context[Any, Any]
MetricName = Annotated[str, Field(description="The metric's name, from list_metrics")]
Parameters = Annotated[
    dict[str, str] | None,
    Field(description="from and to (days, both included), by, grain, and what narrows it; list_metrics says which"),
]


class MetricTools:
    """The tools; each asks `principal_of` first. `today` is the company's day, up to which everything is measured."""

    def __init__(
        self, metrics: Metrics, warehouse: Warehouse, principal_of: PrincipalOf, today: Callable[[], date]
    ) -> None:
        self._metrics, self._warehouse, self._principal_of, self._today = metrics, warehouse, principal_of, today

    async def list_metrics(self, context: Ctx) -> MetricList:
        """Lists the metrics with what each means and may be asked with, the company's imported series among them."""
        principal = self._principal_of(context)
        named = [metric for metric in self._metrics.catalogue.metrics.values() if metric.label <= principal.clearance]
        series = await imported_series(self._warehouse, principal)
        parts = await named_parts(self._warehouse, principal)
        infos = [MetricInfo.of(metric) for metric in named if metric.name != IMPORTED]
        infos += [MetricInfo.of_series(one, self._metrics.catalogue[IMPORTED]) for one in series]
        label = highest([*(metric.label for metric in named), *(one.label for one in series)])
        return MetricList(label=str(label), metrics=tuple(infos), parts=parts)

    async def measure_metric(
        self,
        metric: MetricName,
        context: Ctx,
        parameters: Parameters = None,
        against: Annotated[
            dict[str, str] | None, Field(description="from and to of the period to compare with; no series has one")
        ] = None,
    ) -> Measurement:
        """Measures a metric: one number, a breakdown with `by`, or a series with `grain`."""
        return await self.measure(metric, parameters or {}, self.principal(context), against)

    def principal(self, context: Ctx) -> Principal:
        """For whom a request is made."""
        return self._principal_of(context)

    async def measure(
        self,
        metric: str,
        parameters: Mapping[str, str],
        principal: Principal,
        against: Mapping[str, str] | None = None,
    ) -> Measurement:
        """The metric for a principal; an imported series over its own steps, whose values are never put together."""
        series = await self._series(metric, principal)
        if series is not None:
            return await self._of_series(series, parameters, principal, against)
        found = await self._measured(metric, parameters, principal, series)
        before = await self._measured(metric, {**parameters, **against}, principal, series) if against else None
        return Measurement.of(found, before)

    async def _of_series(
        self,
        series: Series,
        parameters: Mapping[str, str],
        principal: Principal,
        against: Mapping[str, str] | None = None,
    ) -> Measurement:
        """Asked for as it is, broken down or compared: the last whole step. Over several steps: each of them."""
        own = Grain(series.grain)
        if "grain" not in parameters and _in_one_step(own, parameters):
            found = Measurement.of(await self._measured(series.name, parameters, principal, series), None, series)
        else:
            steps = {**parameters, "grain": _SERIES_BY.get(own, "month")}
            found = Measurement.of(await self._measured(series.name, steps, principal, series), None, series).over(own)
            if "grain" not in parameters and (against or "by" in parameters or not _DAYS & parameters.keys()):
                found = found.last_whole(own)
        if not against or "grain" in parameters:
            return found
        return found.compared(await self._of_series(series, {**parameters, **against}, principal))

    async def breakdowns(self, metric: str, principal: Principal) -> tuple[str, ...]:
        """What the metric can be broken down by."""
        series = await self._series(metric, principal)
        return self._metrics.catalogue[IMPORTED if series else metric].by

    async def _measured(
        self, metric: str, parameters: Mapping[str, str], principal: Principal, series: Series | None
    ) -> Measured:
        if series is not None:
            metric, parameters = IMPORTED, {**parameters, "series": series.name}
        return await self._metrics.measure(metric, parameters, principal, self._today())

    async def _series(self, name: str, principal: Principal) -> Series | None:
        """The imported series of this name; None for a metric of the catalogue."""
        if name in self._metrics.catalogue.metrics and name != IMPORTED:
            return None
        found = [one for one in await imported_series(self._warehouse, principal) if one.name == name]
        return found[0] if found else None


def _in_one_step(own: Grain, parameters: Mapping[str, str]) -> bool:
    """Whether the days asked about lie within one step of a series; what is no day is left to whoever measures."""
    try:
        first, last = (date.fromisoformat(parameters[name]) for name in ("from", "to"))
    except (KeyError, ValueError):
        return parameters.keys() >= _DAYS
    return last in Calendar().step(own, first)
