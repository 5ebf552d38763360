"""The platforms of this installation: described by a file, opened over the database, and put before who approves."""

import os
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from functools import partial
from typing import Any

import httpx2
import sqlalchemy as sa
from mcp.server import MCPServer
from sqlalchemy import Connection
from sqlalchemy.exc import SQLAlchemyError

from api.approvals.approval import Terms
from api.approvals.opening import Outside
from api.runs.run import UNFINISHED, Status
from api.runs.tables import runs
from api.settings import Settings
from core.clock import Clock
from core.database import Database
from core.identity import Principal
from core.plans import Plan
from tools.platforms.described import read_described
from tools.platforms.estate import Estate
from tools.platforms.gpu_pool import SimulatedGpuPool
from tools.platforms.http_health import HttpHealth
from tools.platforms.processes import OwnProcesses, Vitals
from tools.platforms.store import PlatformStore
from tools.servers.desk import Submitted
from tools.servers.infrastructure import PlatformTools, build_server
from tools.servers.principals import PrincipalOf


@dataclass(frozen=True, slots=True)
class Platforms:
    """What is watched, and where plans for it go."""

    estate: Estate
    outside: Outside

    def server(self, principal_of: PrincipalOf) -> MCPServer[Any]:
        """`sophia-infrastructure` over them."""
        return build_server(PlatformTools(self.estate, ApprovalDesk(self.outside), principal_of))


class ApprovalDesk:
    """Where plans, for platforms and for the CRM, wait for whoever may approve them."""

    def __init__(self, outside: Outside) -> None:
        self._outside = outside

    async def submit(self, plan: Plan, role: str, principal: Principal) -> Submitted:
        """The approval as it stands; the same plan of the same author that still waits is not put a second time."""
        terms = Terms(role)
        waits = await self._outside.approvals.waiting(plan, terms, principal=principal)
        asked = waits or await self._outside.ask(plan, terms, principal=principal)
        return Submitted(asked.id, asked.state, asked.rule)


@asynccontextmanager
async def open_estate(
    settings: Settings, database: Database, clock: Clock, *, serving: bool = False
) -> AsyncIterator[Estate]:
    """Sophia's own processes, and the pools and endpoints of the settings' file; InvalidInputError for a faulty one."""
    described = read_described(settings.platforms_file)
    store = PlatformStore(database, settings.tenant)
    await store.depend(described.needs)
    async with AsyncExitStack() as stack:
        own = OwnProcesses(settings.data_dir, partial(_vitals, database, serving), clock)
        pools = [
            SimulatedGpuPool(one.settings, settings.data_dir / f"pool-{one.name}.json", clock)
            for one in described.pools
        ]
        endpoints: list[HttpHealth] = []
        if described.endpoints:  # a client begins with reading every certificate that the system trusts
            client = await stack.enter_async_context(httpx2.AsyncClient())
            endpoints = [HttpHealth(one.endpoint, client, clock) for one in described.endpoints]
        yield Estate([own, *pools, *endpoints], described.policies, store, tenant=settings.tenant, clock=clock)


async def _vitals(database: Database, serving: bool) -> Vitals:
    try:
        counted = await database.read(_runs)
    except SQLAlchemyError:
        return Vitals(os.getpid(), serving, False, 0, 0)
    return Vitals(os.getpid(), serving, True, counted.get(Status.RUNNING, 0), counted.get(Status.QUEUED, 0))


def _runs(connection: Connection) -> dict[str, int]:
    unfinished = runs.c.status.in_(UNFINISHED)
    counted = sa.select(runs.c.status, sa.func.count().label("number")).where(unfinished).group_by(runs.c.status)
    return {row.status: row.number for row in connection.execute(counted)}
