"""Names of records in a text: one that several have is none's alone, and whatever is told is labelled."""

import pytest

from core.identity import Label, Principal
from memory.crm.base import Crm
from memory.crm.records import Account, Contact, Deal, Status
from tools.crm.finding import Directory, Named

CARLA = Principal("acme", "carla", clearance=Label.CONFIDENTIAL)
MARIA = "Maria Lopez"
RECORDS = (
    Account(tenant="acme", id="a1", name="Ossery Home", label=Label.PUBLIC),
    Account(tenant="acme", id="a2", name="Castellan Tile", label=Label.CONFIDENTIAL),
    Contact(tenant="acme", id="c1", name=MARIA, account="a1", label=Label.PUBLIC),
    Contact(tenant="acme", id="c2", name=MARIA, account="a2", label=Label.PUBLIC),
    Contact(tenant="acme", id="c3", name="Maria Quist", account="a2", label=Label.PUBLIC),
    Contact(tenant="acme", id="c4", name="Bo Hart", account="a1", label=Label.PUBLIC),
    Deal(tenant="acme", id="d2", name="Tiles", account="a2", stage="Offer", status=Status.OPEN, label=Label.PUBLIC),
)


async def named(crm: Crm, text: str) -> Named:
    await crm.put(RECORDS, CARLA)
    return await Directory(crm).named(text, CARLA)


@pytest.mark.parametrize(
    ("text", "contacts"),
    [
        ("Set Maria Lopez's phone", ["c1", "c2"]),
        ("Set Maria Lopez's phone at Ossery", ["c1"]),
        ("Set Maria Lopez's phone at Castellan", ["c2"]),
        ("Set Maria's phone", ["c1", "c2", "c3"]),
        ("Set Maria's phone at Castellan", ["c2", "c3"]),
        ("Set the phone of Maria Lopez c2", ["c2"]),
        ("Set Quist's phone", ["c3"]),
        ("Show the contacts at Ossery", ["c1", "c4"]),
    ],
)
async def test_a_name_of_several_stands_for_each_of_them_and_an_account_tells_which(
    crm: Crm, text: str, contacts: list[str]
) -> None:
    assert [one.record.id for one in (await named(crm, text)).contacts] == contacts


async def test_accounts_of_one_name_are_each_found(crm: Crm) -> None:
    await crm.put([Account(tenant="acme", id="a3", name="Ossery Home")], CARLA)
    assert [one.record.id for one in (await named(crm, "Who owns Ossery Home?")).accounts] == ["a1", "a3"]


@pytest.mark.parametrize("text", ["Who owns Zanzibar?", "What stage is Tiles in?"])
async def test_the_names_that_are_told_beside_records_count_for_the_label(crm: Crm, text: str) -> None:
    assert (await named(crm, text)).label is Label.CONFIDENTIAL


async def test_the_least_secret_names_are_told_first(crm: Crm) -> None:
    assert (await named(crm, "Who owns Zanzibar?")).known == ("Ossery Home", "Castellan Tile")
