"""The risk tools behind the real gateway, over a real register of documents and a real CRM."""

from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

from core.identity import EVERYONE, Access, Label, Principal
from core.tickets import Tickets
from memory.crm.records import Record, Status
from memory.crm.store import EmbeddedCrm
from memory.documents import Documents
from tests.databases import fresh_database
from tests.tools.risks.records import ACCOUNT, NORTHPIER, TENANT, TODAY, activity, days_ago, deal, history, transcript
from tools.gateway.gateway import Gateway, open_gateway
from tools.risks.reading import Books
from tools.servers.principals import ByTicket, tells_why
from tools.servers.risk_tools import RiskTools
from tools.servers.server import ToolServer

ANNA = Principal(TENANT, "anna")
CLEARED = Principal(TENANT, "carla", clearance=Label.CONFIDENTIAL)
ELSEWHERE = Principal("other", "anna", clearance=Label.RESTRICTED)
LATE = deal("d1", name="Acme, late", expected=days_ago(21), created=days_ago(60))
SECRET = deal("d2", name="Acme, secret", expected=days_ago(21), label=Label.CONFIDENTIAL, owner="Eve Engineer")
CUSTOMER = deal("d0", status=Status.WON, stage="Won", closed=days_ago(200), created=days_ago(300))
PROMISE = ("s I'll send you the security questionnaire by tomorrow.", "b Fine. We also look at Northpier.")
OBJECTIONS = ("b That is too expensive, we can't justify it.", "b And security won't sign off without a test.")
CALLS = {
    "open": (transcript(*PROMISE, ago=10, id_="open"), Access(TENANT, frozenset({EVERYONE}))),
    "narrow": (
        transcript(*OBJECTIONS, ago=5, id_="narrow"),
        Access(TENANT, frozenset({"user:carla"})),
    ),
}


def now() -> datetime:
    return datetime.combine(TODAY, datetime.min.time(), tzinfo=UTC)


@asynccontextmanager
async def material(folder: Path, extra: Sequence[Record] = ()) -> AsyncIterator[Books]:
    """What the books are read from."""
    deals, activities, changes = history()
    records = [ACCOUNT, LATE, SECRET, CUSTOMER, activity("d1", 30), *deals, *activities, *changes, *extra]
    async with fresh_database(folder) as database:
        crm, documents = EmbeddedCrm(database, now), Documents(database, now)
        await crm.put([replace(one, tenant=TENANT) for one in records], replace(CLEARED, user="importer"))
        for call, access in CALLS.values():
            await documents.stage(call, access, origin="test")
            await documents.publish(TENANT, call.id, call.content_hash)
        yield Books(crm, documents, NORTHPIER)


@asynccontextmanager
async def risk_gateway(folder: Path, extra: Sequence[Record] = ()) -> AsyncIterator[Gateway]:
    """A gateway to the two tools."""
    async with material(folder, extra) as books:
        tickets = Tickets()
        tools = RiskTools(books, ByTicket(tickets), lambda: TODAY)
        server = ToolServer("risks")
        for tool in (tools.deals_at_risk, tools.customers_at_risk):
            server.add_tool(tells_why(tool))
        async with open_gateway([server], tickets, clock=now) as gateway:
            yield gateway
