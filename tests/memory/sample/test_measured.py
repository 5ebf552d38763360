"""The sample as the product sees it: imported without a fault, and measured to the numbers of truth_figures.yaml."""

from collections.abc import AsyncIterator
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from core.identity import Label, Principal
from memory.crm.records import Account, Activity, CompanyFigure, Contact, Deal, StageChange
from memory.crm.store import EmbeddedCrm
from memory.warehouse.catalogue import read_catalogue
from memory.warehouse.duckdb import open_duckdb
from memory.warehouse.facts import Facts
from memory.warehouse.measuring import Measured, Metrics
from memory.warehouse.migrations import migrate
from memory.warehouse.refresh import refresh
from tests.databases import fresh_database
from tests.memory.sample.material import AS_OF, SAMPLE, open_deals, planted, rows, truth
from tools.crm.importing import Terms, files_of, import_crm
from tools.crm.mapping import read_mapping
from tools.crm.report import Report

OWNER = Principal("sample", "owner", clearance=Label.INTERNAL)
AS_OF_DAY = date.fromisoformat(AS_OF)
CATALOGUE = read_catalogue()


def now() -> datetime:
    return datetime(2026, 3, 20, 12, tzinfo=UTC)


async def imported(crm: EmbeddedCrm) -> Report:
    folder = SAMPLE / "crm"
    terms = Terms(OWNER, Label.INTERNAL, AS_OF_DAY)
    return await import_crm(files_of([folder]), read_mapping(folder / "mapping.yaml"), terms, crm)


@pytest.fixture
async def crm(tmp_path: Path) -> AsyncIterator[EmbeddedCrm]:
    async with fresh_database(tmp_path) as database:
        yield EmbeddedCrm(database, now)


async def test_every_row_is_imported_and_the_duplicate_is_noticed(crm: EmbeddedCrm) -> None:
    report = await imported(crm)
    assert (report.refusals, report.repairs, report.suspicions) == ((), (), ())
    assert {loaded.file: loaded.records for loaded in report.files} == {
        path.name: len(rows(path.stem)) for path in (SAMPLE / "crm").glob("*.csv")
    }
    [gap] = report.gaps
    [duplicate] = planted("duplicate_contact")
    assert all(contact in gap.reason for contact in duplicate["contacts"])


async def test_an_open_deal_knows_when_it_should_close_and_a_closed_one_when_it_did(crm: EmbeddedCrm) -> None:
    await imported(crm)
    deals = {deal.id: deal for deal in await crm.find(Deal, OWNER)}
    known_open = {deal["Record ID"] for deal in open_deals()}
    assert {id_ for id_, deal in deals.items() if deal.closed is None} == known_open
    for row in rows("deals"):
        deal = deals[row["Record ID"]]
        assert str(deal.expected if row["Record ID"] in known_open else deal.closed) == row["Close Date"]


def asked(figure: dict[str, Any]) -> dict[str, str] | None:
    """The figure's parameters as the catalogue takes them; None where it has no such metric, filter or breakdown."""
    given = {name: str(value) for name, value in figure["parameters"].items() if name != "as_of"}
    metric = CATALOGUE.metrics.get(figure["metric"])
    if "month" in given:
        given["from"] = given["until"] = f"{given.pop('month')}-01"
    if "until" in given:
        given["to"] = given.pop("until")
    if metric is None or figure.get("note", "").startswith("A second"):
        return None
    known = {"from", "to", "by", "grain", *metric.filters}
    takes = (
        given.get("by", "whole") in {"whole", *metric.by}
        and given.get("grain", "whole") in {"whole", *map(str, metric.grains)}
        and len(given.get("from", AS_OF)) == len(AS_OF)
    )
    return given if takes and known >= set(given) else None


MEASURED = [(one, given) for one in truth()["figures"] if (given := asked(one)) is not None]


def values_of(measured: Measured, *, grain: str | None) -> dict[str, Decimal]:
    """The value of each part or step, named as in truth_figures.yaml."""

    def name(part: str | None, begin: date) -> str:
        steps = {"month": f"{begin:%Y-%m}", "quarter": f"{begin.year}-Q{(begin.month + 2) // 3}"}
        return steps[grain] if grain else part or "none"

    return {
        name(part.part, part.period.start): round(Decimal(str(part.value)), 2)
        for part in measured.parts
        if part.value is not None
    }


async def test_the_metrics_give_the_numbers_of_the_truth(crm: EmbeddedCrm) -> None:
    await imported(crm)
    facts = Facts(
        accounts=tuple(await crm.find(Account, OWNER)),
        contacts=tuple(await crm.find(Contact, OWNER)),
        deals=tuple(await crm.find(Deal, OWNER)),
        stage_changes=tuple(await crm.find(StageChange, OWNER)),
        activities=tuple(await crm.find(Activity, OWNER)),
        figures=tuple(await crm.find(CompanyFigure, OWNER)),
    )
    async with open_duckdb() as warehouse:
        await migrate(warehouse, now)
        await refresh(warehouse, OWNER.tenant, facts, now)
        metrics = Metrics(warehouse, now)
        for figure, given in MEASURED:
            measured = await metrics.measure(figure["metric"], given, OWNER, AS_OF_DAY)
            values = values_of(measured, grain=given.get("grain"))
            expected = figure.get("values") or {"none": figure["value"]}
            assert values == {name: Decimal(str(value)) for name, value in expected.items()}, figure["question"]


def test_most_of_the_truth_can_be_measured() -> None:
    assert len(MEASURED) >= 20
