"""What metrics say, reckoned by hand; and what they say when there is nothing to say."""

from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal

import pytest

from core.errors import ForbiddenError, InvalidInputError, NotFoundError
from core.identity import Label, Principal
from memory.crm.records import Account, Status
from memory.warehouse.catalogue import Catalogue
from memory.warehouse.duckdb import DuckDBWarehouse
from memory.warehouse.facts import Facts
from memory.warehouse.measuring import Metrics
from memory.warehouse.migrations import migrate
from memory.warehouse.refresh import refresh
from tests.memory.warehouse.company import (
    ACCOUNTS,
    AS_OF,
    CHIEF,
    DEALS,
    EVA,
    FACTS,
    SCORED,
    deal,
    every_measure,
    fill,
    measured_on,
    now,
    whole_measures,
)

YEAR = {"from": "2026-01-01"}


@pytest.fixture
async def metrics(duckdb_warehouse: DuckDBWarehouse) -> Metrics:
    return await fill(duckdb_warehouse)


@pytest.mark.parametrize(
    ("name", "parameters", "value", "unit"),
    [
        ("revenue", YEAR, Decimal("1500.50"), "USD"),
        ("revenue", {"from": "2026-01-01", "to": "2026-01-31"}, Decimal("1000.50"), "USD"),
        ("revenue", {**YEAR, "rep": "ingrid"}, Decimal("500.00"), "USD"),
        ("revenue", {**YEAR, "account": "a2"}, Decimal("500.00"), "USD"),
        ("deals_won", YEAR, 3, "deals"),
        ("deals_lost", YEAR, 1, "deals"),
        ("win_rate", YEAR, 75.0, "percent"),
        ("competitive_win_rate", YEAR, 50.0, "percent"),
        ("average_deal_size", YEAR, Decimal("750.25"), "USD"),
        ("sales_cycle_days", YEAR, 26.5, "days"),
        ("pipeline_value", {}, Decimal("2070.00"), "USD"),
        ("open_deals", {}, 3, "deals"),
        ("open_deals", {"from": "2026-01-30", "to": "2026-01-30"}, 5, "deals"),
        ("competitor_mentions", YEAR, 3, "mentions"),
        ("competitor_mentions", {**YEAR, "competitor": "Northpier"}, 1, "mentions"),
        ("calls_analysed", YEAR, 2, "calls"),
        ("coverage", {}, 100 * 2 / 3, "percent"),
        ("team_productivity", {}, 1.5, "activities per rep"),
        ("activities", YEAR, 4, "activities"),
        ("customer_health", {}, (100 * (1 - 8 / 90) + 100 * (1 - 7 / 90)) / 2, "points"),
        ("company_figure", {"series": "mrr"}, 60.0, "USD"),
        ("company_figure", {"series": "MRR", "segment": "tile"}, 20.0, "USD"),
        ("company_figure", {"series": "mrr", "to": "2026-02-28"}, 110.0, "USD"),
        ("language_cost", {}, Decimal("0.25"), "USD"),
        ("language_tokens", {}, 1500, "tokens"),
        ("deal_gaps", {}, 4, "gaps"),
    ],
)
async def test_a_metric_says_what_its_definition_says(
    metrics: Metrics, name: str, parameters: dict[str, str], value: object, unit: str
) -> None:
    found = await metrics.measure(name, parameters, EVA, AS_OF)
    assert found.gap is None
    assert found.value == (pytest.approx(value, abs=1e-4) if isinstance(value, float) else value)
    assert found.unit == unit


async def test_a_breakdown_adds_up_to_the_whole(metrics: Metrics) -> None:
    found = await metrics.measure("revenue", {**YEAR, "by": "rep"}, EVA, AS_OF)
    assert {part.part: part.value for part in found.parts} == {"Dale": Decimal("1000.50"), "Ingrid": Decimal("500.00")}
    assert found.value is None


async def test_a_series_has_every_month_since_the_first_deal_and_says_which_one_is_not_over(metrics: Metrics) -> None:
    found = await metrics.measure("revenue", {"grain": "month"}, EVA, AS_OF)
    assert [(part.period.text, part.value, part.complete) for part in found.parts] == [
        ("January 2026", Decimal("1000.50"), True),
        ("February 2026", Decimal("500.00"), True),
        ("2026-03-01 to 2026-03-20", Decimal(0), False),
    ]


async def test_what_was_open_on_a_day_gone_by_is_told_of_that_day(metrics: Metrics) -> None:
    found = await metrics.measure("pipeline_value", {"grain": "month", **YEAR}, EVA, AS_OF)
    assert [part.value for part in found.parts] == [Decimal("3470.00"), Decimal("2070.00"), Decimal("2070.00")]


async def test_what_happens_after_the_day_is_not_known_on_it(metrics: Metrics) -> None:
    to_the_end = await metrics.measure("deals_won", {"from": "2026-03-01", "to": "2026-03-31"}, EVA, AS_OF)
    assert to_the_end.value == 1
    assert to_the_end.period.text == "2026-03-01 to 2026-03-20"
    later = await metrics.measure("deals_won", {"from": "2026-03-01", "to": "2026-03-31"}, EVA, date(2026, 3, 31))
    assert later.value == 2


async def test_what_a_value_leaves_out_is_said(metrics: Metrics) -> None:
    assert (await metrics.measure("revenue", YEAR, EVA, AS_OF)).note == "won deals without an amount: 1"
    partial = await metrics.measure("company_figure", {"series": "mrr"}, EVA, AS_OF)
    assert partial.note
    assert partial.note.startswith("of a time that had not ended")


@pytest.mark.parametrize(
    ("name", "parameters", "gap"),
    [
        ("revenue", {"from": "2025-01-01", "to": "2025-12-31"}, "the deals begin on 2026-01-05"),
        ("revenue", {"account": "Nobody"}, "nothing is known of account 'Nobody'"),
        ("revenue", {"from": "2026-03-21"}, "had not begun on 2026-03-20"),
        ("revenue", {"from": "2026-03-01", "to": "2026-03-05"}, "there are only won deals without an amount: 1"),
        ("revenue", {"from": "2026-03-10", "by": "rep"}, "nothing to break down in 2026-03-10 to 2026-03-20"),
        ("win_rate", {"from": "2026-03-10"}, "no deal was won or lost in 2026-03-10 to 2026-03-20"),
        ("company_figure", {"series": "churn"}, "nothing is known of series 'churn'"),
    ],
)
async def test_where_nothing_is_known_there_is_a_gap_and_no_zero(
    metrics: Metrics, name: str, parameters: dict[str, str], gap: str
) -> None:
    found = await metrics.measure(name, parameters, EVA, AS_OF)
    assert found.value is None
    assert found.gap
    assert gap in found.gap


async def test_known_facts_and_none_in_the_period_is_a_zero(metrics: Metrics) -> None:
    found = await metrics.measure("deals_won", {"from": "2026-03-10"}, EVA, AS_OF)
    assert (found.value, found.gap) == (0, None)


async def test_a_warehouse_that_was_never_filled_says_so(duckdb_warehouse: DuckDBWarehouse) -> None:
    await migrate(duckdb_warehouse, now)
    found = await Metrics(duckdb_warehouse, now).measure("revenue", {}, EVA, AS_OF)
    assert found.gap == "the warehouse has not been filled yet"
    assert found.stale


async def test_two_currencies_are_named_and_never_added() -> None:
    euros = deal("won-eur", Status.WON, "5", currency="EUR", closed=date(2026, 2, 2))
    async with measured_on(Facts(accounts=ACCOUNTS, deals=(*DEALS, euros))) as metrics:
        for name in ("revenue", "average_deal_size"):
            with pytest.raises(InvalidInputError, match="EUR and USD"):
                await metrics.measure(name, YEAR, EVA, AS_OF)
        by = await metrics.measure("revenue", {**YEAR, "by": "currency"}, EVA, AS_OF)
        one = await metrics.measure("revenue", {**YEAR, "currency": "EUR"}, EVA, AS_OF)
    assert [(part.part, part.value) for part in by.parts] == [("EUR", Decimal(5)), ("USD", Decimal("1500.50"))]
    assert (one.value, one.unit) == (Decimal(5), "EUR")


async def test_scores_come_before_the_recency_of_contact() -> None:
    async with measured_on(SCORED) as metrics:
        found = await metrics.measure("customer_health", {}, EVA, AS_OF)
        earlier = await metrics.measure("customer_health", {"from": "2026-03-05", "to": "2026-03-05"}, EVA, AS_OF)
    assert (found.value, found.note) == (60.0, "by their scores")
    assert earlier.value == 40.0


async def test_a_measure_says_how_old_it_is_and_when_that_is_too_old(duckdb_warehouse: DuckDBWarehouse) -> None:
    await fill(duckdb_warehouse)
    later = Metrics(duckdb_warehouse, lambda: now() + timedelta(hours=2))
    found = await later.measure("revenue", {}, EVA, AS_OF)
    assert (found.age_s, found.stale) == (7200, True)
    assert not (await Metrics(duckdb_warehouse, now).measure("revenue", {}, EVA, AS_OF)).stale


async def test_an_imported_series_grows_old_with_its_last_value(metrics: Metrics) -> None:
    assert not (await metrics.measure("company_figure", {"series": "mrr"}, EVA, AS_OF)).stale
    assert (await metrics.measure("company_figure", {"series": "mrr"}, EVA, date(2026, 6, 1))).stale


async def test_every_measure_names_what_it_was_asked_with_and_by_which_query(metrics: Metrics) -> None:
    found = await metrics.measure("revenue", {"rep": "Dale", "by": "segment"}, EVA, AS_OF)
    assert found.parameters == (("by", "segment"), ("from", "2025-03-21"), ("rep", "Dale"), ("to", "2026-03-20"))
    assert "FROM DEALS" in found.sql
    assert len(found.sql_hash) == 64


@pytest.mark.parametrize(
    ("parameters", "said"),
    [
        ({"form": "x"}, "no parameter 'form'"),
        ({"by": "weather"}, "rep, account"),
        ({"grain": "second"}, "week, month"),
        ({"from": "yesterday"}, "no day"),
        ({"from": "2026-03-02", "to": "2026-03-01"}, "ends before it begins"),
    ],
)
async def test_a_parameter_it_does_not_take_is_named(metrics: Metrics, parameters: dict[str, str], said: str) -> None:
    with pytest.raises(InvalidInputError, match=said):
        await metrics.measure("revenue", parameters, EVA, AS_OF)


async def test_a_metric_that_needs_a_series_says_so(metrics: Metrics) -> None:
    with pytest.raises(InvalidInputError, match="'series'"):
        await metrics.measure("company_figure", {}, EVA, AS_OF)


async def test_an_unknown_metric_is_answered_with_those_there_are(metrics: Metrics) -> None:
    with pytest.raises(NotFoundError, match="pipeline_value"):
        await metrics.measure("happiness", {}, EVA, AS_OF)


async def test_a_metric_above_the_clearance_is_not_measured_nor_offered(duckdb_warehouse: DuckDBWarehouse) -> None:
    await migrate(duckdb_warehouse, now)
    known = Metrics(duckdb_warehouse, now).catalogue.metrics
    secret = Catalogue({**known, "revenue": replace(known["revenue"], label=Label.RESTRICTED)})
    with pytest.raises(ForbiddenError):
        await Metrics(duckdb_warehouse, now, secret).measure("revenue", {}, EVA, AS_OF)
    assert "revenue" not in {option.name for option in secret.options(EVA.clearance)}


async def test_what_others_have_and_what_is_more_secret_changes_no_measure(duckdb_warehouse: DuckDBWarehouse) -> None:
    """The same facts again for another tenant, and above the clearance: every metric in every shape stays as it was."""
    async with measured_on(SCORED) as alone:
        expected = await every_measure(alone)
    metrics = await fill(duckdb_warehouse, _with_secrets(SCORED))
    await refresh(duckdb_warehouse, "other", SCORED, now)

    found = await every_measure(metrics)
    assert {name: (one.parts, one.gap, one.label) for name, one in found.items()} == {
        name: (one.parts, one.gap, one.label) for name, one in expected.items()
    }
    assert Label.CONFIDENTIAL in {one.label for one in await whole_measures(metrics, CHIEF)}
    stranger = Principal("nobody", "eva", clearance=Label.RESTRICTED)
    assert not [one.metric.name for one in await whole_measures(metrics, stranger) if one.parts]


async def test_a_deal_of_a_secret_account_is_as_secret() -> None:
    accounts = (replace(ACCOUNTS[0], label=Label.CONFIDENTIAL), ACCOUNTS[1])
    async with measured_on(replace(FACTS, accounts=accounts)) as metrics:
        found = await metrics.measure("revenue", YEAR, EVA, AS_OF)
    assert found.value == Decimal("500.00")


def _with_secrets(facts: Facts) -> Facts:
    """Each record a second time under another id, above the clearance of most."""

    def twice(records: tuple[object, ...]) -> tuple[object, ...]:
        return (*records, *(replace(r, id=f"{r.id}-secret", label=Label.CONFIDENTIAL) for r in records))  # type: ignore

    def labelled(records: tuple[object, ...]) -> tuple[object, ...]:
        return (*records, *(replace(r, label=Label.CONFIDENTIAL) for r in records))  # type: ignore[type-var]

    twofold = {
        name: twice(getattr(facts, name))
        for name in ("contacts", "deals", "stage_changes", "activities", "figures", "calls")
    }
    others = {name: labelled(getattr(facts, name)) for name in ("scores", "usage")}
    secret = Account(tenant="acme", id="a9", name="Hush", label=Label.CONFIDENTIAL)
    counted = {**facts.left_out, Label.CONFIDENTIAL: 7}
    return replace(facts, accounts=(*facts.accounts, secret), left_out=counted, **twofold, **others)  # type: ignore[arg-type]
