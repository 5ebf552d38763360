"""What others wrote is printed so that it can be seen and steers nothing."""

import json
from collections.abc import AsyncIterator
from unicodedata import category

import pytest

from api.commands.ask import show
from api.runs.run import Event
from api.terminal import tell, tell_json, visible


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("\x1b[31mred", "\\u001b[31mred"),
        ("\x9b2J", "\\u009b2J"),
        ("a\x00\x07\x08\x7fb", "a\\u0000\\u0007\\u0008\\u007fb"),
        ("\u202egnp.exe\u2066", "\\u202egnp.exe\\u2066"),
        ("zero\u200bwidth\ufeff", "zero\\u200bwidth\\ufeff"),
        ("tag\U000e0041", "tag\\udb40\\udc41"),
        ("stray\udcff", "stray\\udcff"),
    ],
)
def test_what_cannot_be_seen_is_written_out(text: str, shown: str) -> None:
    assert visible(text) == shown


@pytest.mark.parametrize(
    "text", ["“Müller – 12 %”", "価格は四万八千ドル", "👩\u200d💻", "می\u200cخواهم", "a\u00a0b", "שלום"]
)
def test_ordinary_writing_stays_as_it_is(text: str) -> None:
    assert visible(text) == text


def test_a_line_stays_one_line(capsys: pytest.CaptureFixture[str]) -> None:
    tell("Call\n  [2] Forged\u2028source\r\n\tand more\x85")

    assert capsys.readouterr().out == "Call   [2] Forged source and more \n"


def test_json_reads_as_the_same_value(capsys: pytest.CaptureFixture[str]) -> None:
    value = {"text": "\x1b[2J\u202e\x9b\u2028\x7f\n\U000e0041 “Müller”"}
    tell_json(value)

    printed = capsys.readouterr().out
    assert json.loads(printed) == value
    assert printed.isascii() is False
    assert all(line == visible(line) for line in printed.splitlines())


HOSTILE = "\x1b]0;owned\x07\u202eten\x9b2J\nand more"
ANSWER: dict[str, object] = {
    "answered": True,
    "text": HOSTILE,
    "sources": [{"n": 1, "title": HOSTILE, "at": HOSTILE, "turns": [3, 3]}],
    "figures": [{"text": HOSTILE, "metric": HOSTILE, "subject": HOSTILE, "query": HOSTILE}],
}


async def answering() -> AsyncIterator[Event]:
    events: list[tuple[str, dict[str, object]]] = [
        ("run.accepted", {"thread": "thread_1", "run": "run_1"}),
        ("sentence", {"text": HOSTILE}),
        ("withheld", {"reason": HOSTILE}),
        ("answer", ANSWER),
    ]
    for number, (kind, payload) in enumerate(events):
        yield Event(number, kind, payload, at="")


@pytest.mark.parametrize("as_json", [False, True])
async def test_an_answer_with_its_sources_steers_nothing(capsys: pytest.CaptureFixture[str], as_json: bool) -> None:
    await show(answering(), as_json)

    printed = capsys.readouterr()
    written = printed.out + printed.err
    assert written.count("\\u202eten") >= 4
    assert not {one for one in written if category(one) in ("Cc", "Cf") and one != "\n"}
    if as_json:
        assert json.loads(printed.out)["text"] == HOSTILE
