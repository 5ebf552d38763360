"""Whole exports: 8,800 opportunities that nobody on this project wrote, and the sample company's."""

import os
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
import yaml

from api.sample import sample_crm
from memory.crm.base import Crm
from memory.crm.records import Account, Deal, Status
from tests.tools.crm.material import ANNA, TERMS, TODAY
from tools.crm.importing import files_of, import_crm
from tools.crm.mapping import parsed_mapping
from tools.crm.proposal import Proposal, propose
from tools.crm.sheets import read_sheet
from tools.crm.written import written

EVAL_DATA = os.environ.get("SOPHIA_EVAL_DATA")
real = pytest.mark.skipif(EVAL_DATA is None, reason="SOPHIA_EVAL_DATA is not set")
QUARTERS = ("engage_quarter", "close_quarter")


@pytest.fixture(scope="module")
def maven() -> dict[str, bytes]:
    return files_of([Path(EVAL_DATA or "") / "crm_maven"])


@pytest.fixture(scope="module")
def proposal(maven: dict[str, bytes]) -> Proposal:
    return propose([read_sheet(name, content) for name, content in maven.items()], today=TODAY)


def reviewed(proposal: Proposal, *, repaired: bool) -> Any:
    """The proposed file after a review that decides what it asks."""
    plain = yaml.safe_load(written(proposal))
    for held in plain["files"].values():
        held.update({"currency": "USD"} if "currency" in held else {})
        held["columns"].update({name: "ignore" for name in QUARTERS if name in held["columns"]})
    for repair in plain["repairs"]:
        repair["apply"] = repaired
    return {**plain, "confirmed": True}


@real
def test_what_the_export_leaves_open_is_asked_and_nothing_else(proposal: Proposal) -> None:
    assert {name: held.table for name, held in proposal.mapping.files.items()} == {
        "accounts.csv": "accounts",
        "products.csv": "products",
        "sales_pipeline.csv": "deals",
        "sales_teams.csv": "reps",
    }
    assert set(proposal.undecided) == {
        *((name, "currency") for name in ("accounts.csv", "products.csv", "sales_pipeline.csv")),
        *(("sales_pipeline.csv", name) for name in QUARTERS),
    }


@real
def test_each_misspelling_of_the_export_is_caught_and_nothing_else(proposal: Proposal) -> None:
    found = {(one.file, one.column, one.was, one.to, len(one.lines)) for one in proposal.suspicions}
    assert found == {
        ("sales_pipeline.csv", "product", "GTXPro", "GTX Pro", 1480),
        ("accounts.csv", "sector", "technolgy", "technology", 12),
        ("accounts.csv", "office_location", "Philipines", "Philippines", 1),
    }
    assert all(one.why for one in proposal.suspicions)


@real
def test_its_days_are_read_as_day_month_year(proposal: Proposal) -> None:
    columns = proposal.mapping.files["sales_pipeline.csv"].columns
    assert (columns["engage_date"].dates, columns["close_date"].dates) == ("dmy", "dmy")


@real
async def test_all_8800_opportunities_are_imported_with_their_exact_totals(
    maven: dict[str, bytes], proposal: Proposal, crm: Crm
) -> None:
    report = await import_crm(maven, parsed_mapping(reviewed(proposal, repaired=True), name="m"), TERMS, crm)
    deals = await crm.find(Deal, ANNA)
    won = [deal for deal in deals if deal.status is Status.WON]
    lost = [deal for deal in deals if deal.status is Status.LOST]
    assert len(deals) == 8800
    assert f"{len(won) / (len(won) + len(lost)):.1%}" == "63.2%"
    assert sum(deal.amount for deal in won if deal.amount) == Decimal(10_005_534)
    assert {deal.currency for deal in won} == {"USD"}
    assert report.deals
    assert (report.deals.won, report.deals.lost, report.deals.open) == (4238, 2473, 2089)
    assert (report.refusals, report.suspicions) == ((), ())
    assert {(one.was, one.to, len(one.lines)) for one in report.repairs} == {
        ("GTXPro", "GTX Pro", 1480),
        ("technolgy", "technology", 12),
        ("Philipines", "Philippines", 1),
    }
    assert sum(deal.product == "GTX Pro" for deal in deals) == 1480
    [first] = [deal for deal in deals if deal.id == "1C1I7A6R"]
    assert (first.engaged, first.closed, first.source.line) == (date(2016, 10, 20), date(2017, 3, 1), 2)
    assert {one.column: one.values for one in report.interpretations} == {"engage_date": 8300, "close_date": 6711}
    assert [len(gap.lines) for gap in report.gaps if gap.reason == "deals without an account"] == [1425]
    assert sum(account.parent is not None for account in await crm.find(Account, ANNA)) == 15


@real
async def test_what_nobody_agreed_to_repair_stays_and_is_told(
    maven: dict[str, bytes], proposal: Proposal, crm: Crm
) -> None:
    wanted = parsed_mapping(reviewed(proposal, repaired=False), name="m")
    report = await import_crm(maven, wanted, TERMS, crm)
    assert report.repairs == ()
    assert {one.was for one in report.suspicions} == {"GTXPro", "technolgy", "Philipines"}
    assert [(gap.value, len(gap.lines)) for gap in report.gaps if gap.column == "product"] == [("GTXPro", 1480)]
    assert sum(deal.product == "GTXPro" for deal in await crm.find(Deal, ANNA)) == 1480


async def test_the_sample_is_imported_whole_and_its_twin_is_told(crm: Crm) -> None:
    files, mapping = sample_crm()
    report = await import_crm(files, mapping, TERMS, crm)
    assert (report.refusals, report.suspicions) == ((), ())
    assert all(one.refused == 0 for one in report.files)
    assert {one.table for one in report.stored} >= {
        "accounts",
        "contacts",
        "deals",
        "stage_changes",
        "activities",
        "figures",
    }
    [gap] = report.gaps
    assert "Beverly Tarkowski" in gap.reason
    assert {one.changed for one in (await import_crm(files, mapping, TERMS, crm)).stored} == {0}
