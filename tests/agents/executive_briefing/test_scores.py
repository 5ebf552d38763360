"""Win probabilities as the material of an answer, over the real tools and the extractive language."""

import asyncio
import tempfile
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from functools import cache
from pathlib import Path

import pytest

from agents.base import Finding, Task, Turn
from agents.executive_briefing import scores
from agents.executive_briefing.intents import Intent, intent_of
from core.identity import Label, Principal
from models.embeddings import LexicalHashing
from models.entities import Entity
from models.extractive.language import Extractive
from models.language import Brief
from tests.tools.risks.team import ACCOUNTS, team
from tests.tools.servers.risk_office import CLEARED, ELSEWHERE
from tests.tools.servers.score_office import score_gateway
from tools.gateway.gateway import Gateway

NAMES = tuple(Entity("account", account.name, ()) for account in ACCOUNTS)
NOW = datetime(2026, 3, 20, 9, tzinfo=UTC)
LIKELY, GOOD = "Which Globex deals will we win?", "How good is the win prediction?"


def turn(gateway: Gateway, who: Principal = CLEARED) -> Turn:
    return Turn(who, NOW, datetime.max.replace(tzinfo=UTC), Extractive(LexicalHashing()), gateway, NAMES)


@asynccontextmanager
async def at_work(who: Principal = CLEARED, *, telling: bool = True) -> AsyncIterator[Turn]:
    with tempfile.TemporaryDirectory() as folder:
        async with score_gateway(Path(folder), team(telling=telling)) as gateway:
            yield turn(gateway, who)


@cache
def found() -> tuple[Finding, Finding, str]:
    """Of a team whose deals tell: how likely, how good, and the answer that is written of the first."""
    return asyncio.run(_found())


async def _found() -> tuple[Finding, Finding, str]:
    async with at_work() as at:
        likely = await scores.deal_outcomes(task(LIKELY), at)
        good = await scores.score_report(task(GOOD), at)
        brief = Brief(likely.form, likely.question, likely.sources, likely.figures)
        written = [sentence.text async for sentence in at.language.write(brief, call=at.call("answer"))]
    return likely, good, "\n".join(written)


def task(question: str) -> Task:
    return Task("executive_briefing", question)


def test_an_answer_has_a_figure_a_deal_and_its_reasons_as_plain_text() -> None:
    likely, _, written = found()
    assert {figure.metric for figure in likely.figures} == {"win_probability"}
    assert len(likely.figures) == 5
    first = likely.figures[0]
    assert " model:" in first.query
    assert first.text in written
    assert first.subject in written
    note = likely.note or ""
    assert f"{first.subject}: {first.text} (likely " in note
    assert "What moved it: " in note
    assert "AUC" in note
    assert likely.label is Label.CONFIDENTIAL


def test_only_the_deals_of_the_account_that_is_named_are_told() -> None:
    likely, _, _ = found()
    globex = {f"Deal {one.id}" for one in team() if getattr(one, "account", None) == "a1" and one.id.startswith("o")}
    assert {figure.subject for figure in likely.figures} <= globex


def test_how_good_it_is_is_told_in_figures_and_words() -> None:
    _, good, _ = found()
    assert {figure.metric for figure in good.figures} == {
        "win_prediction_auc",
        "win_prediction_error",
        "deals_won_so_far",
    }
    assert "0.5 is chance" in (good.note or "")
    assert good.label is Label.CONFIDENTIAL


async def test_where_past_deals_tell_nothing_the_answer_says_so_and_has_no_figure() -> None:
    async with at_work(telling=False) as at:
        likely = await scores.deal_outcomes(task(LIKELY), at)
    assert likely.figures == ()
    assert (likely.note or "").startswith(
        "No win probability is given: what is known of deals hardly tells which were won"
    )


async def test_where_nothing_may_be_read_nothing_is_told() -> None:
    async with at_work(ELSEWHERE) as at:
        likely = await scores.deal_outcomes(task(LIKELY), at)
    assert (likely.figures, likely.label) == ((), Label.PUBLIC)
    assert likely.note == (
        "No win probability is given: there is no open deal with a day on which selling began."
    )  # fmt: skip


@pytest.mark.parametrize(
    "question",
    [
        "How likely is the Marrowfield deal to close?",
        "Which deals will we win?",
        "Which opportunities are most likely to close?",
        "Will the Marrowfield deal close?",
        "Are we going to win the Marrowfield deal?",
        "What is the win probability of Marrowfield?",
        "What are our chances of winning Marrowfield?",
    ],
)
def test_how_likely_a_deal_is_won_is_a_question_of_its_own(question: str) -> None:
    assert intent_of(question) is Intent.DEAL_OUTCOMES


@pytest.mark.parametrize("question", [GOOD, "How reliable are the deal scores?", "Is the win-prediction any good?"])
def test_how_good_the_prediction_is_is_another(question: str) -> None:
    assert intent_of(question) is Intent.SCORE_REPORT


@pytest.mark.parametrize(
    ("question", "intent"),
    [
        ("What's our win rate?", Intent.MEASURE),
        ("How many deals will we win next month?", Intent.MEASURE),
        ("How many deals closed in March?", Intent.MEASURE),
        ("Which deals are most likely to slip?", Intent.DEALS_AT_RISK),
        ("Which customers will likely churn?", Intent.CUSTOMERS_AT_RISK),
        ("Predict our pipeline", Intent.FORECAST),
        ("Why did our win rate fall?", Intent.EXPLAIN),
    ],
)
def test_other_questions_stay_what_they_are(question: str, intent: Intent) -> None:
    assert intent_of(question) is intent
