"""The CRM's tools behind the real gateway: what is returned has the label of all that it tells."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from pathlib import Path

import pytest
from pydantic import JsonValue

from core.identity import Label, Principal
from core.plans import Plan
from core.tickets import Tickets
from memory.crm.records import Account, Contact, Deal, Status
from memory.crm.store import EmbeddedCrm
from memory.documents import Documents
from tests.databases import fresh_database
from tests.tools.risks.records import TODAY
from tools.crm.changes.reading import Proposals
from tools.crm.finding import Directory
from tools.gateway.gateway import Gateway, open_gateway
from tools.risks.reading import Books
from tools.servers.crm_tools import CrmTools, add_crm_tools
from tools.servers.desk import Submitted
from tools.servers.principals import ByTicket
from tools.servers.server import ToolServer

CARLA = Principal("acme", "carla", clearance=Label.CONFIDENTIAL)
ANNA = Principal("acme", "anna")
RECORDS = (
    Account(tenant="acme", id="a1", name="Castellan Tile", label=Label.CONFIDENTIAL),
    Deal(tenant="acme", id="d1", name="Tiles", account="a1", stage="Offer", status=Status.OPEN),
    Contact(tenant="acme", id="c1", name="Bo Hart", account="a1"),
    Contact(tenant="acme", id="c2", name="Bo Hart", account="a1"),
)


class Closed:
    """Where nothing may be submitted."""

    async def submit(self, plan: Plan, role: str, principal: Principal) -> Submitted:
        raise AssertionError(plan)


@asynccontextmanager
async def crm_gateway(folder: Path) -> AsyncIterator[Gateway]:
    async with fresh_database(folder) as database:
        crm, tickets, server = EmbeddedCrm(database), Tickets(), ToolServer("crm")
        await crm.put(RECORDS, CARLA)
        proposals = Proposals(Books(crm, Documents(database), ()), crm, crm)
        add_crm_tools(server, CrmTools(crm, Directory(crm), proposals, Closed(), ByTicket(tickets), lambda: TODAY))
        async with open_gateway([server], tickets, clock=lambda: datetime(2026, 3, 20, tzinfo=UTC)) as gateway:
            yield gateway


@pytest.mark.parametrize(
    ("tool", "arguments"),
    [
        ("find_crm_records", {"about": "Tiles"}),
        ("find_crm_records", {"about": "Zanzibar"}),
        ("list_crm_deals", {}),
        ("crm_duplicates", {}),
        ("plan_crm_edit", {"table": "deals", "record": "d1", "values": {"next_step": "Call Bo"}}),
    ],
)
async def test_the_name_of_a_records_account_counts_for_the_label(
    tmp_path: Path, tool: str, arguments: dict[str, JsonValue]
) -> None:
    async with crm_gateway(tmp_path) as gateway:
        cleared = (await gateway.call(CARLA, tool, arguments)).structured
        other = (await gateway.call(ANNA, tool, arguments)).structured
    assert cleared["label"] == "confidential"
    assert "Castellan" not in str(other)
    assert other["label"] != "confidential"
