"""An estate over a database of its own: a simulated pool, and what needs it."""

from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

from core.identity import Label, Principal
from core.plans import Fields
from core.remotes import Order
from tests.databases import fresh_database
from tests.tools.platforms.pools import clock, pool
from tools.platforms.base import Platform
from tools.platforms.described import packaged
from tools.platforms.estate import Estate
from tools.platforms.policies import Policies
from tools.platforms.remote import PlatformRemote
from tools.platforms.store import PlatformStore

ANNA = Principal("acme", "anna", roles=frozenset({"ask"}))
OUTSIDER = Principal("globex", "sam", roles=frozenset({"ask", "admin"}), clearance=Label.RESTRICTED)
VISITOR = Principal("acme", "vic", roles=frozenset({"ask"}), clearance=Label.PUBLIC)


@dataclass(frozen=True)
class Opened:
    estate: Estate
    remote: PlatformRemote


@asynccontextmanager
async def opened(
    folder: Path,
    platforms: Sequence[Platform] | None = None,
    *,
    policies: Policies | None = None,
    seconds: float = 5.0,
    needs: dict[str, tuple[str, ...]] | None = None,
) -> AsyncIterator[Opened]:
    async with fresh_database(folder) as database:
        store = PlatformStore(database, "acme")
        await store.depend(needs or {})
        estate = Estate(
            platforms if platforms is not None else [pool(folder)],
            policies or packaged().policies,
            store,
            tenant="acme",
            clock=clock,
            seconds=seconds,
        )
        yield Opened(estate, PlatformRemote(estate, ANNA, clock))


def order(instances: int, key: str = "k1", plan: str = "p1") -> Order:
    arguments: Fields = {"instances": instances}
    return Order(key, "acme", plan, "platforms", "scale", "gpu-pool", "acme/anna", arguments)
