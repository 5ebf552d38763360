"""A small company whose figures can be reckoned by hand, as of 2026-03-20."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import UTC, date, datetime
from decimal import Decimal

from core.identity import Label, Principal
from memory.crm.records import Account, Activity, CompanyFigure, Contact, Deal, StageChange, Status
from memory.warehouse.base import Warehouse
from memory.warehouse.catalogue import Metric
from memory.warehouse.duckdb import open_duckdb
from memory.warehouse.facts import CallFacts, CallStatistic, Facts, LanguageUse, Score
from memory.warehouse.measuring import Measured, Metrics
from memory.warehouse.migrations import migrate
from memory.warehouse.refresh import refresh

AS_OF = date(2026, 3, 20)
EVA = Principal("acme", "eva", clearance=Label.INTERNAL)
CHIEF = Principal("acme", "chief", clearance=Label.RESTRICTED)


def now() -> datetime:
    return datetime(2026, 3, 20, 12, tzinfo=UTC)


def deal(id_: str, status: Status, amount: str | None = None, **changed: object) -> Deal:
    known = Deal(
        tenant="acme",
        id=id_,
        stage={"open": "negotiation", "won": "closed won", "lost": "closed lost"}[status],
        status=status,
        account="a1",
        owner="Dale",
        amount=Decimal(amount) if amount else None,
        currency="USD" if amount else None,
        created=date(2026, 1, 5),
    )
    return replace(known, **changed)  # type: ignore[arg-type]


def figure(day: date, value: str, **changed: object) -> CompanyFigure:
    known = CompanyFigure(
        tenant="acme",
        id=f"mrr-{day}-{changed}",
        series="mrr",
        day=day,
        value=Decimal(value),
        currency="USD",
        title="MRR",
    )
    return replace(known, **changed)  # type: ignore[arg-type]


ACCOUNTS = (
    Account(tenant="acme", id="a1", name="Castellan", segment="tile", region="east", owner="Dale"),
    Account(tenant="acme", id="a2", name="Ossery", industry="paper", region="west", owner="Ingrid"),
)
DEALS = (
    deal("won-jan", Status.WON, "1000.50", closed=date(2026, 1, 31), competitor="Berthly"),
    deal("won-feb", Status.WON, "500", closed=date(2026, 2, 1), account="a2", owner="Ingrid"),
    deal("won-mar", Status.WON, closed=date(2026, 3, 2), created=None),
    deal("lost-feb", Status.LOST, "900", closed=date(2026, 2, 28), competitor="Berthly", lost_reason="price"),
    deal("open", Status.OPEN, "2000", expected=date(2026, 4, 1)),
    deal("open-vague", Status.OPEN, account="a2", created=None),
    deal("won-tomorrow", Status.WON, "70", closed=date(2026, 3, 21)),
)
FACTS = Facts(
    accounts=ACCOUNTS,
    contacts=(Contact(tenant="acme", id="c1", name="Anna Meyer", account="a1"),),
    deals=DEALS,
    stage_changes=(StageChange(tenant="acme", id="s1", deal="open", stage="negotiation", entered=date(2026, 2, 2)),),
    activities=(
        Activity(tenant="acme", id="m1", type="email", day=date(2026, 3, 11), owner="Dale", account="a1"),
        Activity(tenant="acme", id="m2", type="call", day=date(2026, 3, 12), owner="Dale", account="a1"),
        Activity(tenant="acme", id="m3", type="meeting", day=date(2026, 3, 13), owner="Ingrid", account="a2"),
        Activity(tenant="acme", id="m4", type="note", day=date(2026, 3, 13)),
    ),
    figures=(
        figure(date(2026, 1, 1), "100"),
        figure(date(2026, 2, 1), "110"),
        figure(date(2026, 3, 1), "60", partial=True),
        figure(date(2026, 3, 1), "20", segment="tile"),
        figure(date(2026, 3, 1), "40", segment="paper"),
    ),
    calls=(
        CallFacts(
            id="call-1",
            title="Renewal",
            label=Label.INTERNAL,
            day=date(2026, 3, 5),
            account="castellan",
            rep="Dale",
            statistics=(CallStatistic("talk_ratio", "Sellers", "%", 4000.0, 100.0),),
            mentions={"Berthly": 2, "Northpier": 1},
        ),
        CallFacts(
            id="call-2", title="Demo", label=Label.INTERNAL, day=date(2026, 2, 3), account="Someone", rep="Ingrid"
        ),
    ),
    left_out={Label.INTERNAL: 1},
    usage=(
        LanguageUse(day=date(2026, 3, 1), endpoint="frontier", tokens=1000, cost=Decimal("0.25"), currency="USD"),
        LanguageUse(day=date(2026, 3, 2), endpoint="workshop", tokens=500),
    ),
)
SCORED = replace(
    FACTS,
    scores=(
        Score(kind="health", subject="a1", account="a1", score=40, day=date(2026, 3, 1), label=Label.INTERNAL),
        Score(kind="health", subject="a1", account="a1", score=30, day=date(2026, 3, 10), label=Label.INTERNAL),
        Score(kind="health", subject="a2", account="a2", score=90, day=date(2026, 3, 10), label=Label.INTERNAL),
        Score(kind="churn", subject="a2", account="a2", score=5, day=date(2026, 3, 11), label=Label.INTERNAL),
    ),
)


async def fill(warehouse: Warehouse, facts: Facts = FACTS, tenant: str = "acme") -> Metrics:
    await migrate(warehouse, now)
    await refresh(warehouse, tenant, facts, now)
    return Metrics(warehouse, now)


@asynccontextmanager
async def measured_on(facts: Facts) -> AsyncIterator[Metrics]:
    async with open_duckdb() as warehouse:
        yield await fill(warehouse, facts)


NARROWED = {"account": "Castellan", "rep": "dale", "segment": "tile", "competitor": "Berthly", "currency": "USD"}


def shapes(metric: Metric, *, breakdowns: int) -> list[dict[str, str]]:
    """What a metric may be asked with: the whole, each series, some breakdowns, each filter."""
    needed = {"series": "mrr"} if "series" in metric.required else {}
    asked: list[dict[str, str]] = [
        {},
        *({"grain": str(grain)} for grain in metric.grains),
        *({"by": by} for by in metric.by[:breakdowns]),
        *({"by": by, "grain": "month"} for by in metric.by[:1] if metric.grains),
        *({key: value} for key, value in NARROWED.items() if key in metric.filters),
    ]
    return [{**needed, **shape, "from": "2026-01-01"} for shape in asked]


async def whole_measures(metrics: Metrics, principal: Principal) -> list[Measured]:
    """Every metric as a whole."""
    known = metrics.catalogue.metrics.items()
    return [await metrics.measure(name, shapes(metric, breakdowns=0)[0], principal, AS_OF) for name, metric in known]


async def every_measure(metrics: Metrics, principal: Principal = EVA) -> dict[str, Measured]:
    """Every metric, as a whole, as each series, by its first breakdown, and under each filter."""
    return {
        f"{name} {shape}": await metrics.measure(name, shape, principal, AS_OF)
        for name, metric in metrics.catalogue.metrics.items()
        for shape in shapes(metric, breakdowns=1)
    }
