"""What is kept of briefings, and the one before."""

from dataclasses import replace
from datetime import UTC, date, datetime

import pytest

from agents.executive_briefing.document import Briefing
from api.briefings.periods import Kind
from api.briefings.store import Asked, Briefings
from core.clock import utc_now
from core.database import Database
from core.errors import ConflictError, NotFoundError, WithheldError
from core.identity import Label
from memory.documents import Documents
from tests.agents.executive_briefing.briefings import quiet, tallowby
from tests.api.conftest import ALICE, BOB

WEEKLY = Asked("sales last-week", Kind.WEEK)


@pytest.fixture
def kept(database: Database) -> Briefings:
    return Briefings(database, Documents(database, utc_now))


def of_week(first: date, *, id_: str, made: int = 1, label: Label = Label.INTERNAL) -> Briefing:
    last = date.fromordinal(first.toordinal() + 6)
    made_at = datetime(2026, 3, 20, 12, made, tzinfo=UTC)
    return replace(quiet(), id=id_, first=first, last=last, made_at=made_at, label=label)


MARCH_2, MARCH_9, MARCH_16 = date(2026, 3, 2), date(2026, 3, 9), date(2026, 3, 16)


async def test_a_briefing_is_read_as_it_was_told(kept: Briefings) -> None:
    rich = replace(tallowby(), documents=(), sources=())
    await kept.keep(rich, WEEKLY, owner=ALICE)
    assert await kept.one(rich.id, principal=ALICE) == rich


async def test_the_last_one_is_the_newest_of_the_kind_that_ended_before(kept: Briefings) -> None:
    for first, id_, made in ((MARCH_2, "early", 1), (MARCH_9, "draft", 2), (MARCH_9, "again", 3), (MARCH_16, "now", 4)):
        await kept.keep(of_week(first, id_=id_, made=made), WEEKLY, owner=ALICE)
    await kept.keep(of_week(MARCH_9, id_="odd", made=9), Asked("sales days", Kind.DAYS), owner=ALICE)
    last = await kept.last("sales", Kind.WEEK, before=date(2026, 3, 22), principal=ALICE)
    assert last
    assert last.id == "again"
    assert await kept.last("ceo", Kind.WEEK, before=date(2026, 3, 22), principal=ALICE) is None
    assert await kept.last("sales", Kind.WEEK, before=date(2026, 3, 8), principal=ALICE) is None


async def test_somebody_elses_is_not_the_last_one(kept: Briefings) -> None:
    await kept.keep(of_week(MARCH_2, id_="alices"), WEEKLY, owner=ALICE)
    assert await kept.last("sales", Kind.WEEK, before=MARCH_16, principal=BOB) is None


async def test_one_that_may_no_longer_be_read_is_passed_over(kept: Briefings) -> None:
    await kept.keep(of_week(MARCH_2, id_="open"), WEEKLY, owner=ALICE)
    await kept.keep(of_week(MARCH_9, id_="secret", label=Label.CONFIDENTIAL), WEEKLY, owner=ALICE)
    gone = replace(of_week(MARCH_9, id_="gone", made=3), documents=("deleted",))
    await kept.keep(gone, WEEKLY, owner=ALICE)
    lowered = replace(ALICE, clearance=Label.INTERNAL)
    last = await kept.last("sales", Kind.WEEK, before=date(2026, 3, 22), principal=lowered)
    assert last
    assert last.id == "open"


async def test_who_is_not_cleared_neither_reads_nor_sees_it(kept: Briefings) -> None:
    await kept.keep(of_week(MARCH_2, id_="secret", label=Label.CONFIDENTIAL), WEEKLY, owner=ALICE)
    with pytest.raises(WithheldError):
        await kept.one("secret", principal=BOB)
    assert await kept.listed(principal=BOB) == []
    assert [one.id for one in await kept.listed(principal=ALICE)] == ["secret"]


async def test_a_document_that_was_deleted_takes_the_briefing_with_it(kept: Briefings) -> None:
    await kept.keep(replace(of_week(MARCH_2, id_="quoting"), documents=("deleted",)), WEEKLY, owner=ALICE)
    with pytest.raises(WithheldError):
        await kept.one("quoting", principal=ALICE)
    assert await kept.listed(principal=ALICE) == []


async def test_another_tenant_has_no_such_briefing(kept: Briefings) -> None:
    await kept.keep(of_week(MARCH_2, id_="ours"), WEEKLY, owner=ALICE)
    with pytest.raises(NotFoundError):
        await kept.one("ours", principal=replace(ALICE, tenant="elsewhere"))
    assert await kept.listed(principal=replace(ALICE, tenant="elsewhere")) == []


async def test_of_two_with_one_key_the_first_is_kept(kept: Briefings) -> None:
    keyed = replace(WEEKLY, key="monday")
    assert await kept.keep(of_week(MARCH_2, id_="first"), keyed, owner=ALICE) == "first"
    assert await kept.keep(of_week(MARCH_2, id_="second"), keyed, owner=ALICE) == "first"
    assert await kept.asked_before(keyed, owner=ALICE) == "first"
    assert await kept.asked_before(keyed, owner=BOB) is None
    with pytest.raises(ConflictError):
        await kept.asked_before(replace(keyed, words="ceo last-week"), owner=ALICE)
