"""What is planted in the sample is found: the silent deal, the late one, the broken promise, the contradicted fields."""

import asyncio
import tempfile
from functools import cache
from pathlib import Path

import yaml

from core.identity import Access
from memory.company import read_company
from memory.crm.store import EmbeddedCrm
from memory.documents import Documents
from memory.transcripts.detect import read_file
from tests.databases import fresh_database
from tests.memory.sample.material import SAMPLE, planted
from tests.memory.sample.test_measured import AS_OF_DAY, OWNER, imported, now
from tools.risks.book import Book
from tools.risks.customers import customers_at_risk, health_scores
from tools.risks.deals import DealAtRisk, DealRisks, deals_at_risk
from tools.risks.reading import Books
from tools.risks.reason import Kind, Reason


async def _read() -> Book:
    with tempfile.TemporaryDirectory() as folder:
        async with fresh_database(Path(folder)) as database:
            crm, documents = EmbeddedCrm(database, now), Documents(database, now)
            await imported(crm)
            for path in sorted((SAMPLE / "calls").glob("*.json")):
                for call in read_file(path):
                    await documents.stage(call, Access(OWNER.tenant), origin="sample")
                    await documents.publish(OWNER.tenant, call.id, call.content_hash)
            entities = read_company(SAMPLE / "company.yaml").entities
            return await Books(crm, documents, entities).read(OWNER, AS_OF_DAY)


@cache
def sample() -> Book:
    return asyncio.run(_read())


@cache
def found() -> DealRisks:
    return deals_at_risk(sample())


def at_risk(deal: str) -> DealAtRisk:
    return next(one for one in found().deals if one.deal.id == deal)


def of_kind(deal: str, kind: Kind) -> list[Reason]:
    return [reason for reason in at_risk(deal).reasons if reason.kind is kind]


def turns(reason: Reason) -> set[tuple[str, int]]:
    return {(quote.document, quote.turns[0]) for quote in reason.quotes}


def test_the_deal_without_activity_is_found_and_no_other_is_called_silent() -> None:
    (silent,) = planted("deal_without_activity")
    (reason,) = of_kind(silent["deal"], Kind.SILENT)
    number = reason.numbers[0]
    assert (number.value, str(number.since)) == (silent["days"], silent["last_activity"])
    assert [one.deal.id for one in found().deals if any(r.kind is Kind.SILENT for r in one.reasons)] == [silent["deal"]]


def test_the_close_date_that_has_gone_by_is_found_and_no_other() -> None:
    (past,) = planted("close_date_past")
    (reason,) = of_kind(past["deal"], Kind.CLOSE_PAST)
    assert reason.text == "Expected to close 2026-02-27, 21 days ago"
    late = [one.deal.id for one in found().deals if any(r.kind is Kind.CLOSE_PAST for r in one.reasons)]
    assert late == [past["deal"]]


def test_the_promise_that_a_later_call_shows_broken_is_found_with_both_places() -> None:
    first = of_kind("73121258839", Kind.PROMISE)[0]
    assert turns(first) == {("3090616135723871418", 54), ("1074118373301179719", 17)}
    assert first.text.startswith("Promised for 2026-02-28, 20 days ago")


def test_the_promises_that_were_kept_are_not_told() -> None:
    told = " ".join(reason.text for one in found().deals for reason in one.reasons if reason.kind is Kind.PROMISE)
    for kept in ("worksheet", "the 29th", "webinar", "invite"):
        assert kept not in told


def test_every_field_of_an_open_deal_that_contradicts_a_call_is_told_with_the_call() -> None:
    still_open = {deal.id for deal in sample().open_deals}
    for one in planted("crm_contradiction"):
        if one["deal"] not in still_open:
            continue
        told = of_kind(one["deal"], Kind.CONTRADICTION)
        places = {place for reason in told for place in turns(reason)}
        shown = " ".join(reason.text for reason in told)
        amount = one["field"].get("Amount")
        assert amount is None or f"${int(amount):,}" in shown
        assert one["field"].get("Close Date", "") in shown
        assert one["field"].get("Deal Stage", "") in shown
        evidence = [(e["call"], e["turns"]) for e in one["evidence"] if "call" in e]
        assert any(
            call == where and first <= turn <= last for call, (first, last) in evidence for where, turn in places
        )


def test_nothing_else_is_called_a_contradiction() -> None:
    contradicted = {one["deal"] for one in planted("crm_contradiction")}
    told = {one.deal.id for one in found().deals if any(r.kind is Kind.CONTRADICTION for r in one.reasons)}
    assert told <= contradicted


def test_what_gives_orders_to_the_assistant_is_told_nowhere() -> None:
    (injected,) = planted("injection")
    told = " ".join(reason.text for one in found().deals for reason in one.reasons)
    assert not any(words in told for words in (*injected["must_not"], "notetaker", "purchasing@"))


def test_the_whole_list_is_short_enough_to_be_read() -> None:
    assert found().looked_at == len(sample().open_deals) == 26
    assert 4 <= len(found().deals) <= 8


def test_only_customers_whose_calls_are_known_are_scored_and_the_one_with_the_broken_promise_is_near_the_top() -> None:
    customers = customers_at_risk(sample())
    scored = [one.account for one in customers.customers if one.health.value is not None]
    assert "Castellan Tile & Stone" in [account.name for account in scored[:2]]
    assert {account.name for account in scored} <= recorded()
    assert len(scored) >= 4
    known = {score.subject for score in health_scores(sample())}
    assert customers.withheld == customers.looked_at - len(known)
    assert known >= {account.id for account in scored}


def recorded() -> set[str]:
    """The accounts that calls were recorded with."""
    truth = yaml.safe_load((SAMPLE / "truth.yaml").read_text(encoding="utf-8"))
    return {call["account"] for call in truth["calls"]}
