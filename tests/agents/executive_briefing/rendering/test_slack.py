from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest

from agents.executive_briefing.document import Line, Section
from agents.executive_briefing.rendering.slack import MOST_BLOCKS, notification, slack
from tests.agents.executive_briefing.briefings import poisoned, quiet, tallowby

ATTACKS = ("<!channel>", "<@U123>", "<http://evil.example|click>", "*bold* _so_ `code`", ":bomb: &amp;")
#: Block Kit's lengths, in characters and elements.
HEADER, TEXT, CONTEXT, BLOCKS = 150, 3000, 10, 50


def texts(part: Any) -> Iterator[dict[str, Any]]:
    """Every text object and text element, wherever it is."""
    if isinstance(part, list):
        for inner in part:
            yield from texts(inner)
    elif isinstance(part, dict):
        if isinstance(part.get("text"), str):
            yield part
        for inner in part.values():
            yield from texts(inner)


def said(blocks: Any) -> str:
    return "".join(text["text"] for text in texts(blocks))


def check(blocks: Any) -> None:
    assert 0 < len(blocks) <= BLOCKS
    assert {block["type"] for block in blocks} <= {"header", "context", "rich_text", "divider"}
    assert all(0 < len(text["text"]) <= TEXT for text in texts(blocks))
    for block in blocks:
        if block["type"] == "header":
            assert len(block["text"]["text"]) <= HEADER
        elif block["type"] == "context":
            assert 0 < len(block["elements"]) <= CONTEXT
        elif block["type"] == "rich_text":
            assert block["elements"]
            assert all(element["elements"] for element in block["elements"])


def test_the_blocks_say_what_the_briefing_says_within_slacks_limits() -> None:
    blocks = slack(tallowby())
    check(blocks)
    for words in ("briefing for the CEO", "$1,408,326", "▲ up 4 % (better)", "41 of 43 calls", "no survey since"):
        assert words in said(blocks)


def test_a_briefing_without_anything_to_say_is_still_a_message() -> None:
    check(slack(quiet()))


@pytest.mark.parametrize("attack", ATTACKS)
def test_nothing_that_comes_from_data_is_parsed(attack: str) -> None:
    blocks = slack(poisoned(attack))
    check(blocks)
    assert {text["type"] for text in texts(blocks)} == {"text", "plain_text"}
    assert all(text.get("emoji") is False for text in texts(blocks) if text["type"] == "plain_text")
    assert attack in said(blocks)


def test_a_notification_calls_nobody() -> None:
    assert notification(poisoned("<!channel> & co")).startswith("&lt;!channel&gt; &amp; co Tallowby")


def test_long_texts_are_cut_and_long_lists_are_divided() -> None:
    long = tuple(Line(f"{n} " + "word " * 250) for n in range(8))
    blocks: Any = slack(replace(quiet(), company="x" * 400, headline=(*long, Line("y" * 9000))))
    check(blocks)
    lists = [block["elements"][0] for block in blocks if block["type"] == "rich_text"]
    assert [one.get("offset", 0) for one in lists] == [0, 2, 4, 6, 8]


def test_a_briefing_of_too_many_blocks_says_that_there_is_more() -> None:
    many = tuple(Section(str(n), f"Section {n}", (Line("A sentence."),)) for n in range(40))
    blocks = slack(replace(quiet(), sections=many))
    assert len(blocks) == MOST_BLOCKS
    assert "briefing_0" in said(blocks[-1])
