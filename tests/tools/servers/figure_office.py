"""The tools about figures behind the real gateway, over the sample company's CRM and a warehouse filled from it."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

from mcp.server import MCPServer

from agents.base import Turn
from api.sample import SAMPLE, sample_crm
from core.identity import Label, Principal
from core.tickets import Tickets
from memory.company import read_company
from memory.crm.notes import Notes
from memory.crm.records import Account, Activity, CompanyFigure, Contact, Deal, StageChange
from memory.crm.store import EmbeddedCrm
from memory.documents import Documents
from memory.warehouse.base import Warehouse
from memory.warehouse.duckdb import open_duckdb
from memory.warehouse.facts import Facts
from memory.warehouse.measuring import Metrics
from memory.warehouse.migrations import migrate
from memory.warehouse.refresh import refresh
from models.embeddings import LexicalHashing
from models.entities import Entity
from models.extractive.language import Extractive
from tests.databases import fresh_database
from tools.crm.importing import Terms, import_crm
from tools.gateway.gateway import Gateway, open_gateway
from tools.risks.reading import Books
from tools.servers.metric_tools import MetricTools
from tools.servers.note_tools import NoteTools
from tools.servers.principals import ByTicket, tells_why
from tools.servers.risk_tools import RiskTools
from tools.servers.server import ToolServer
from tools.servers.trends import TrendTools

TODAY = date(2026, 3, 20)
NOW = datetime(2026, 3, 20, 12, tzinfo=UTC)
OWNER = Principal("default", "owner", clearance=Label.RESTRICTED)
STRANGER = Principal("default", "stranger", clearance=Label.PUBLIC)


@dataclass(frozen=True)
class Office:
    """What the tools stand on, and the gateway to them."""

    crm: EmbeddedCrm
    warehouse: Warehouse
    gateway: Gateway
    entities: tuple[Entity, ...]

    def turn(self, who: Principal = OWNER, *, now: datetime = NOW) -> Turn:
        """A turn of whoever asks."""
        later = datetime.max.replace(tzinfo=UTC)
        return Turn(who, now, later, Extractive(LexicalHashing()), self.gateway, self.entities)

    async def refill(self) -> None:
        """The warehouse again from what the CRM says now."""
        find = self.crm.find
        facts = Facts(
            accounts=tuple(await find(Account, OWNER)),
            contacts=tuple(await find(Contact, OWNER)),
            deals=tuple(await find(Deal, OWNER)),
            stage_changes=tuple(await find(StageChange, OWNER)),
            activities=tuple(await find(Activity, OWNER)),
            figures=tuple(await find(CompanyFigure, OWNER)),
        )
        await refresh(self.warehouse, OWNER.tenant, facts, now)


def now() -> datetime:
    return NOW


def served(crm: EmbeddedCrm, warehouse: Warehouse, known: ByTicket, books: Books) -> MCPServer[Any]:
    """The tools that answers and briefings about figures call."""
    metrics = MetricTools(Metrics(warehouse, now), warehouse, known, lambda: TODAY)
    trends, risks = TrendTools(metrics), RiskTools(books, known, lambda: TODAY)
    server = ToolServer("figures")
    for tool in (
        metrics.list_metrics,
        metrics.measure_metric,
        trends.find_standouts,
        trends.explain_change,
        trends.forecast_metric,
        risks.deals_at_risk,
        risks.customers_at_risk,
        NoteTools(Notes(crm), LexicalHashing(), known).find_notes,
    ):
        server.add_tool(tells_why(tool))
    return server


@asynccontextmanager
async def sample_office(folder: Path) -> AsyncIterator[Office]:
    """The sample company's figures, imported by its mapping. It has no calls here."""
    entities = read_company(SAMPLE / "company.yaml").entities
    async with fresh_database(folder) as database, open_duckdb() as warehouse:
        crm, tickets = EmbeddedCrm(database, now), Tickets()
        await import_crm(*sample_crm(), Terms(OWNER, Label.INTERNAL, TODAY), crm)
        await migrate(warehouse, now)
        server = served(crm, warehouse, ByTicket(tickets), Books(crm, Documents(database, now), entities))
        async with open_gateway([server], tickets, clock=now) as gateway:
            office = Office(crm, warehouse, gateway, entities)
            await office.refill()
            yield office
