"""The CLINC150 suite counts as it says, and the product's choose passes its bars on the real questions."""

import os
from pathlib import Path

import pytest

from core.errors import InvalidInputError
from evals.run import Materials
from evals.suites import clinc
from models.embeddings import LexicalHashing

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
async def test_the_product_passes_the_bars_of_clinc150(tmp_path: Path) -> None:
    cache = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "sophia"

    measures = await clinc.run(Materials(Path(os.environ["SOPHIA_EVAL_DATA"]), cache))

    assert measures["accuracy"] >= 0.88
    assert measures["out_of_scope_recall"] >= 0.80
