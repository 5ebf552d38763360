"""`sophia-infrastructure`: the platforms as MCP tools.

A thin face over the estate. No tool changes a platform: a change is planned here, and carried out by an approval alone.
"""

from typing import Annotated, Any

from mcp.server import MCPServer
from mcp.server.mcpserver import Context
from mcp_types import ToolAnnotations
from pydantic import Field

from tools.platforms.base import Change
from tools.platforms.estate import LABEL, Estate
from tools.servers.desk import Desk
from tools.servers.platform_results import (
    History,
    HistoryLine,
    PlannedChange,
    PlatformList,
    PlatformName,
    PlatformStatus,
    Statuses,
)
from tools.servers.principals import PrincipalOf, tells_why
from tools.servers.server import ToolServer

NAME = "sophia-infrastructure"
INSTRUCTIONS = (
    "Tells how platforms do and what happened to them, and plans changes. A plan changes nothing: it waits for a person who "
    "may approve it. What is simulated says so."
)
READS = ToolAnnotations(read_only_hint=True, idempotent_hint=True, destructive_hint=False, open_world_hint=True)
ASKS = ToolAnnotations(read_only_hint=False, idempotent_hint=False, destructive_hint=False, open_world_hint=True)

Ctx = Context[Any, Any]
Named = Annotated[str | None, Field(description="The platform's name, from list_platforms; without it all of them")]


class PlatformTools:
    """The tools; each asks `principal_of` first."""

    def __init__(self, estate: Estate, desk: Desk, principal_of: PrincipalOf) -> None:
        self._estate, self._desk, self._principal_of = estate, desk, principal_of

    async def list_platforms(self, context: Ctx) -> PlatformList:
        """Lists the platforms by name."""
        names = self._estate.names(self._principal_of(context))
        return PlatformList(
            label=str(LABEL), platforms=tuple(PlatformName(name=name, title=title) for name, title in names)
        )

    async def platform_status(self, context: Ctx, platform: Named = None) -> Statuses:
        """Asks platforms how they do now: health, numbers, cost, and where one is otherwise than it is wanted."""
        principal = self._principal_of(context)
        found = await self._estate.statuses(principal, [platform] if platform else [])
        known = [await self._estate.known(one.platform, principal) for one in found]
        told = tuple(PlatformStatus.of(one, kept) for one, kept in zip(found, known, strict=True))
        return Statuses(label=str(LABEL), platforms=told)

    async def platform_history(self, context: Ctx, platform: Named = None) -> History:
        """Tells what happened to platforms: changes made, taken back or failed, and what was found to be otherwise."""
        lines = await self._estate.history(self._principal_of(context), platform)
        return History(label=str(LABEL), lines=tuple(HistoryLine.of(line) for line in lines))

    async def plan_change(
        self,
        platform: Annotated[str, Field(description="The platform's name, from list_platforms")],
        action: Annotated[str, Field(description="What to do, such as scale")],
        context: Ctx,
        arguments: Annotated[
            dict[str, int | str] | None, Field(description="What the action takes: scale takes instances")
        ] = None,
        submit: Annotated[
            bool, Field(description="Whether to put the plan before those who may approve it; else it is only shown")
        ] = False,
    ) -> PlannedChange:
        """Plans a change: its steps, what undoes them, its cost, and what policy says. Nothing is changed."""
        principal = self._principal_of(context)
        found = await self._estate.proposed(platform, Change(action, arguments or {}), principal)
        approver = found.verdict.approver if submit else None
        submitted = await self._desk.submit(found.plan, approver, principal) if approver else None
        return PlannedChange.of(found, submitted)


def build_server(platforms: PlatformTools) -> MCPServer[Any]:
    """The server over its tools."""
    server = ToolServer(NAME, instructions=INSTRUCTIONS)
    for tool in (platforms.list_platforms, platforms.platform_status, platforms.platform_history):
        server.add_tool(tells_why(tool), annotations=READS)
    server.add_tool(tells_why(platforms.plan_change), annotations=ASKS)
    return server
