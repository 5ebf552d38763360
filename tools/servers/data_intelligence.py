"""`sophia-data-intelligence`: the company's figures as MCP tools.

A thin face: the warehouse measures, kernels reckon, and this page says for whom. Every call needs a principal.
"""

from collections.abc import Callable, Mapping
from datetime import date
from typing import Annotated, Any

from mcp.server import MCPServer
from mcp.server.mcpserver import Context
from mcp_types import ToolAnnotations
from pydantic import Field

from core.identity import Principal
from memory.warehouse.base import Warehouse
from memory.warehouse.measuring import Measured, Metrics
from memory.warehouse.series import Series, imported_series
from models.evidence import highest
from tools.servers.metric_results import Measurement, MetricInfo, MetricList
from tools.servers.principals import PrincipalOf, tells_why

NAME = "sophia-data-intelligence"
INSTRUCTIONS = "Measures the company's named metrics. A number is only what a metric's query gave, as of a day."
READS = ToolAnnotations(read_only_hint=True, idempotent_hint=True, destructive_hint=False, open_world_hint=False)
IMPORTED = "company_figure"
"""The metric over imported series; a series is asked for as a metric of its own name."""

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
        infos = [MetricInfo.of(metric) for metric in named if metric.name != IMPORTED]
        infos += [MetricInfo.of_series(one, self._metrics.catalogue[IMPORTED]) for one in series]
        label = highest([*(metric.label for metric in named), *(one.label for one in series)])
        return MetricList(label=str(label), metrics=tuple(infos))

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
        principal = self._principal_of(context)
        series = await self._series(metric, principal)
        asked = dict(parameters or {})
        found = await self._measured(metric, asked, principal, series)
        before = await self._measured(metric, {**asked, **against}, principal, series) if against else None
        return Measurement.of(found, before, series)

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


def build_server(
    metrics: Metrics, warehouse: Warehouse, principal_of: PrincipalOf, today: Callable[[], date]
) -> MCPServer[Any]:
    """The server over one warehouse."""
    tools = MetricTools(metrics, warehouse, principal_of, today)
    server = MCPServer[Any](NAME, instructions=INSTRUCTIONS)
    for tool in (tools.list_metrics, tools.measure_metric):
        server.add_tool(tells_why(tool), annotations=READS)
    return server
