"""The infrastructure tools over an estate with Sophia's own processes and a simulated pool."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path

from core.clock import utc_now
from core.identity import Principal
from core.plans import Plan
from core.tickets import Tickets
from tests.tools.platforms.estates import Opened, opened
from tests.tools.platforms.pools import clock, pool
from tools.gateway.gateway import Gateway, open_gateway
from tools.platforms.base import Platform
from tools.platforms.processes import OwnProcesses, Vitals
from tools.servers.desk import Submitted
from tools.servers.infrastructure import PlatformTools, build_server
from tools.servers.principals import ByTicket


@dataclass(slots=True)
class Desk:
    """Keeps what was put before those who may approve it."""

    waiting: list[tuple[Plan, str, str]] = field(default_factory=list)

    async def submit(self, plan: Plan, role: str, principal: Principal) -> Submitted:
        self.waiting.append((plan, role, principal.id))
        return Submitted(f"apr_{len(self.waiting)}", "waiting")


@dataclass(frozen=True)
class Office:
    gateway: Gateway
    estate: Opened
    desk: Desk


@asynccontextmanager
async def office(folder: Path) -> AsyncIterator[Office]:
    async def vitals() -> Vitals:
        return Vitals(7, True, True, 1, 4)

    platforms: list[Platform] = [OwnProcesses(folder, vitals, clock), pool(folder)]
    async with opened(folder, platforms) as estate:
        tickets, desk = Tickets(), Desk()
        server = build_server(PlatformTools(estate.estate, desk, ByTicket(tickets)))
        async with open_gateway([server], tickets, clock=utc_now) as gateway:
            yield Office(gateway, estate, desk)
