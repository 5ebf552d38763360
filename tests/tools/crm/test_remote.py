"""The embedded CRM as a remote: the contract, and that an edit, its key and its trace are one transaction."""

import asyncio
from collections.abc import AsyncIterator
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path

import pytest

from core.database import open_database, sqlite_url
from core.errors import ForbiddenError, NotFoundError
from core.identity import Label, Principal
from core.plans import Json
from memory.crm.edits import Edit
from memory.crm.records import Contact, Deal, Source, Status
from memory.crm.store import EmbeddedCrm
from memory.crm.values import plain
from tests.contracts.crm_remote import CrmRemoteContract, Place, order
from tools.crm.remote import CrmRemote, parted

ANNA = Principal("acme", "anna", clearance=Label.CONFIDENTIAL)
BORIS = Principal("acme", "boris", clearance=Label.PUBLIC)
STRANGER = Principal("globex", "sam", clearance=Label.RESTRICTED)
KNOWN = {one.id: one for one in (ANNA, BORIS, STRANGER)}
NOW = datetime(2026, 3, 20, 12, tzinfo=UTC)
DEAL = Deal(
    tenant="acme", id="d1", name="Harbour", stage="Offer", status=Status.OPEN, amount=Decimal(1200), currency="EUR"
)


async def resolve(who: str) -> Principal:
    return KNOWN[who]


@pytest.fixture
async def crm(tmp_path: Path) -> AsyncIterator[EmbeddedCrm]:
    async with open_database(sqlite_url(tmp_path / "crm.db")) as database:
        crm = EmbeddedCrm(database, lambda: NOW)
        await crm.put([DEAL, Contact(tenant="acme", id="c1", name="Bo Hart", source=Source("contacts.csv", 2))], ANNA)
        yield crm


@pytest.fixture
def place(crm: EmbeddedCrm) -> Place:
    async def field(target: str, name: str) -> Json:
        kind, id_ = parted(target)
        [found] = await crm.find(kind, ANNA, [id_])
        return plain(getattr(found, name))

    return Place(CrmRemote(crm, ANNA, resolve), "deals/d1", field, "acme", ANNA.id, STRANGER.id)


class TestEmbedded(CrmRemoteContract):
    """The contract."""


async def test_what_an_edit_wrote_is_kept_with_its_plan_and_its_approver(crm: EmbeddedCrm, place: Place) -> None:
    await place.remote.call(order(place, "k1", "update", "deals/d1", amount="1350", next_step="Call Mo"))
    first, second, stamp = await crm.synced(Deal, ["d1"], ANNA)
    assert (stamp.field, stamp.before, stamp.after) == ("modified", None, NOW.isoformat())
    assert (first.field, first.before, first.after) == ("amount", "1200", "1350")
    assert (second.field, second.before, second.after) == ("next_step", None, "Call Mo")
    assert {(one.plan, one.principal, one.at) for one in (first, second)} == {("f" * 64, ANNA.id, NOW)}
    assert await crm.synced(Deal, ["d1"], STRANGER) == []


async def test_an_edit_that_is_refused_leaves_no_trace(crm: EmbeddedCrm, place: Place) -> None:
    await crm.put(
        [DEAL, Deal(tenant="acme", id="d2", stage="Offer", status=Status.OPEN, label=Label.CONFIDENTIAL)], ANNA
    )
    edit = Edit(key="k9", plan="p", kind=Deal, id="d2", values={"stage": "Won"})
    with pytest.raises(NotFoundError):
        await crm.edit(edit, BORIS)
    assert await crm.outcome("k9", "acme") is None
    assert await crm.synced(Deal, ["d2"], ANNA) == []


async def test_one_key_called_many_times_at_once_is_one_edit(crm: EmbeddedCrm, place: Place) -> None:
    mine = order(place, "k1", "update", "deals/d1", amount="1350")
    done = await asyncio.gather(*(place.remote.call(mine) for _ in range(20)))
    assert done == [{"amount": "1350"}] * 20
    assert [one.field for one in await crm.synced(Deal, ["d1"], ANNA)] == ["amount", "modified"]


async def test_only_what_sophia_made_is_removed(crm: EmbeddedCrm, place: Place) -> None:
    with pytest.raises(Exception, match="not Sophia's"):
        await place.remote.call(order(place, "k1", "remove", "contacts/c1"))
    [kept] = await crm.find(Contact, ANNA, ["c1"])
    assert kept.name == "Bo Hart"


async def test_an_edit_is_made_under_the_rights_of_whoever_approved_it(crm: EmbeddedCrm) -> None:
    await crm.put([Deal(tenant="acme", id="d2", stage="Offer", status=Status.OPEN, label=Label.CONFIDENTIAL)], ANNA)
    remote = CrmRemote(crm, ANNA, resolve)
    place = Place(remote, "deals/d2", _nothing, "acme", BORIS.id, STRANGER.id)
    with pytest.raises((ForbiddenError, NotFoundError)):
        await remote.call(order(place, "k1", "update", "deals/d2", stage="Won"))


async def test_a_created_record_is_as_secret_as_it_was_planned(crm: EmbeddedCrm, place: Place) -> None:
    await place.remote.call(order(place, "k1", "create", "contacts/c9", name="Mo Lund", label="confidential"))
    [made] = await crm.find(Contact, ANNA, ["c9"])
    assert (made.label, made.source) == (Label.CONFIDENTIAL, Source("Sophia"))
    assert await crm.find(Contact, BORIS, ["c9"]) == []


async def _nothing(_target: str, _name: str) -> Json:
    return None
