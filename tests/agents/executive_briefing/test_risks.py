"""Risks as the material of an answer and as parts of a briefing, over the real tools and the extractive language."""

from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path

from agents.base import Task, Turn
from agents.executive_briefing import risks
from agents.executive_briefing.prose import Prose
from agents.executive_briefing.wanted import Wanted, audience_named
from core.identity import Label, Principal
from core.periods import Period
from memory.crm.records import Record, Status
from models.embeddings import LexicalHashing
from models.entities import Entity
from models.extractive.language import Extractive
from models.language import Brief, Form
from tests.tools.risks.records import ACCOUNT, TODAY, activity, days_ago, deal
from tests.tools.servers.risk_office import ANNA, CLEARED, ELSEWHERE, risk_gateway

NAMES = (Entity("rep", "Sam Seller", ()), Entity("rep", "Eve Engineer", ()), Entity("account", "Acme", ()))
WANTED = Wanted(
    id="b1",
    company="Sellers Inc.",
    audience=audience_named("ceo"),
    period=Period(date(2026, 3, 1), TODAY),
    told="March 2026",
    compared=Period(date(2026, 2, 1), date(2026, 3, 1)),
    compared_told="February 2026",
    as_of=TODAY,
    made_at=datetime(2026, 3, 20, tzinfo=UTC),
)


@asynccontextmanager
async def at_work(folder: Path, who: Principal = ANNA, extra: Sequence[Record] = ()) -> AsyncIterator[Turn]:
    async with risk_gateway(folder, extra) as gateway:
        now = datetime(2026, 3, 20, 9, tzinfo=UTC)
        yield Turn(who, now, datetime.max.replace(tzinfo=UTC), Extractive(LexicalHashing()), gateway, NAMES)


def task(question: str) -> Task:
    return Task("executive_briefing", question)


async def test_an_answer_has_figures_quotations_and_says_how_many_deals_there_are(tmp_path: Path) -> None:
    async with at_work(tmp_path, CLEARED) as turn:
        found = await risks.deals_at_risk(task("Which deals are at risk?"), turn)
        brief = Brief(Form.QUOTES, found.question, found.sources, found.figures)
        written = [sentence.text async for sentence in turn.language.write(brief, call=turn.call("answer"))]
    assert found.note is not None
    assert found.note.startswith("2 of 2 open deals are at risk. They are in the order of the amount at stake")
    assert (found.label, found.documents, found.form) == (Label.CONFIDENTIAL, ("narrow", "open"), Form.QUOTES)
    told = "\n".join(written)
    assert "Acme, late: 21 days (as of 2026-03-20)." in told
    assert "I'll send you the security questionnaire by tomorrow." in told
    assert "days promise overdue 9 days" in told
    assert "deals_won" not in {figure.metric for figure in found.figures}


async def test_a_question_about_a_seller_is_about_that_sellers_deals(tmp_path: Path) -> None:
    async with at_work(tmp_path, CLEARED) as turn:
        found = await risks.deals_at_risk(task("Which of Eve Engineer's deals are at risk?"), turn)
    assert {figure.subject for figure in found.figures} == {"Acme, secret"}


async def test_where_nothing_may_be_read_nothing_is_at_risk(tmp_path: Path) -> None:
    async with at_work(tmp_path, ELSEWHERE) as turn:
        deals = await risks.deals_at_risk(task("Which deals are at risk?"), turn)
        customers = await risks.customers_at_risk(task("Which customers may leave?"), turn)
    assert (deals.figures, deals.sources, deals.note) == ((), (), "There are no open deals that you may see.")
    assert (customers.figures, customers.note) == ((), "There are no customers that you may see.")


async def test_a_briefing_tells_each_deal_with_its_reasons_numbered_over_the_whole(tmp_path: Path) -> None:
    async with at_work(tmp_path) as turn:
        prose = Prose(turn)
        section = await risks.deals(WANTED, {}, prose)
    (risk,) = section.risks
    assert (risk.name, risk.owner) == ("Acme, late", "Sam Seller")
    assert risk.stake is not None
    assert risk.stake.text == "$1,000"
    first, promise = risk.reasons[:2]
    assert first.text == f"Expected to close {days_ago(21)}, 21 days ago"
    assert [figure.text for figure in first.figures] == ["21 days"]
    assert promise.text.endswith('by tomorrow." [1]')
    assert promise.cites == (1,)
    assert prose.references[0].citation.document == "open"
    assert (prose.label, prose.documents) == (Label.INTERNAL, {"open"})


async def test_a_briefing_tells_a_customers_health_first_and_who_has_no_score(tmp_path: Path) -> None:
    async with at_work(tmp_path, CLEARED) as turn:
        section = await risks.customers(WANTED, {}, Prose(turn))
    (risk,) = section.risks
    assert risk.reasons[0].figures[0].metric == "customer_health"
    assert risk.reasons[0].text == f"Health: {risk.reasons[0].figures[0].text} of 100"


async def test_a_customer_without_a_score_is_said_to_have_none(tmp_path: Path) -> None:
    silent = replace(ACCOUNT, id="a2", name="Globex")
    won = deal("d9", account="a2", status=Status.WON, stage="Won", closed=days_ago(200), created=days_ago(300))
    async with at_work(tmp_path, extra=[silent, won, activity("d9", 70, account="a2")]) as turn:
        section = await risks.customers(WANTED, {}, Prose(turn))
    told = {risk.name: [line.text for line in risk.reasons] for risk in section.risks}
    assert told["Globex"][:2] == ["No health score: too few signals are known", "70 days since the last contact"]
    assert section.note == "1 of 2 customers have no health score, because too few signals of them are known."
