"""How a call came out: as the one deal of its account that was open on its day."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from core.identity import EVERYONE, Label, Principal
from memory.crm.records import Deal, Record, Status
from memory.crm.store import EmbeddedCrm
from memory.documents import Entry
from models.entities import Entity
from tests.databases import fresh_database
from tests.tools.risks.records import ACCOUNT, TENANT, deal
from tools.calls.coaching import Outcome
from tools.risks.call_outcomes import CallOutcomes, CameOut

ANNA = Principal(TENANT, "anna")
CLEARED = Principal(TENANT, "carla", clearance=Label.CONFIDENTIAL)
CALL = Entry(
    id="call",
    version="1",
    title="Acme intro",
    held=datetime(2026, 1, 13, 11, tzinfo=UTC),
    account="Acme",
    label=Label.INTERNAL,
    readers=frozenset({EVERYONE}),
    speakers=(),
    turns=2,
)
WON = deal("won", status=Status.WON, created=date(2026, 1, 1), closed=date(2026, 2, 1))
LOST = deal("lost", status=Status.LOST, created=date(2025, 1, 1), closed=date(2025, 6, 1))
OPEN = deal("open", created=date(2026, 1, 1))


async def came_out(
    folder: Path,
    records: Sequence[Record],
    call: Entry = CALL,
    principal: Principal = ANNA,
    entities: Sequence[Entity] = (),
) -> CameOut:
    async with fresh_database(folder) as database:
        crm = EmbeddedCrm(database, lambda: datetime(2026, 3, 20, tzinfo=UTC))
        await crm.put(records, CLEARED)
        return (await CallOutcomes(crm, entities).of([call], principal))[call.id]


@pytest.mark.parametrize(
    ("deals", "expected"),
    [
        ([WON, LOST], Outcome.WON),
        ([replace(LOST, created=date(2026, 1, 1), closed=date(2026, 3, 1))], Outcome.LOST),
        ([OPEN, LOST], Outcome.OPEN),
        ([], Outcome.UNKNOWN),
        ([LOST], Outcome.UNKNOWN),
        ([WON, OPEN], Outcome.UNKNOWN),
        ([replace(WON, account="other")], Outcome.UNKNOWN),
    ],
)
async def test_a_call_came_out_as_the_one_deal_did_that_was_open(
    tmp_path: Path, deals: list[Deal], expected: Outcome
) -> None:
    assert (await came_out(tmp_path, [ACCOUNT, *deals])).outcome is expected


@pytest.mark.parametrize(
    ("created", "closed", "expected"),
    [
        (date(2026, 1, 13), date(2026, 1, 13), Outcome.WON),
        (date(2026, 1, 14), date(2026, 2, 1), Outcome.UNKNOWN),
        (date(2026, 1, 1), date(2026, 1, 12), Outcome.UNKNOWN),
    ],
)
async def test_the_day_it_was_created_and_the_day_it_closed_are_open_days(
    tmp_path: Path, created: date, closed: date, expected: Outcome
) -> None:
    assert (await came_out(tmp_path, [ACCOUNT, replace(WON, created=created, closed=closed)])).outcome is expected


async def test_a_deal_without_its_days_is_no_outcome_and_makes_that_of_another_unknown(tmp_path: Path) -> None:
    undated = replace(WON, id="undated", created=None, closed=None)
    (tmp_path / "beside").mkdir()
    assert (await came_out(tmp_path, [ACCOUNT, undated])).outcome is Outcome.UNKNOWN
    assert (await came_out(tmp_path / "beside", [ACCOUNT, undated, WON])).outcome is Outcome.UNKNOWN


async def test_a_deal_that_was_entered_without_a_day_counts_from_when_selling_began(tmp_path: Path) -> None:
    begun = replace(WON, created=None, engaged=date(2026, 1, 2))
    assert (await came_out(tmp_path, [ACCOUNT, begun])).outcome is Outcome.WON


async def test_the_account_is_known_under_other_spellings_and_from_the_title(tmp_path: Path) -> None:
    spelled = [Entity("account", "Acme Tools Ltd", ("Acme", "ACM"))]
    titled = replace(CALL, account=None, title="ACM <> us, first call")
    assert (await came_out(tmp_path, [ACCOUNT, WON], titled, entities=spelled)).outcome is Outcome.WON


async def test_where_two_accounts_have_the_name_nothing_is_known(tmp_path: Path) -> None:
    assert (await came_out(tmp_path, [ACCOUNT, replace(ACCOUNT, id="twin"), WON])).outcome is Outcome.UNKNOWN


async def test_without_a_day_or_an_account_nothing_is_known(tmp_path: Path) -> None:
    (tmp_path / "beside").mkdir()
    assert (await came_out(tmp_path, [ACCOUNT, WON], replace(CALL, held=None))).outcome is Outcome.UNKNOWN
    elsewhere = replace(CALL, account="Globex", title="Globex intro")
    assert (await came_out(tmp_path / "beside", [ACCOUNT, WON], elsewhere)).outcome is Outcome.UNKNOWN


async def test_deals_that_the_principal_may_not_read_tell_nothing_and_their_label_goes_with_the_outcome(
    tmp_path: Path,
) -> None:
    secret = replace(WON, label=Label.CONFIDENTIAL)
    (tmp_path / "beside").mkdir()
    unread = await came_out(tmp_path, [ACCOUNT, secret])
    assert (unread.outcome, unread.label) == (Outcome.UNKNOWN, Label.INTERNAL)
    cleared = await came_out(tmp_path / "beside", [ACCOUNT, secret], principal=CLEARED)
    assert (cleared.outcome, cleared.label) == (Outcome.WON, Label.CONFIDENTIAL)
