"""Small exports, and what the tests say of them."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from core.identity import Label, Principal
from memory.crm.base import Crm
from tools.crm.importing import Terms, import_crm
from tools.crm.mapping import Mapping, parsed_mapping
from tools.crm.proposal import Proposal, propose
from tools.crm.report import Report
from tools.crm.sheets import read_sheet

TODAY = date(2026, 3, 20)
ANNA = Principal("acme", "anna")
TERMS = Terms(ANNA, Label.INTERNAL, TODAY)
Texts = dict[str, str]

ACCOUNTS = """\
Account ID,Account Name,Industry
a1,Harbour,Retail
a2,Quarry & Sons,Software
"""
DEALS = """\
Deal ID,Account,Stage,Amount,Close Date,Create Date
d1,Harbour,Closed Won,1200.50,2026-02-28,2026-01-02
d2,a2,Closed Lost,0,2026-03-01,2026-01-03
d3,Quarry & Sons,Proposal,900,2026-05-01,2026-02-04
"""
BOTH: Texts = {"accounts.csv": ACCOUNTS, "deals.csv": DEALS}
MAPPED: dict[str, Any] = {
    "confirmed": True,
    "files": {
        "accounts.csv": {
            "table": "accounts",
            "columns": {"Account ID": "id", "Account Name": "name", "Industry": "industry"},
        },
        "deals.csv": {
            "table": "deals",
            "currency": "EUR",
            "stages": {"Closed Won": "won", "Closed Lost": "lost", "Proposal": "open"},
            "columns": {
                "Deal ID": "id",
                "Account": "account",
                "Stage": "stage",
                "Amount": "amount",
                "Close Date": "close",
                "Create Date": "created",
            },
        },
    },
}


def mapping(**of_deals: Any) -> Mapping:
    """The mapping of both files; arguments change that of the deals."""
    deals = {**MAPPED["files"]["deals.csv"], **of_deals}
    return parsed_mapping({**MAPPED, "files": {**MAPPED["files"], "deals.csv": deals}}, name="mapping")


def encoded(texts: Texts) -> dict[str, bytes]:
    return {name: text.encode() for name, text in texts.items()}


def proposed(texts: Texts, today: date = TODAY) -> Proposal:
    return propose([read_sheet(name, content) for name, content in encoded(texts).items()], today=today)


async def imported(crm: Crm, deals: str, wanted: Mapping | None = None, *, accounts: str = ACCOUNTS) -> Report:
    """What became of these deals, beside the two accounts."""
    return await import_crm(encoded({"accounts.csv": accounts, "deals.csv": deals}), wanted or mapping(), TERMS, crm)


def rows_of(*rows: str) -> str:
    """The deals file with these rows."""
    return "\n".join([DEALS.splitlines()[0], *rows]) + "\n"


def places(found: Sequence[Any]) -> list[tuple[int, str | None, str | None]]:
    """Line, column and value of refusals."""
    return [(one.line, one.column, one.value) for one in found]
