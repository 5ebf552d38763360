"""What every CRM keeps to, embedded or elsewhere. A suite for one subclasses `CrmContract` and gives the fixture `crm`."""

from dataclasses import replace
from datetime import UTC, date, datetime
from decimal import Decimal

import pytest

from core.errors import ConflictError, ForbiddenError, InvalidInputError, NotFoundError
from core.identity import Label, Principal
from core.periods import Grain
from memory.crm.base import Crm, Written
from memory.crm.records import (
    Account,
    Activity,
    CompanyFigure,
    Contact,
    Deal,
    Product,
    Record,
    Rep,
    Source,
    StageChange,
    Status,
    content_hash,
)

ANNA = Principal("acme", "anna")
BORIS = Principal("acme", "boris", clearance=Label.CONFIDENTIAL)
STRANGER = Principal("globex", "sam", clearance=Label.RESTRICTED)
READ = Source("deals.csv", 2)
DEAL = Deal(
    tenant="acme",
    id="d1",
    source=READ,
    name="Harbour renewal",
    stage="Offer",
    status=Status.OPEN,
    account="a1",
    owner="Nadia Orlo",
    pipeline="default",
    amount=Decimal("12500.10"),
    currency="EUR",
    created=date(2026, 1, 5),
    engaged=date(2026, 1, 7),
    expected=date(2026, 4, 1),
    product="Crane",
    region="North",
    segment="SMB",
    competitor="Hoist",
    next_step="Send the offer",
    modified=datetime(2026, 3, 1, 9, 30, tzinfo=UTC),
)
WON = replace(DEAL, stage="Signed", status=Status.WON, closed=date(2026, 3, 14))
SECRET = replace(DEAL, id="d2", label=Label.CONFIDENTIAL)
ONE_OF_EACH: list[Record] = [
    Rep(tenant="acme", id="r1", name="Nadia Orlo", email="nadia@acme.example", manager="Bo Hart", region="North"),
    Product(tenant="acme", id="p1", name="Crane", family="Lifting", price=Decimal("0.10"), currency="EUR"),
    Account(tenant="acme", id="a1", name="Harbour", employees=12, founded=1996, revenue=Decimal("1E+3"), currency="EUR"),
    Contact(tenant="acme", id="c1", name="Mo Lund", account="a1", email="mo@harbour.example"),
    DEAL,
    StageChange(tenant="acme", id="s1", deal="d1", stage="Offer", entered=date(2026, 1, 9)),
    Activity(tenant="acme", id="v1", type="call", day=date(2026, 2, 2), deal="d1", minutes=Decimal("12.5"), text="…"),
    CompanyFigure(tenant="acme", id="f1", series="mrr", day=date(2026, 3, 1), value=Decimal("-3.50"), grain=Grain.MONTH,
                  currency="EUR", partial=True),
]  # fmt: skip


class CrmContract:
    """The promises of the port."""

    async def test_every_kind_of_record_is_read_back_as_it_was_written(self, crm: Crm) -> None:
        written = await crm.put(ONE_OF_EACH, ANNA)
        assert set(written.values()) == {Written(added=1)}
        for record in ONE_OF_EACH:
            assert await crm.find(type(record), ANNA) == [record]

    async def test_an_amount_keeps_every_digit(self, crm: Crm) -> None:
        await crm.put([replace(DEAL, amount=Decimal("98765432109876.01"))], ANNA)
        [found] = await crm.find(Deal, ANNA)
        assert found.amount == Decimal("98765432109876.01")

    async def test_writing_the_same_again_changes_nothing(self, crm: Crm) -> None:
        await crm.put(ONE_OF_EACH, ANNA)
        again = await crm.put([replace(record, source=Source("moved.csv", 9)) for record in ONE_OF_EACH], ANNA)
        assert set(again.values()) == {Written(unchanged=1)}
        assert await crm.find(Deal, ANNA) == [DEAL]

    async def test_another_content_replaces_the_earlier_one(self, crm: Crm) -> None:
        await crm.put([DEAL, replace(DEAL, id="d3")], ANNA)
        assert await crm.put([WON, replace(DEAL, id="d4")], ANNA) == {"deals": Written(added=1, changed=1)}
        assert await crm.find(Deal, ANNA, ["d1"]) == [WON]
        assert [deal.id for deal in await crm.find(Deal, ANNA)] == ["d1", "d3", "d4"]

    async def test_only_the_ids_that_are_named_are_found(self, crm: Crm) -> None:
        await crm.put([replace(DEAL, id=f"d{n}") for n in range(1200)], ANNA)
        wanted = [f"d{n}" for n in range(0, 1200, 2)]
        assert {deal.id for deal in await crm.find(Deal, ANNA, [*wanted, "none"])} == set(wanted)
        assert await crm.find(Deal, ANNA, []) == []

    async def test_tenants_and_labels_keep_apart_who_may_read(self, crm: Crm) -> None:
        await crm.put([DEAL, SECRET], BORIS)
        await crm.put([replace(DEAL, tenant="globex")], STRANGER)
        assert await crm.find(Deal, ANNA) == [DEAL]
        assert await crm.find(Deal, BORIS) == [DEAL, SECRET]
        assert await crm.find(Deal, STRANGER) == [replace(DEAL, tenant="globex")]
        assert await crm.find(Deal, ANNA, ["d2"]) == []

    async def test_a_label_rises_and_never_falls(self, crm: Crm) -> None:
        await crm.put([DEAL], ANNA)
        assert await crm.put([replace(DEAL, label=Label.CONFIDENTIAL)], BORIS) == {"deals": Written(changed=1)}
        assert await crm.find(Deal, ANNA) == []
        assert await crm.put([replace(DEAL, label=Label.PUBLIC)], BORIS) == {"deals": Written(unchanged=1)}
        assert await crm.find(Deal, ANNA) == []

    @pytest.mark.parametrize(
        "record", [replace(DEAL, id="d2"), replace(DEAL, tenant="globex"), replace(DEAL, label=Label.RESTRICTED)]
    )
    async def test_what_one_may_not_read_one_may_not_write(self, crm: Crm, record: Deal) -> None:
        await crm.put([SECRET], BORIS)
        with pytest.raises(ForbiddenError):
            await crm.put([replace(DEAL, id="d0"), record], ANNA)
        assert await crm.find(Deal, BORIS) == [SECRET]

    async def test_two_records_under_one_id_are_refused(self, crm: Crm) -> None:
        with pytest.raises(InvalidInputError, match="'d1'"):
            await crm.put([DEAL, WON], ANNA)

    async def test_a_deal_found_in_another_stage_enters_its_history(self, crm: Crm) -> None:
        await crm.put([DEAL], ANNA)
        assert await crm.history("d1", ANNA) == []
        await crm.put([WON], ANNA)
        await crm.put([WON], ANNA)
        [change] = await crm.history("d1", ANNA)
        assert (change.previous, change.stage, change.entered) == ("Offer", "Signed", date(2026, 3, 14))
        assert change.observed
        assert await crm.history("d1", STRANGER) == []

    async def test_what_a_source_tells_of_a_change_stands_for_what_was_noticed(self, crm: Crm) -> None:
        told = StageChange(tenant="acme", id="s9", deal="d1", stage="Signed", entered=date(2026, 3, 13))
        await crm.put([DEAL, replace(DEAL, id="d5")], ANNA)
        await crm.put([WON], ANNA)
        await crm.put([told], ANNA)
        assert await crm.history("d1", ANNA) == [told]
        other = replace(told, id="s10", deal="d5")
        await crm.put([replace(WON, id="d5"), other], ANNA)
        assert await crm.history("d5", ANNA) == [other]

    async def test_a_record_is_amended_only_as_it_was_read(self, crm: Crm) -> None:
        await crm.put([DEAL], ANNA)
        await crm.amend(WON, ANNA, read=content_hash(DEAL))
        assert await crm.find(Deal, ANNA) == [WON]
        assert [change.stage for change in await crm.history("d1", ANNA)] == ["Signed"]
        with pytest.raises(ConflictError, match="'d1'"):
            await crm.amend(DEAL, ANNA, read=content_hash(DEAL))
        assert await crm.find(Deal, ANNA) == [WON]

    async def test_a_record_that_may_not_be_read_cannot_be_amended(self, crm: Crm) -> None:
        await crm.put([SECRET], BORIS)
        for record, principal in ((SECRET, ANNA), (replace(DEAL, id="none"), BORIS)):
            with pytest.raises(NotFoundError):
                await crm.amend(record, principal, read=content_hash(SECRET))
