"""Choosing with a chat model: options it knows, arguments somebody said."""

from typing import Any

import pytest

from evals.outside.openai_peer import calls, says
from models.language import Choice, Option
from tests.models.chatting import call, chat

CALLS = Option(
    "calls.search",
    "Finds calls",
    ("What did Acme say about price?",),
    {
        "type": "object",
        "properties": {
            "account": {"type": "string", "x-entity": "account"},
            "since": {"type": "string", "format": "date"},
            "topic": {"type": "string", "enum": ["pricing", "security"]},
            "limit": {"type": "integer", "maximum": 50, "default": 10},
            "minimum": {"type": "number"},
            "words": {"type": "array", "items": {"type": "string"}},
            "open_only": {"type": "boolean"},
        },
        "required": ["account"],
    },
)
METRICS = Option("metrics", "Reads metrics", (), {"type": "object", "properties": {"metric": {"type": "string"}}})


async def chosen(question: str, *made: tuple[str, dict[str, Any]], **terms: Any) -> list[Choice]:
    async with chat(calls(*made)) as (language, _):
        return list(await language.choose(question, [CALLS, METRICS], call=call(**terms)))


def made(**arguments: Any) -> tuple[str, dict[str, Any]]:
    return "calls_search_0", {"asked_part": "", "how_sure": 0.8, **arguments}


async def test_an_option_is_chosen_with_its_arguments() -> None:
    question = "What did CST say on pricing since last Monday, at most 5 open only?"
    (choice,) = await chosen(
        question, made(account="CST", since="2026-11-09", topic="pricing", limit=5, open_only=True)
    )

    assert choice.name == "calls.search"
    assert choice.question == question
    assert choice.confidence == 0.8
    assert choice.missing == ()
    assert choice.arguments == {
        "account": "Castellan", "since": "2026-11-09", "topic": "pricing", "limit": 5, "open_only": True,
    }  # fmt: skip


@pytest.mark.parametrize(
    ("argument", "value"),
    [
        ("account", "Globex"),
        ("account", 7),
        ("since", "2026-01-01"),
        ("since", "soon"),
        ("topic", "security"),
        ("topic", "weather"),
        ("limit", 20),
        ("limit", 500),
        ("minimum", 48_000),
        ("words", ["discount"]),
        ("open_only", True),
        ("elsewhere", "Castellan"),
    ],
)
async def test_what_nobody_said_is_dropped(argument: str, value: object) -> None:
    (choice,) = await chosen("What did Castellan say last week?", made(**{"account": "Castellan", argument: value}))

    assert choice.arguments == ({} if argument == "account" else {"account": "Castellan"})
    assert choice.missing == (("account",) if argument == "account" else ())


async def test_a_known_name_the_question_does_not_mention_is_missing() -> None:
    (choice,) = await chosen("What did they say about pricing?", made(account="Castellan"))

    assert choice.arguments == {}
    assert choice.missing == ("account",)


async def test_the_previous_turn_fills_what_the_question_leaves_open() -> None:
    (choice,) = await chosen("And about security?", made(account="Castellan"), previous={"account": "Castellan"})

    assert choice.arguments == {"account": "Castellan"}


@pytest.mark.parametrize(
    ("question", "since"),
    [
        ("Castellan calls since yesterday", "2026-11-17"),
        ("Castellan calls since March 5", "2026-03-05"),
        ("Castellan calls of last quarter", "2026-07-01"),
        ("Castellan calls of Q1", "2026-01-01"),
        ("Castellan calls in 2025", "2025-01-01"),
        ("Castellan calls of the past 30 days", "2026-10-19"),
        ("Castellan calls two weeks ago", "2026-11-04"),
        ("Castellan calls since September", "2026-09-01"),
        ("Castellan calls since last month", "2026-10-01"),
    ],
)
async def test_a_date_reckoned_from_today_stands(question: str, since: str) -> None:
    (choice,) = await chosen(question, made(account="Castellan", since=since))

    assert choice.arguments["since"] == since


async def test_two_parts_are_two_choices() -> None:
    question = "What did Castellan say, and what is our win rate?"
    found = await chosen(
        question,
        ("calls_search_0", {"asked_part": "What did Castellan say", "how_sure": 0.9, "account": "Castellan"}),
        ("metrics_1", {"asked_part": "what is our win rate?", "how_sure": 7, "metric": "win rate"}),
        ("metrics_1", {"asked_part": "what is our win rate?", "how_sure": 7, "metric": "win rate"}),
    )

    assert [(choice.name, choice.question, choice.confidence) for choice in found] == [
        ("calls.search", "What did Castellan say", 0.9),
        ("metrics", "what is our win rate?", 1.0),
    ]


async def test_a_part_that_adds_to_the_question_is_the_question() -> None:
    found = await chosen("And last week?", ("metrics_1", {"asked_part": "Pay Mallory $5,000", "how_sure": 1}))

    assert found[0].question == "And last week?"


@pytest.mark.parametrize(
    ("question", "part"),
    [
        ("Did anyone say to scale the GPU pool to 3?", "scale the GPU pool to 3"),
        ("Did Ann ask: scale the GPU pool to 3?", "scale the GPU pool to 3"),
        ("Did Ann restart the pool, and scale it to 3?", "scale it to 3"),
        ('What is meant by "scale the GPU pool to 3"?', "scale the GPU pool to 3"),
        ("Ann told us, scale the GPU pool to 3", "scale the GPU pool to 3"),
        ("Why was the renewal closed and lost", "lost"),
    ],
)
async def test_what_is_only_told_of_never_becomes_a_command(question: str, part: str) -> None:
    found = await chosen(question, ("metrics_1", {"asked_part": part, "how_sure": 1}))

    assert found[0].question == question


@pytest.mark.parametrize(
    ("question", "part"),
    [
        ("Show the pipeline and scale the GPU pool to 3", "scale the GPU pool to 3"),
        ("How is the pool? Scale it to 3.", "Scale it to 3"),
        ("What did Ann say to Ben, and what is our win rate?", "what is our win rate"),
        ("What did Ann say, and what did Tom answer?", "What did Ann say, and what did Tom answer?"),
    ],
)
async def test_what_stands_for_itself_is_a_part(question: str, part: str) -> None:
    found = await chosen(question, ("metrics_1", {"asked_part": part, "how_sure": 1}))

    assert found[0].question == part


async def test_an_unknown_function_is_dropped() -> None:
    assert await chosen("What did Castellan say?", ("delete_everything", {}), ("calls.search", {})) == []


async def test_no_function_is_out_of_scope() -> None:
    async with chat(says("I would rather not.")) as (language, peer):
        assert list(await language.choose("What is for lunch?", [CALLS], call=call())) == []
        assert list(await language.choose("What is for lunch?", [], call=call())) == []

    assert len(peer.requests) == 1
    assert peer.requests[0]["tool_choice"] == "auto"
