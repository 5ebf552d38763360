"""The CLINC150 suite counts as it says, and what the product learns from shares nothing with it."""

import os
import re
from pathlib import Path

import pytest

from core.errors import InvalidInputError
from evals.run import Materials
from evals.suites import clinc
from models.embeddings import LexicalHashing
from models.extractive.choose import everyday_sentences

TRAIN = [(f"play the song number {n}", "music") for n in range(9)] + [
    (f"pay the bill number {n}", "pay") for n in range(9)
]


async def test_a_refusal_and_a_wrong_option_count_against_accuracy() -> None:
    read = {
        "train": TRAIN,
        "val": [("play the song number 30", "music"), ("pay the bill number 30", "music"), ("zebra", "pay")],
        "oos_train": [("zebra", "oos")],
        "oos_val": [("play the song number 40", "oos")],
    }

    figures = await clinc.measure(read, LexicalHashing())

    assert figures == clinc.Figures(accuracy=1 / 3, refused_in_scope=1 / 3, out_of_scope_recall=1 / 2)


async def test_a_missing_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(InvalidInputError, match=r"clinc_dev\.json"):
        await clinc.run(Materials(tmp_path, tmp_path))


@pytest.mark.skipif("SOPHIA_EVAL_DATA" not in os.environ, reason="SOPHIA_EVAL_DATA does not point at clinc150")
def test_no_everyday_sentence_is_of_the_set_it_is_judged_on() -> None:
    read = clinc.read(Path(os.environ["SOPHIA_EVAL_DATA"]))
    theirs = {plainly(text) for part in read.values() for text, _ in part}
    assert len(theirs) > 15_000
    assert [line for line in everyday_sentences() if plainly(line) in theirs] == []


def plainly(text: str) -> tuple[str, ...]:
    """The words alone, so that a comma or an apostrophe makes no other sentence."""
    return tuple(re.findall(r"\w+", text.casefold().replace("'", "")))
