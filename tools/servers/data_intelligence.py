"""`sophia-data-intelligence`: the company's figures as MCP tools.

A thin face: the warehouse measures, kernels reckon, and its pages say for whom. Every call needs a principal.
"""

from collections.abc import Callable
from datetime import date
from typing import Any

from mcp.server import MCPServer
from mcp_types import ToolAnnotations

from memory.warehouse.base import Warehouse
from memory.warehouse.measuring import Metrics
from tools.risks.reading import Books
from tools.servers.metric_tools import MetricTools
from tools.servers.principals import PrincipalOf, tells_why
from tools.servers.risk_tools import RiskTools
from tools.servers.trends import TrendTools

NAME = "sophia-data-intelligence"
INSTRUCTIONS = "Measures the company's named metrics. A number is only what a metric's query gave, as of a day."
READS = ToolAnnotations(read_only_hint=True, idempotent_hint=True, destructive_hint=False, open_world_hint=False)


def build_server(
    metrics: Metrics, warehouse: Warehouse, books: Books, principal_of: PrincipalOf, today: Callable[[], date]
) -> MCPServer[Any]:
    """The server over one warehouse and the books of deals and customers; `today` is the company's day, up to which everything is measured."""
    measuring = MetricTools(metrics, warehouse, principal_of, today)
    trends = TrendTools(measuring)
    risks = RiskTools(books, principal_of, today)
    server = MCPServer[Any](NAME, instructions=INSTRUCTIONS)
    for tool in (
        measuring.list_metrics,
        measuring.measure_metric,
        trends.find_standouts,
        trends.explain_change,
        trends.forecast_metric,
        risks.deals_at_risk,
        risks.customers_at_risk,
    ):
        server.add_tool(tells_why(tool), annotations=READS)
    return server
