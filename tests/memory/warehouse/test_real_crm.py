"""8,800 opportunities that nobody on this project wrote, from their files to the metrics."""

import os
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest

from core.identity import Principal
from memory.crm.records import Account, Deal
from memory.crm.store import EmbeddedCrm
from memory.warehouse.facts import Facts
from tests.databases import fresh_database
from tests.memory.warehouse.company import measured_on
from tests.tools.crm.material import TERMS, TODAY
from tests.tools.crm.test_exports import reviewed
from tools.crm.importing import files_of, import_crm
from tools.crm.mapping import parsed_mapping
from tools.crm.proposal import propose
from tools.crm.sheets import read_sheet

EVAL_DATA = os.environ.get("SOPHIA_EVAL_DATA")
WHOLE = {"from": "2016-01-01", "to": "2017-12-31"}
AS_OF = date(2017, 12, 31)


@pytest.mark.skipif(EVAL_DATA is None, reason="SOPHIA_EVAL_DATA is not set")
async def test_a_real_export_is_measured_exactly(tmp_path: Path) -> None:
    files = files_of([Path(EVAL_DATA or "") / "crm_maven"])
    proposal = propose([read_sheet(name, content) for name, content in files.items()], today=TODAY)
    async with fresh_database(tmp_path) as database:
        crm = EmbeddedCrm(database)
        await import_crm(files, parsed_mapping(reviewed(proposal, repaired=True), name="m"), TERMS, crm)
        reader = TERMS.principal
        facts = Facts(accounts=tuple(await crm.find(Account, reader)), deals=tuple(await crm.find(Deal, reader)))
    who = Principal("acme", "eva", clearance=reader.clearance)
    async with measured_on(facts) as metrics:
        revenue = await metrics.measure("revenue", WHOLE, who, AS_OF)
        series = await metrics.measure("revenue", {**WHOLE, "grain": "month"}, who, AS_OF)
        rate = await metrics.measure("win_rate", WHOLE, who, AS_OF)
        pipeline = await metrics.measure("pipeline_value", {}, who, AS_OF)

    assert (revenue.value, revenue.unit) == (Decimal(10_005_534), "USD")
    assert sum(Decimal(str(part.value)) for part in series.parts) == Decimal(10_005_534)
    assert isinstance(rate.value, float)
    assert round(rate.value, 1) == 63.2
    assert pipeline.gap == f"there are only open deals without an amount: {8800 - 6711}"
