"""What every CRM keeps to as a remote, embedded or elsewhere: read, change, create, remove, once under a key, and looked up.

A suite for one subclasses `CrmRemoteContract` and gives the fixture `place`: the remote, a way to look into its CRM, and a
deal that is in stage "Offer" with 1,200 and no next step.
"""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, replace

import pytest

from core.errors import ForbiddenError, RejectedError
from core.plans import Json
from core.remotes import Order, Remote


@dataclass(frozen=True, slots=True)
class Place:
    """A remote over a CRM with one deal. `field` tells what a field of a record holds, whoever is asked."""

    remote: Remote
    deal: str
    field: Callable[[str, str], Awaitable[Json]]
    tenant: str
    approver: str
    stranger: str


def order(place: Place, key: str, action: str, target: str, **arguments: Json) -> Order:
    return Order(key, place.tenant, "f" * 64, "crm", action, target, place.approver, arguments)


class CrmRemoteContract:
    """The promises of the remote."""

    async def test_it_reads_the_fields_that_are_asked_for_and_leaves_out_what_a_record_has_not(
        self, place: Place
    ) -> None:
        wanted = frozenset({"stage", "amount", "next_step", "weather", "exists"})
        read = await place.remote.read(place.deal, wanted)
        assert read == {"stage": "Offer", "amount": "1200", "next_step": None, "exists": True}

    async def test_a_record_that_is_not_there_reads_as_absent(self, place: Place) -> None:
        assert await place.remote.read("contacts/nobody", frozenset({"exists", "name"})) == {"exists": False}

    async def test_an_update_writes_these_fields_and_no_other(self, place: Place) -> None:
        done = await place.remote.call(order(place, "k1", "update", place.deal, amount="1350.50", next_step="Call Mo"))
        assert done == {"amount": "1350.5", "next_step": "Call Mo"}
        assert await place.field(place.deal, "amount") == "1350.5"
        assert await place.field(place.deal, "stage") == "Offer"

    async def test_the_old_values_undo_it(self, place: Place) -> None:
        await place.remote.call(order(place, "k1", "update", place.deal, next_step="Call Mo", amount="1"))
        await place.remote.call(order(place, "k2", "update", place.deal, next_step=None, amount="1200"))
        assert await place.remote.read(place.deal, frozenset({"next_step", "amount"})) == {"next_step": None, "amount": "1200"}  # fmt: skip

    async def test_a_call_under_a_key_that_was_seen_does_nothing_again(self, place: Place) -> None:
        first = await place.remote.call(order(place, "k1", "update", place.deal, amount="1350"))
        await place.remote.call(order(place, "k2", "update", place.deal, amount="1400"))
        assert await place.remote.call(order(place, "k1", "update", place.deal, amount="1350")) == first
        assert await place.field(place.deal, "amount") == "1400"

    async def test_a_key_is_looked_up_with_what_came_of_it(self, place: Place) -> None:
        assert place.remote.promises.searchable
        assert await place.remote.look_up("k1") is None
        done = await place.remote.call(order(place, "k1", "update", place.deal, amount="1350"))
        assert await place.remote.look_up("k1") == done

    async def test_a_contact_is_created_and_removed_again(self, place: Place) -> None:
        made = await place.remote.call(order(place, "k1", "create", "contacts/c9", name="Mo Lund", title="CFO"))
        assert made["exists"] is True
        assert await place.remote.read("contacts/c9", frozenset({"exists", "name", "title"})) == {
            "exists": True, "name": "Mo Lund", "title": "CFO",
        }  # fmt: skip
        await place.remote.call(order(place, "k2", "remove", "contacts/c9"))
        assert await place.remote.read("contacts/c9", frozenset({"exists"})) == {"exists": False}

    async def test_a_note_is_logged(self, place: Place) -> None:
        note = {"type": "note", "day": "2026-03-20", "text": "Waits for security", "deal": place.deal.split("/")[1]}
        await place.remote.call(order(place, "k1", "create", "activities/n1", **note))
        assert await place.field("activities/n1", "text") == "Waits for security"

    @pytest.mark.parametrize(
        ("action", "target", "arguments"),
        [
            ("update", "deals/none", {"amount": "1"}),
            ("update", None, {"weather": "grey"}),
            ("update", None, {"amount": "a lot"}),
            ("update", None, {"expected": "soon"}),
            ("update", None, {"stage": None}),
            ("update", None, {"tenant": "globex"}),
            ("remove", None, {}),
            ("destroy", None, {}),
            ("update", "planets/1", {"name": "Mars"}),
        ],
    )
    async def test_what_it_cannot_do_is_refused_and_nothing_is_changed(
        self, place: Place, action: str, target: str | None, arguments: Mapping[str, Json]
    ) -> None:
        with pytest.raises(RejectedError):
            await place.remote.call(order(place, "k1", action, target or place.deal, **arguments))
        assert await place.remote.look_up("k1") is None
        assert await place.field(place.deal, "stage") == "Offer"

    async def test_another_tenant_and_who_has_no_rights_are_refused(self, place: Place) -> None:
        mine = order(place, "k1", "update", place.deal, amount="1")
        with pytest.raises(ForbiddenError):
            await place.remote.call(replace(mine, tenant="globex"))
        with pytest.raises((ForbiddenError, RejectedError)):
            await place.remote.call(replace(mine, principal=place.stranger))
        assert await place.field(place.deal, "amount") == "1200"
