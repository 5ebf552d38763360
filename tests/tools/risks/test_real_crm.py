"""8,800 opportunities of an export without amounts, next steps and activities of open deals: nothing is made up."""

import os
from datetime import date
from pathlib import Path

import pytest

from memory.crm.store import EmbeddedCrm
from memory.documents import Documents
from tests.databases import fresh_database
from tests.tools.crm.material import TERMS, TODAY
from tests.tools.crm.test_exports import reviewed
from tools.crm.importing import files_of, import_crm
from tools.crm.mapping import parsed_mapping
from tools.crm.proposal import propose
from tools.crm.sheets import read_sheet
from tools.risks.customers import customers_at_risk
from tools.risks.deals import deals_at_risk
from tools.risks.reading import Books

EVAL_DATA = os.environ.get("SOPHIA_EVAL_DATA")


@pytest.mark.skipif(EVAL_DATA is None, reason="SOPHIA_EVAL_DATA is not set")
async def test_a_crm_that_knows_little_of_open_deals_puts_none_at_risk_and_says_why(tmp_path: Path) -> None:
    files = files_of([Path(EVAL_DATA or "") / "crm_maven"])
    proposal = propose([read_sheet(name, content) for name, content in files.items()], today=TODAY)
    async with fresh_database(tmp_path) as database:
        crm = EmbeddedCrm(database)
        await import_crm(files, parsed_mapping(reviewed(proposal, repaired=True), name="m"), TERMS, crm)
        book = await Books(crm, Documents(database)).read(TERMS.principal, date(2017, 12, 31))
    found, customers = deals_at_risk(book), customers_at_risk(book)
    assert (found.deals, found.looked_at) == ((), 8800 - 6711)
    assert found.notes == (
        "0 of 2089 open deals have a next step, so that to have none says nothing of a deal",
        "0 of 2089 open deals have an amount, so that to have none says nothing of a deal",
    )
    assert (customers.customers, customers.withheld) == ((), customers.looked_at)
    assert customers.looked_at == 85
