"""The examples of docs/formats.md are read as the page says."""

import re
from pathlib import Path

import pytest

from memory.transcripts.detect import read
from tests.memory.transcripts.material import said

PAGE = (Path(__file__).parents[2] / "docs/formats.md").read_text(encoding="utf-8")
EXAMPLES = re.findall(r"^## ([^\n]+)\n(?:(?!^## ).)*?```\w+\n(.*?)```", PAGE, re.DOTALL | re.MULTILINE)


def test_every_format_has_an_example() -> None:
    assert [name for name, _ in EXAMPLES] == [
        "Gong",
        "WebVTT",
        "SRT",
        "A table of turns",
        "Earnings-21's tokens",
        "QMSum's meetings",
        "Text with speakers",
    ]


@pytest.mark.parametrize(("name", "example"), EXAMPLES, ids=[name for name, _ in EXAMPLES])
def test_the_example_is_read_under_any_file_name(name: str, example: str) -> None:
    (call,) = read(example.encode(), file="renewal.bin")
    speaker = "Speaker 0" if "tokens" in name else "Anna Meyer"
    words = {"A table of turns": "We pay, frankly, too much.", "Earnings-21's tokens": "Good morning."}
    assert said(call) == [(speaker, words.get(name, "We pay too much."))]
    assert call.id == ("77" if name == "Gong" else "renewal")
