"""The warehouse of this installation: opened from the settings, and kept up to date with the CRM and the calls."""

import asyncio
import logging
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from functools import partial

from api.approvals.approval import Approval
from api.call_facts import CallReading
from api.settings import Settings
from core.clock import Clock
from core.errors import SophiaError, UnsupportedError
from core.identity import Principal
from memory.crm.base import Crm
from memory.crm.records import Account, Activity, CompanyFigure, Contact, Deal, StageChange
from memory.warehouse.account import read_account
from memory.warehouse.base import Rows, Warehouse
from memory.warehouse.duckdb import open_duckdb
from memory.warehouse.facts import Facts, LanguageUse, Score
from memory.warehouse.measuring import Metrics
from memory.warehouse.refresh import Refreshed, refresh
from memory.warehouse.wrapping import Migrated, Remembering
from models.usage import Usage
from tools.crm.remote import SYSTEM as CRM

Sleep = Callable[[float], Awaitable[None]]
Scored = Callable[[Principal], Awaitable[tuple[Score, ...]]]
Used = Callable[[Principal], Awaitable[tuple[Usage, ...]]]
AskSql = Callable[[str, Principal], Awaitable[Rows]]
log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Origins:
    """What a warehouse is filled from; `scores` are those that enter it, `used` is what endpoints took."""

    crm: Crm
    calls: CallReading
    scores: Scored
    used: Used


class Freshness:
    """Fills the warehouse with what its origins say now, for one tenant, one refresh at a time.

    `reader` may read all records and calls of its tenant.
    """

    def __init__(self, warehouse: Warehouse, origins: Origins, reader: Principal, clock: Clock) -> None:
        self._warehouse = warehouse
        self._origins = origins
        self._reader = reader
        self._clock = clock
        self._refreshing = asyncio.Lock()

    async def refresh(self) -> Refreshed:
        """Bring the star up to date. UnavailableError while the warehouse is away; then it stays as it was."""
        async with self._refreshing:
            return await refresh(self._warehouse, self._reader.tenant, await self._facts(), self._clock)

    async def keep(self, every_s: float, sleep: Sleep = asyncio.sleep) -> None:
        """Refresh now and again every so many seconds, until cancelled. A refresh that fails is logged, and tried again."""
        while True:
            try:
                await self.refresh()
            except SophiaError as error:
                log.warning("The warehouse was not refreshed: %s", error)
            except Exception:
                log.exception("The warehouse was not refreshed; it is tried again")
            await sleep(every_s)

    async def _facts(self) -> Facts:
        origins, reader = self._origins, self._reader
        find = origins.crm.find
        calls, left_out = await origins.calls.facts(reader)
        return Facts(
            accounts=tuple(await find(Account, reader)),
            contacts=tuple(await find(Contact, reader)),
            deals=tuple(await find(Deal, reader)),
            stage_changes=tuple(await find(StageChange, reader)),
            activities=tuple(await find(Activity, reader)),
            figures=tuple(await find(CompanyFigure, reader)),
            calls=calls,
            left_out=left_out,
            scores=await origins.scores(reader),
            usage=tuple(_use(usage) for usage in await origins.used(reader)),
        )


def _use(usage: Usage) -> LanguageUse:
    return LanguageUse(
        day=usage.day,
        endpoint=usage.endpoint,
        tokens=usage.input_tokens + usage.output_tokens,
        cost=usage.cost,
        currency=usage.currency,
        label=usage.label,
    )


async def follow_writes(freshness: Freshness, stopped: Approval) -> None:
    """Lets figures be told from what the plan wrote to the CRM. UnavailableError while the warehouse is away."""
    if any(step.system == CRM for step in stopped.plan.steps):
        await freshness.refresh()


@asynccontextmanager
async def open_warehouse(settings: Settings, clock: Clock) -> AsyncIterator[Warehouse]:
    """The warehouse that the settings name; its tables are made when it is first needed.

    What a remote one said last is told while it is away. InvalidInputError for an address that is wrong;
    UnsupportedError without the extra `snowflake`.
    """
    if settings.warehouse_url is None:
        async with open_duckdb(settings.warehouse) as embedded:
            yield Migrated(embedded, clock)
        return
    account = read_account(
        settings.warehouse_url,
        user=settings.warehouse_user,
        password=_secret(settings, "warehouse_password"),
        private_key_file=str(settings.warehouse_key_file) if settings.warehouse_key_file else None,
        private_key_password=_secret(settings, "warehouse_key_password"),
    )
    try:
        from memory.warehouse.snowflake import open_snowflake  # noqa: PLC0415 - the client is an extra, and slow to import
    except ModuleNotFoundError as missing:
        if (missing.name or "").partition(".")[0] != "snowflake":
            raise
        raise UnsupportedError("Snowflake needs its connector: pip install 'sophia-orchestrator[snowflake]'") from None
    async with open_snowflake(account) as remote:
        yield Remembering(Migrated(remote, clock), clock)


@dataclass(frozen=True, slots=True)
class Figures:
    """What answers with figures stand on. `sql` asks what a model wrote; None unless the settings allow it."""

    warehouse: Warehouse
    metrics: Metrics
    freshness: Freshness
    sql: AskSql | None


@asynccontextmanager
async def open_figures(
    settings: Settings, origins: Origins, reader: Principal, clock: Clock, *, kept: bool
) -> AsyncIterator[Figures]:
    """The warehouse with its metrics. One that is `kept` is refreshed in the background until the block ends.

    Errors as for `open_warehouse`; UnsupportedError without the extra `sql` where it is needed.
    """
    async with open_warehouse(settings, clock) as warehouse:
        freshness = Freshness(warehouse, origins, reader, clock)
        sql = _guarded(warehouse) if settings.warehouse_sql else None
        keeping = asyncio.create_task(freshness.keep(settings.warehouse_refresh_s)) if kept else None
        try:
            yield Figures(warehouse, Metrics(warehouse, clock), freshness, sql)
        finally:
            if keeping:
                keeping.cancel()
                await asyncio.wait([keeping])


def _guarded(warehouse: Warehouse) -> AskSql:
    try:
        from memory.warehouse.guard import ask_guarded  # noqa: PLC0415 - its parser is an extra
    except ModuleNotFoundError as missing:
        if missing.name != "sqlglot":
            raise
        raise UnsupportedError(
            "SOPHIA_WAREHOUSE_SQL needs the SQL parser: pip install 'sophia-orchestrator[sql]'"
        ) from None
    return partial(ask_guarded, warehouse)


def _secret(settings: Settings, name: str) -> str | None:
    given = getattr(settings, name)
    return given.get_secret_value() if given else None
