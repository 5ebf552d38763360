"""The sample's CRM export holds together: every row refers to one that is there, and time runs forward."""

import json
from collections import Counter, defaultdict

import pytest
import yaml

from tests.memory.sample.material import AS_OF, SAMPLE, open_deals, rows
from tools.crm.mapping import check, read_mapping
from tools.crm.sheets import read_sheet

FILES = ("accounts", "contacts", "deals", "stage_history", "activities", "owners", "products")
REFERENCES = [
    ("contacts", "Associated Company IDs", "accounts", "Record ID"),
    ("deals", "Associated Company IDs", "accounts", "Record ID"),
    ("deals", "Associated Company", "accounts", "Company name"),
    ("deals", "Deal owner", "owners", "Name"),
    ("deals", "Product", "products", "Name"),
    ("accounts", "Company owner", "owners", "Name"),
    ("stage_history", "Deal ID", "deals", "Record ID"),
    ("activities", "Activity Assigned To", "owners", "Name"),
    ("activities", "Associated Company IDs", "accounts", "Record ID"),
    ("activities", "Associated Contact IDs", "contacts", "Record ID"),
    ("activities", "Associated Deal IDs", "deals", "Record ID"),
]


def history() -> dict[str, list[dict[str, str]]]:
    """The changes of stage of each deal, oldest first."""
    found = defaultdict(list)
    for change in sorted(rows("stage_history"), key=lambda change: change["Date Entered Stage"]):
        found[change["Deal ID"]].append(change)
    return found


@pytest.mark.parametrize(("file", "column", "other", "key"), REFERENCES)
def test_every_reference_is_to_a_row_that_is_there(file: str, column: str, other: str, key: str) -> None:
    known = {row[key] for row in rows(other)}
    assert {row[column] for row in rows(file)} - {""} <= known


@pytest.mark.parametrize("file", FILES)
def test_ids_are_unique(file: str) -> None:
    first = next(iter(rows(file)[0]))
    assert Counter(row[first] for row in rows(file)).most_common(1)[0][1] == 1


def test_the_mapping_is_confirmed_and_complete() -> None:
    sheets = [read_sheet(path.name, path.read_bytes()) for path in sorted((SAMPLE / "crm").glob("*.csv"))]
    check(read_mapping(SAMPLE / "crm" / "mapping.yaml"), sheets)


def test_a_deal_goes_through_its_stages_one_after_the_other_and_is_in_the_last_one() -> None:
    changes = history()
    for deal in rows("deals"):
        own = changes[deal["Record ID"]]
        assert own[0]["Date Entered Stage"] == deal["Create Date"], deal["Deal Name"]
        assert [change["Previous Deal Stage"] for change in own] == ["", *(c["Deal Stage"] for c in own[:-1])]
        assert own[-1]["Deal Stage"] == deal["Deal Stage"], deal["Deal Name"]


def test_a_closed_deal_closed_on_the_day_of_its_last_stage_and_nothing_lies_in_the_future() -> None:
    changes = history()
    still_open = {deal["Record ID"] for deal in open_deals()}
    for deal in rows("deals"):
        if deal["Record ID"] not in still_open:
            assert changes[deal["Record ID"]][-1]["Date Entered Stage"][:10] == deal["Close Date"], deal["Deal Name"]
    assert max(change["Date Entered Stage"] for change in rows("stage_history")) < f"{AS_OF} 24"
    assert max(activity["Activity Date"] for activity in rows("activities")) < f"{AS_OF} 24"


def test_the_last_activity_of_a_deal_is_the_one_that_it_names() -> None:
    for deal in rows("deals"):
        own = [one["Activity Date"] for one in rows("activities") if one["Associated Deal IDs"] == deal["Record ID"]]
        assert max(own) == deal["Last Activity Date"], deal["Deal Name"]


def test_every_recorded_call_with_a_customer_is_an_activity_of_its_deal() -> None:
    known = yaml.safe_load((SAMPLE / "truth.yaml").read_text(encoding="utf-8"))["calls"]
    held = [call for call in known if _scope(call["file"]) == "External"]
    accounts = {row["Record ID"]: row["Company name"] for row in rows("accounts")}
    logged = {
        (accounts.get(one["Associated Company IDs"]), one["Activity Date"][:10])
        for one in rows("activities")
        if one["Activity Type"] == "Call" and one["Body"].startswith("Recorded.")
    }
    assert logged == {(call["account"], call["date"]) for call in held}


def _scope(file: str) -> str:
    scope: str = json.loads((SAMPLE / file).read_text(encoding="utf-8"))["calls"][0]["metaData"]["scope"]
    return scope


def test_addresses_are_of_domains_that_can_belong_to_nobody() -> None:
    domains = [row["Company Domain Name"] for row in rows("accounts")]
    mails = [row["Email"] for row in [*rows("contacts"), *rows("owners")] if row["Email"]]
    assert all(name.endswith(".example") for name in [*domains, *mails])
    assert all("555" in row["Phone Number"] for row in rows("contacts") if row["Phone Number"])
