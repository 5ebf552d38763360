"""Decisions as texts: what a citation of one opens, in which version, and for whom."""

from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from core.errors import NotFoundError
from core.identity import Label, Principal
from memory.decisions.citable import PREFIX, CitableDecisions
from memory.decisions.model import Crossing, Evidence, Outcome, TripWire
from memory.decisions.store import Ledger
from tests.databases import fresh_database
from tests.memory.decisions.test_store import ADA, BOB, CALL, PRICE, Calls

SECRET = replace(PRICE, label=Label.CONFIDENTIAL)


@pytest.fixture
async def ledger(tmp_path: Path) -> AsyncIterator[Ledger]:
    async with fresh_database(tmp_path) as database:
        yield Ledger(database, Calls())


async def test_a_decision_reads_as_its_parts(ledger: Ledger) -> None:
    wire = TripWire("few leave", "win_rate", Crossing.BELOW, 1500, (("rep", "Ingrid"),), "A booking fee")
    id_ = await ledger.record(replace(PRICE, rationale="They  put it\non their rates.", wires=(wire,)), ADA)
    await ledger.note_outcome(id_, Outcome(True, "Nobody left", date(2026, 3, 9)), ADA)
    text = await CitableDecisions(ledger).transcript(f"{PREFIX}{id_}", ADA)
    assert [turn.text for turn in text.turns] == [
        "Do carriers pay?",
        "Decided on 2026-03-01 by Teo: No",
        "The reason: They put it on their rates.",
        "Turned down on 2026-03-01: A booking fee. The reason: Carriers quit over it",
        "The trip-wire: win rate of Ingrid below 1,500. It is for: A booking fee",
        "It worked out, as seen on 2026-03-09: Nobody left",
    ]


async def test_every_version_stays_open_and_the_present_one_is_the_last(ledger: Ledger) -> None:
    shelf = CitableDecisions(ledger)
    id_ = await ledger.record(PRICE, ADA)
    document = f"{PREFIX}{id_}"
    first = (await shelf.live([document], ADA))[document]
    await ledger.correct(id_, replace(PRICE, choice="Never"), ADA)
    second = (await shelf.live([document], ADA))[document]
    assert await shelf.readable([document], ADA) == {document: {first, second}}
    assert "Never" in (await shelf.transcript(document, ADA)).text
    assert "Never" not in (await shelf.transcript(document, ADA, first)).text
    with pytest.raises(NotFoundError):
        await shelf.transcript(document, ADA, "0" * 64)


@pytest.mark.parametrize("who", [BOB, replace(ADA, tenant="other")], ids=["below its label", "of another tenant"])
async def test_who_may_not_read_a_decision_opens_no_citation_of_it(ledger: Ledger, who: Principal) -> None:
    shelf, document = CitableDecisions(ledger), f"{PREFIX}{await ledger.record(SECRET, ADA)}"
    assert await shelf.readable([document], who) == {}
    assert await shelf.live([document], who) == {}
    with pytest.raises(NotFoundError):
        await shelf.transcript(document, who)


async def test_a_decision_that_quotes_what_may_not_be_read_opens_to_nobody_else(ledger: Ledger) -> None:
    said = Evidence(CALL.id, CALL.content_hash, (1, 1), "No.")
    document = f"{PREFIX}{await ledger.record(replace(PRICE, evidence=(said,)), ADA)}"
    shelf = CitableDecisions(ledger)
    assert document in await shelf.live([document], ADA)
    assert await shelf.live([document], BOB) == {}
