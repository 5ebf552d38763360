"""The warehouse of an installation: where it is, what fills it, and how it stays fresh."""

import asyncio
import shutil
from collections.abc import AsyncIterator, Sequence
from datetime import date, timedelta
from pathlib import Path

import pytest
from pydantic import SecretStr

from api.approvals.approval import State, Terms
from api.approvals.rules import Allowance, Range
from api.bootstrap import Sophia, open_sophia
from api.call_facts import CallReading
from api.sample import sample_calls
from api.security.keys import APPROVE, local_owner
from api.settings import Settings
from api.warehouse import Freshness, Origins, open_warehouse
from core.clock import utc_now
from core.errors import InvalidInputError, UnavailableError
from core.identity import Access, Label, Principal
from core.plans import Plan, Step
from memory.crm.records import Account, Deal, Status
from memory.warehouse.base import Rows, Statement
from tests.api.served import kept_open
from tools.crm.remote import SYSTEM as CRM

AS_OF = date(2026, 3, 20)
READER = Principal("default", "eva", clearance=Label.CONFIDENTIAL)
AWAY = "snowflake://nowhere:1/SALES/SOPHIA?host=127.0.0.1&protocol=http&login_s=1"


def remote(folder: Path) -> Settings:
    secret = SecretStr("an open secret")
    return Settings(data_dir=folder, warehouse_url=AWAY, warehouse_user="sophia", warehouse_password=secret)


@pytest.fixture
async def sophia(tmp_path: Path, light_directory: Path, light_weights: Path | None) -> AsyncIterator[Sophia]:
    shutil.copytree(light_directory, tmp_path / "data")
    settings = Settings(data_dir=tmp_path / "data", embedder_weights=light_weights)
    async with kept_open(open_sophia(settings)) as opened:
        yield opened


class Pauses:
    """Sleeps as long as the test says: each sleep ends when it is let go."""

    def __init__(self) -> None:
        self.slept: list[float] = []
        self.begun = asyncio.Event()
        self.over = asyncio.Event()

    async def __call__(self, seconds: float) -> None:
        self.slept.append(seconds)
        self.begun.set()
        await self.over.wait()
        self.over.clear()

    async def reached(self) -> None:
        await self.begun.wait()
        self.begun.clear()


class Away:
    """A warehouse that never answers."""

    dialect = "snowflake"

    async def query(self, statement: Statement, *, timeout_s: float | None = None) -> Rows:
        raise UnavailableError("Snowflake is away")

    async def write(self, statements: Sequence[Statement]) -> None:
        raise UnavailableError("Snowflake is away")


OPEN = Deal(tenant="default", id="d", stage="Open", status=Status.OPEN)
EVALUATE = Plan(
    "default",
    "Move the deal on",
    (Step(CRM, "update", "deals/d", {"stage": "Evaluation"}, {"stage": "Open"}, {"stage": "Evaluation"}),),
)


async def stages(sophia: Sophia) -> list[object]:
    """The stage of each deal, as the warehouse has it."""
    found = await sophia.figures.warehouse.query(Statement("SELECT STAGE FROM DEALS"))
    return [row[0] for row in found.values]


async def nothing(_reader: Principal) -> tuple[()]:
    return ()


async def test_calls_and_records_reach_the_metrics(sophia: Sophia) -> None:
    owner = local_owner("default")
    deal = Deal(tenant="default", id="d", stage="won", status=Status.WON, account="a", closed=date(2026, 3, 1))
    await sophia.crm.put([Account(tenant="default", id="a", name="Castellan Tile & Stone"), deal], owner)
    await sophia.figures.freshness.refresh()
    measure = sophia.figures.metrics.measure

    calls = await measure("calls_analysed", {}, READER, AS_OF)
    by_competitor = await measure("competitor_mentions", {"by": "competitor"}, READER, AS_OF)
    assert calls.value == len(sample_calls())
    assert {part.part for part in by_competitor.parts} <= {"Berthly", "Northpier", "Slotwright"}
    assert by_competitor.parts
    assert (await measure("deals_won", {"account": "Castellan Tile & Stone"}, READER, AS_OF)).value == 1


async def test_what_a_standing_rule_let_write_to_the_crm_is_in_the_figures_at_once(sophia: Sophia) -> None:
    owner = local_owner("default")
    await sophia.crm.put([OPEN], owner)
    allows = Allowance(
        CRM, "update", frozenset({"deals/d"}), 1, timedelta(hours=1), {"stage": Range(one_of=("Evaluation",))}
    )
    await sophia.outside.rules.make(allows, timedelta(days=1), principal=owner)
    ended = await sophia.outside.ask(EVALUATE, Terms(APPROVE), principal=owner)
    assert (ended.state, await stages(sophia)) == (State.DONE, ["Evaluation"])


async def test_what_was_taken_up_at_the_start_is_in_the_figures_too(tmp_path: Path, light_weights: Path | None) -> None:
    owner, settings = local_owner("default"), Settings(data_dir=tmp_path, embedder_weights=light_weights)
    async with open_sophia(settings) as sophia:
        await sophia.crm.put([OPEN], owner)
        await sophia.figures.freshness.refresh()
        asked = await sophia.outside.ask(EVALUATE, Terms(APPROVE), principal=owner)
        await sophia.outside.approvals.approve(asked.id, asked.plan_hash, principal=owner)
    async with open_sophia(settings) as sophia:
        await sophia.outside.carrying.idle()
        assert await stages(sophia) == ["Evaluation"]


async def test_a_call_that_only_some_may_read_enters_no_figure_and_is_counted(sophia: Sophia) -> None:
    [first, *_] = await sophia.documents.catalogue(local_owner("default"))
    access = Access("default", frozenset({"user:dale", f"user:{local_owner('default').user}"}), first.label)
    await sophia.documents.set_access(first.id, access)
    await sophia.figures.freshness.refresh()
    measure = sophia.figures.metrics.measure

    assert (await measure("calls_analysed", {}, READER, AS_OF)).value == len(sample_calls()) - 1
    coverage = await measure("coverage", {}, READER, AS_OF)
    assert coverage.value == pytest.approx(100 * (1 - 1 / len(sample_calls())))
    assert coverage.note == "calls that only some people may read: 1"


async def test_it_is_refreshed_again_and_again_while_serving(sophia: Sophia) -> None:
    pauses = Pauses()
    keeping = asyncio.create_task(sophia.figures.freshness.keep(300, pauses))
    await pauses.reached()
    deal = Deal(tenant="default", id="d", stage="won", status=Status.WON, closed=date(2026, 3, 1))
    await sophia.crm.put([deal], local_owner("default"))
    pauses.over.set()
    await pauses.reached()
    keeping.cancel()

    assert pauses.slept == [300, 300]
    assert (await sophia.figures.metrics.measure("deals_won", {}, READER, AS_OF)).value == 1


async def test_a_refresh_that_fails_is_tried_again(sophia: Sophia, caplog: pytest.LogCaptureFixture) -> None:
    pauses = Pauses()
    origins = Origins(sophia.crm, CallReading(sophia.documents, sophia.company), nothing, nothing)
    freshness = Freshness(Away(), origins, local_owner("default"), utc_now)
    keeping = asyncio.create_task(freshness.keep(300, pauses))
    for _ in range(2):
        await pauses.reached()
        pauses.over.set()
    keeping.cancel()

    assert pauses.slept == [300, 300]
    assert "Snowflake is away" in caplog.text


async def test_what_nobody_foresaw_does_not_end_the_refreshing(
    sophia: Sophia, caplog: pytest.LogCaptureFixture
) -> None:
    async def broken(_reader: Principal) -> tuple[()]:
        raise RuntimeError("on the way")

    pauses = Pauses()
    origins = Origins(sophia.crm, CallReading(sophia.documents, sophia.company), nothing, broken)
    keeping = asyncio.create_task(
        Freshness(sophia.figures.warehouse, origins, local_owner("default"), utc_now).keep(300, pauses)
    )
    for _ in range(2):
        await asyncio.wait([keeping, reached := asyncio.create_task(pauses.reached())], return_when="FIRST_COMPLETED")
        assert reached.done()
        pauses.over.set()
    keeping.cancel()

    assert "on the way" in caplog.text


async def test_a_server_fills_it_by_itself(tmp_path: Path, light_weights: Path | None) -> None:
    settings = Settings(data_dir=tmp_path / "data", embedder_weights=light_weights)
    async with open_sophia(settings, serving=True) as sophia, asyncio.timeout(60):
        while not (found := await sophia.figures.metrics.measure("deals_won", {}, READER, AS_OF)).refreshed_at:
            pass
        assert found.gap == "there are no deals yet"


async def test_sql_of_a_model_is_off_unless_it_is_turned_on(sophia: Sophia, tmp_path: Path) -> None:
    assert sophia.figures.sql is None
    settings = sophia.settings.model_copy(update={"data_dir": tmp_path / "other", "warehouse_sql": True})
    async with open_sophia(settings) as open_to_sql:
        assert open_to_sql.figures.sql
        assert (await open_to_sql.figures.sql("SELECT COUNT(*) FROM DEALS", READER)).values == ((0,),)
        with pytest.raises(InvalidInputError):
            await open_to_sql.figures.sql("DROP TABLE DEALS", READER)


async def test_a_warehouse_that_is_away_does_not_keep_sophia_from_starting(tmp_path: Path) -> None:
    async with open_warehouse(remote(tmp_path), utc_now) as warehouse:
        with pytest.raises(UnavailableError, match="nowhere"):
            await warehouse.query(Statement("SELECT 1"))


async def test_an_address_without_its_user_is_refused(tmp_path: Path) -> None:
    settings = Settings(data_dir=tmp_path, warehouse_url=AWAY)
    with pytest.raises(InvalidInputError, match="SOPHIA_WAREHOUSE_USER"):
        async with open_warehouse(settings, utc_now):
            pass


def test_secrets_of_the_warehouse_are_not_shown(tmp_path: Path) -> None:
    assert "open secret" not in repr(remote(tmp_path))
