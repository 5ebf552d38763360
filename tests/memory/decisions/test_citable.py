"""Decisions as texts: what a citation of one opens, in which version, and for whom."""

from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from core.errors import NotFoundError
from core.identity import Label, Principal
from memory.crm.citable import CitableRecords
from memory.crm.records import Deal, Status
from memory.crm.store import EmbeddedCrm
from memory.decisions.citable import PREFIX, CitableDecisions
from memory.decisions.history import Kind
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
    assert [said.part for said in text.utterances] == [
        "title", "choice", "reason", "alternative", "trip-wire", "outcome"
    ]  # fmt: skip


async def test_one_of_several_alternatives_is_told_by_its_number(ledger: Ledger) -> None:
    second = replace(PRICE.alternatives[0], name="A subscription")
    id_ = await ledger.record(replace(PRICE, alternatives=(*PRICE.alternatives, second)), ADA)
    text = await CitableDecisions(ledger).transcript(f"{PREFIX}{id_}", ADA)
    assert [said.part for said in text.utterances[-2:]] == ["alternative 1 of 2", "alternative 2 of 2"]


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


async def test_a_version_that_quotes_what_may_not_be_read_stays_closed_after_its_correction(ledger: Ledger) -> None:
    said = Evidence(CALL.id, CALL.content_hash, (1, 1), "No.")
    id_ = await ledger.record(replace(PRICE, evidence=(said,)), ADA)
    await ledger.correct(id_, replace(PRICE, choice="Never"), ADA)
    shelf, document = CitableDecisions(ledger), f"{PREFIX}{id_}"
    assert [entry.kind for entry in await ledger.history(id_, BOB)] == [Kind.CORRECTED]
    assert await shelf.readable([document], BOB) == {document: set((await shelf.live([document], BOB)).values())}
    assert [entry.kind for entry in await ledger.history(id_, ADA)] == [Kind.DECIDED, Kind.CORRECTED]
    assert len((await shelf.readable([document], ADA))[document]) == 2


async def test_a_decision_outlives_the_wording_of_the_record_that_it_quotes(tmp_path: Path) -> None:
    deal = Deal(tenant="acme", id="7", stage="Contract Sent", status=Status.OPEN)
    async with fresh_database(tmp_path) as database:
        crm = EmbeddedCrm(database)
        await crm.put([deal], ADA)
        words = CitableRecords(crm)
        text = await words.transcript("crm:deals:7", ADA)
        [turn] = [turn for turn in text.turns if turn.topic == "stage"]
        said = Evidence(text.id, text.content_hash, (turn.index, turn.index), turn.text)
        ledger = Ledger(database, words)
        id_ = await ledger.record(replace(PRICE, evidence=(said,)), ADA)
        await crm.put([replace(deal, stage="Closed")], ADA)
        assert (await ledger.one(id_, ADA)).decision.evidence == (said,)
        await crm.put([replace(deal, label=Label.CONFIDENTIAL)], ADA)
        assert [one.id for one in await ledger.all(ADA)] == [id_]
        assert await ledger.all(BOB) == []
