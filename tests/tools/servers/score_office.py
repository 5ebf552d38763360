"""The score tools behind the real gateway, over a real CRM of a larger team."""

from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import replace
from pathlib import Path

from core.tickets import Tickets
from memory.crm.records import Record
from memory.crm.store import EmbeddedCrm
from memory.documents import Documents
from tests.databases import fresh_database
from tests.tools.servers.risk_office import CLEARED, now
from tools.gateway.gateway import Gateway, open_gateway
from tools.risks.reading import Books
from tools.servers.principals import ByTicket, tells_why
from tools.servers.score_tools import ScoreTools
from tools.servers.server import ToolServer

FOR_A_FIT = 25.0
"""Seconds; less than a tool may take."""


@asynccontextmanager
async def score_gateway(
    folder: Path, records: Sequence[Record], *, wait_s: float = FOR_A_FIT
) -> AsyncIterator[Gateway]:
    """A gateway to the two tools."""
    async with fresh_database(folder) as database:
        crm, tickets = EmbeddedCrm(database, now), Tickets()
        await crm.put(records, replace(CLEARED, user="importer"))
        tools = ScoreTools(Books(crm, Documents(database, now)), ByTicket(tickets), lambda: now().date(), wait_s=wait_s)
        server = ToolServer("scores")
        for tool in (tools.deal_outcomes, tools.score_report):
            server.add_tool(tells_why(tool))
        async with open_gateway([server], tickets, clock=now) as gateway:
            yield gateway
