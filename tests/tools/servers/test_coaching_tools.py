"""Coaching and the playbook behind the real gateway, over real documents and a real CRM."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest

from core.errors import NotFoundError
from core.identity import Access, Label, Principal
from core.tickets import Tickets
from memory.crm.records import Account, Record, Status
from memory.crm.store import EmbeddedCrm
from memory.documents import Documents
from memory.indexes.embedded import EmbeddedIndex
from memory.retrieval.retriever import Retriever
from memory.transcripts.model import Transcript
from models.embeddings import LexicalHashing
from tests.databases import fresh_database
from tests.tools.calls.conversation import timed
from tests.tools.risks.records import deal
from tools.calls.coaching import Outcome
from tools.calls.playbook import Playbook, read_playbook
from tools.gateway.gateway import Gateway, open_gateway
from tools.risks.call_outcomes import CallOutcomes
from tools.servers.business_intelligence import build_server
from tools.servers.coaching_results import PlaybookCheck, RepCoaching
from tools.servers.principals import ByTicket

NOW = datetime(2026, 3, 20, 9, 0, tzinfo=UTC)
ANNA = Principal("acme", "anna")
CLEARED = Principal("acme", "carla", clearance=Label.CONFIDENTIAL)
PLAYBOOK = read_playbook(
    """
name: First call
stages:
  - name: Opening
    items: [{what: Says that the call is recorded, any_of: [call is recorded]}]
  - name: Discovery
    items: [{what: Asks how it is done, ask: true, any_of: [how do you * today]}]
must_say: [{what: Names the price, any_of: [per site]}]
must_not_say: [{what: Guarantees, any_of: [we guarantee]}]
""",
    origin="first.yaml",
)


def held(id_: str, seller: str, seconds: int) -> Transcript:
    """The seller talks for some seconds, the buyer for 100; each call is with an account of its own."""
    told = seconds + 100
    lines = (f"{seller} 0-{seconds} This is how we do it.", f"b {seconds}-{told} And this is how we do it.")
    return replace(timed(*lines, id_=id_), account=f"Account {id_}")


LOUD = [held(f"open-{n}", "s", 300 + n) for n in range(3)]
QUIET = [held(f"won-{n}", "e", 50 + n) for n in range(3)]


def sold(call: Transcript, status: Status, **changed: Any) -> list[Record]:
    closed = None if status is Status.OPEN else date(2026, 2, 1)
    account = Account(tenant="acme", id=call.id, name=f"Account {call.id}")
    known = {"account": call.id, "status": status, "created": date(2026, 1, 1), "closed": closed, **changed}
    return [account, deal(call.id, **known)]


@asynccontextmanager
async def office(
    folder: Path,
    calls: list[Transcript],
    records: list[Record],
    playbook: Playbook | None = PLAYBOOK,
    label: Label = Label.INTERNAL,
) -> AsyncIterator[Gateway]:
    embedder = LexicalHashing()
    async with fresh_database(folder) as database:
        crm, documents, tickets = EmbeddedCrm(database, lambda: NOW), Documents(database), Tickets()
        await crm.put(records, replace(CLEARED, user="importer"))
        for call in calls:
            await documents.stage(call, Access("acme", label=label), origin="test")
            await documents.publish("acme", call.id, call.content_hash)
        index = await EmbeddedIndex.open(folder / "index", embedder=embedder.id, dimensions=embedder.dimensions)
        server = build_server(
            documents,
            Retriever(index, embedder, documents),
            ByTicket(tickets),
            outcomes=CallOutcomes(crm),
            playbook=playbook,
        )
        async with open_gateway([server], tickets, clock=lambda: NOW) as gateway:
            yield gateway
        index.close()


def deals_of(calls: list[Transcript], status: Status, **changed: Any) -> list[Record]:
    return [record for call in calls for record in sold(call, status, **changed)]


async def coached(gateway: Gateway, rep: str, who: Principal = ANNA) -> RepCoaching:
    return RepCoaching.model_validate((await gateway.call(who, "coach_rep", {"rep": rep})).structured)


async def test_a_rep_is_held_against_the_calls_whose_deals_were_won(tmp_path: Path) -> None:
    records = deals_of(LOUD, Status.OPEN) + deals_of(QUIET, Status.WON)
    async with office(tmp_path, [*LOUD, *QUIET], records) as gateway:
        found = await coached(gateway, "Sam")
    assert [(one.call, one.outcome) for one in found.won] == [(f"won-{n}", Outcome.WON) for n in (0, 1, 2)]
    assert {one.outcome for one in found.calls} == {Outcome.OPEN}
    talk = next(one for one in found.differences if one.metric == "talk_ratio")
    assert (talk.rep.figure.text, talk.won.figure.text, talk.rep.figure.query) == (
        "75 %",
        "34 %",
        "coach_rep(rep='Sam Seller')",
    )
    texts = {call.id: call for call in (*LOUD, *QUIET)}
    for passage in (*talk.rep.listen, *talk.won.listen):
        [said] = passage.utterances
        assert texts[passage.document].text[slice(*said.span)] == said.text
        assert passage.content_hash == texts[passage.document].content_hash


async def test_what_may_not_be_read_is_counted_on_no_side(tmp_path: Path) -> None:
    """To Anna the won deals do not exist, so no call was won; to whoever is cleared for them they do, at their label."""
    records = deals_of(LOUD, Status.OPEN) + deals_of(QUIET, Status.WON, label=Label.CONFIDENTIAL)
    async with office(tmp_path, [*LOUD, *QUIET], records) as gateway:
        hers, cleared = await coached(gateway, "Sam"), await coached(gateway, "Sam", CLEARED)
    assert (hers.won, hers.differences, hers.label) == ((), (), "internal")
    assert hers.too_few == (
        "Sam Seller's calls cannot be held against calls that were won yet: that takes 3 calls with buyers on each side, and there "
        "are 3 that Sam Seller leads and that were not won, and 0 that were won"
    )
    assert (len(cleared.won), cleared.label) == (3, "confidential")


async def test_calls_that_may_not_be_read_are_nobodys(tmp_path: Path) -> None:
    async with office(tmp_path, LOUD, deals_of(LOUD, Status.OPEN), label=Label.CONFIDENTIAL) as gateway:
        with pytest.raises(NotFoundError, match="No seller 'Sam' speaks on these calls"):
            await coached(gateway, "Sam")
        assert len((await coached(gateway, "Sam", CLEARED)).calls) == 3


async def test_a_buyer_and_a_stranger_are_coached_by_nobody(tmp_path: Path) -> None:
    async with office(tmp_path, LOUD, []) as gateway:
        for name in ("Bea Buyer", "Zoe"):
            with pytest.raises(NotFoundError, match=r"there are .*Sam Seller"):
                await coached(gateway, name)


async def test_a_playbook_is_checked_item_by_item_with_the_words(tmp_path: Path) -> None:
    call = timed(
        "s 0-9 How do you book trucks today?", "b 10-20 By hand.", "s 21-30 This call is recorded. We guarantee it."
    )
    async with office(tmp_path, [call], []) as gateway:
        result = await gateway.call(ANNA, "check_playbook", {"call": "call-1"})
    found = PlaybookCheck.model_validate(result.structured)
    assert [(one.part, one.kept, one.said.utterances[0].text if one.said else None) for one in found.items] == [
        ("Opening", True, "This call is recorded."),
        ("Discovery", True, "How do you book trucks today?"),
        ("must say", False, None),
        ("must not say", False, "We guarantee it."),
    ]
    assert found.out_of_order == ("Discovery",)
    assert found.query == "check_playbook(call='call-1')"


async def test_without_a_playbook_it_says_how_to_name_one(tmp_path: Path) -> None:
    async with office(tmp_path, LOUD, [], playbook=None) as gateway:
        with pytest.raises(NotFoundError, match="SOPHIA_PLAYBOOK names one"):
            await gateway.call(ANNA, "check_playbook", {"call": "open-0"})


async def test_what_a_playbook_holds_is_internal_even_of_a_public_call(tmp_path: Path) -> None:
    async with office(tmp_path, LOUD, [], label=Label.PUBLIC) as gateway:
        result = await gateway.call(ANNA, "check_playbook", {"call": "open-0"})
    assert result.label is Label.INTERNAL
