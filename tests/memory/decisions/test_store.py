"""The ledger against a model of it, and what it refuses."""

import asyncio
import itertools
from collections.abc import AsyncIterator, Iterator
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.clock import new_id
from core.database import Database
from core.errors import ConflictError, ForbiddenError, InvalidInputError, NotFoundError
from core.identity import Label, Principal
from evals.ledger.histories import played
from memory.decisions.model import Alternative, Crossing, Decision, Evidence, Outcome, TripWire
from memory.decisions.store import Ledger
from memory.transcripts.model import Speaker, Transcript, Turn
from tests.databases import fresh_database

ADA = Principal("acme", "ada", frozenset({"decide"}), clearance=Label.CONFIDENTIAL)
BOB = Principal("acme", "bob")
CALL = Transcript(
    "call", "A call", (Speaker("t", "Teo"),), (Turn(0, "t", "We’re not paying  for slots."), Turn(1, "t", "No."))
)
MARCH = date(2026, 3, 1)
PRICE = Decision(
    question="Do carriers pay?",
    choice="No",
    owner="Teo",
    decided_on=MARCH,
    alternatives=(Alternative("A booking fee", "Carriers quit over it"),),
)


class Calls:
    """One call, which Bob may not read."""

    async def transcript(self, document: str, principal: Principal, version: str | None = None) -> Transcript:
        if document != CALL.id or principal == BOB:
            raise NotFoundError(f"No document {document!r}")
        return CALL

    async def readable(self, ids: object, principal: Principal) -> dict[str, set[str]]:
        return {} if principal == BOB else {CALL.id: {CALL.content_hash}}


class Ticking:
    """A clock that a test moves."""

    def __init__(self) -> None:
        self.now = datetime(2026, 3, 20, 12, tzinfo=UTC)

    def __call__(self) -> datetime:
        return self.now


@pytest.fixture
async def database(tmp_path: Path) -> AsyncIterator[Database]:
    async with fresh_database(tmp_path) as opened:
        yield opened


@pytest.fixture
def clock() -> Ticking:
    return Ticking()


@pytest.fixture
def ledger(database: Database, clock: Ticking) -> Ledger:
    return Ledger(database, Calls(), clock)


@pytest.fixture(scope="module")
def kept_open(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[asyncio.Runner, Database]]:
    """One database for many histories, each of which is a tenant's, with the loop that it is spoken to in."""
    with asyncio.Runner() as runner:
        opening = fresh_database(tmp_path_factory.mktemp("ledger"))
        yield runner, runner.run(opening.__aenter__())
        runner.run(opening.__aexit__(None, None, None))


@settings(max_examples=100, deadline=None)
@given(data=st.data())
def test_any_history_is_told_as_a_plain_model_tells_it(
    data: st.DataObject, kept_open: tuple[asyncio.Runner, Database]
) -> None:
    def roll(below: int) -> int:
        return data.draw(st.integers(0, below - 1))

    runner, database = kept_open
    assert runner.run(played(database, new_id("tenant"), roll)) is None


async def test_what_was_believed_on_a_day_stays_to_be_read_after_a_correction(ledger: Ledger, clock: Ticking) -> None:
    id_ = await ledger.record(PRICE, ADA)
    before = clock.now
    clock.now += timedelta(days=1)
    await ledger.correct(id_, replace(PRICE, choice="Only in peak season"), ADA)
    [now] = await ledger.as_of(MARCH, ADA)
    [then] = await ledger.as_of(MARCH, ADA, known=before)
    assert (now.decision.choice, then.decision.choice) == ("Only in peak season", "No")
    assert [entry.kind for entry in await ledger.history(id_, ADA)] == ["decided", "corrected"]


async def test_a_decision_ends_on_the_day_its_successor_begins(ledger: Ledger) -> None:
    old = await ledger.record(PRICE, ADA)
    new = await ledger.record(replace(PRICE, choice="Yes", decided_on=date(2026, 3, 10)), ADA, supersedes=old)
    assert [one.id for one in await ledger.as_of(date(2026, 3, 9), ADA)] == [old]
    assert [one.id for one in await ledger.as_of(date(2026, 3, 10), ADA)] == [new]
    assert (await ledger.one(old, ADA)).superseded_by == new


async def test_nothing_supersedes_itself_whatever_the_way_round(ledger: Ledger) -> None:
    a, b, c = [await ledger.record(PRICE, ADA) for _ in range(3)]
    await ledger.supersede(a, b, ADA)
    await ledger.supersede(b, c, ADA)
    for old, new in ((c, a), (c, b), (c, c)):
        with pytest.raises(InvalidInputError, match="supersede itself"):
            await ledger.supersede(old, new, ADA)
    with pytest.raises(ConflictError, match="already"):
        await ledger.supersede(a, c, ADA)


async def test_a_refused_succession_leaves_nothing_behind(ledger: Ledger) -> None:
    old = await ledger.record(PRICE, ADA)
    with pytest.raises(InvalidInputError, match="older"):
        await ledger.record(replace(PRICE, decided_on=date(2026, 2, 1)), ADA, supersedes=old)
    assert [one.id for one in await ledger.all(ADA)] == [old]


async def test_other_tenants_and_lower_clearances_see_nothing(ledger: Ledger) -> None:
    id_ = await ledger.record(replace(PRICE, label=Label.CONFIDENTIAL), ADA)
    for stranger in (BOB, Principal("other", "ada", clearance=Label.RESTRICTED)):
        assert await ledger.all(stranger) == []
        with pytest.raises(NotFoundError):
            await ledger.one(id_, stranger)
    with pytest.raises(ForbiddenError):
        await ledger.record(replace(PRICE, label=Label.RESTRICTED), ADA)


async def test_a_label_that_is_lowered_does_not_open_what_was_recorded_under_it(ledger: Ledger) -> None:
    id_ = await ledger.record(replace(PRICE, label=Label.CONFIDENTIAL), ADA)
    await ledger.correct(id_, PRICE, ADA)
    assert await ledger.all(BOB) == []


async def test_a_successor_that_may_not_be_seen_is_not_named_and_closes_no_circle(ledger: Ledger) -> None:
    a = await ledger.record(PRICE, ADA)
    b = await ledger.record(replace(PRICE, label=Label.CONFIDENTIAL), ADA, supersedes=a)
    c = await ledger.record(PRICE, ADA, supersedes=b)
    assert [one.superseded_by for one in await ledger.all(BOB)] == [None, None]
    with pytest.raises(InvalidInputError, match="supersede itself"):
        await ledger.supersede(c, a, BOB)


@pytest.mark.parametrize(
    ("quote", "turns"), [("We are paying", (0, 1)), ("not paying for slots", (1, 1)), (" ", (0, 0)), ("No.", (1, 7))]
)
async def test_a_quotation_that_is_not_in_the_call_is_refused(
    ledger: Ledger, quote: str, turns: tuple[int, int]
) -> None:
    with pytest.raises(InvalidInputError):
        await ledger.record(replace(PRICE, evidence=(Evidence(CALL.id, CALL.content_hash, turns, quote),)), ADA)
    assert await ledger.all(ADA) == []


async def test_who_may_not_read_the_call_does_not_read_what_quotes_it(ledger: Ledger) -> None:
    quoted = Evidence(CALL.id, CALL.content_hash, (0, 0), "we're not paying for slots")
    id_ = await ledger.record(replace(PRICE, alternatives=(Alternative("A fee", "No", (quoted,)),)), ADA)
    assert (await ledger.one(id_, ADA)).decision.alternatives[0].evidence == (quoted,)
    assert await ledger.all(BOB) == []


async def test_an_outcome_is_known_from_its_day_and_the_last_one_counts(ledger: Ledger) -> None:
    id_ = await ledger.record(PRICE, ADA)
    for day, succeeded in ((5, False), (9, True)):
        await ledger.note_outcome(id_, Outcome(succeeded, "seen", date(2026, 3, day)), ADA)
    days = (date(2026, 3, 4), date(2026, 3, 6), date(2026, 3, 9))
    seen = [(await ledger.as_of(day, ADA))[0].outcome for day in days]
    assert [one and one.succeeded for one in seen] == [None, False, True]
    with pytest.raises(InvalidInputError):
        await ledger.note_outcome(id_, Outcome(True, "too early", date(2026, 2, 1)), ADA)


@pytest.mark.parametrize(
    "change",
    [
        {"question": " "},
        {"confidence": 1.2},
        {"review_on": date(2026, 1, 1)},
        {"alternatives": (Alternative("A fee", ""),)},
        {"alternatives": tuple(itertools.repeat(Alternative("A fee", "No"), 2))},
        {"wires": (TripWire("x", "win_rate", Crossing.BELOW, 30, alternative="Nothing of that name"),)},
    ],
    ids=lambda change: next(iter(change)),
)
def test_a_decision_that_contradicts_itself_is_refused(change: dict[str, object]) -> None:
    with pytest.raises(InvalidInputError):
        replace(PRICE, **change)  # type: ignore[arg-type]
