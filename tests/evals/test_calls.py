"""The suites about calls count as they say, and read the public sets as these are written."""

import os
from pathlib import Path

import pytest

from core.errors import InvalidInputError
from evals.run import Materials
from evals.suites import earnings21 as shares
from evals.suites import mrda as acts
from evals.suites import sentiment

DATA = Path(os.environ.get("SOPHIA_EVAL_DATA", ""))
needs_data = pytest.mark.skipif("SOPHIA_EVAL_DATA" not in os.environ, reason="SOPHIA_EVAL_DATA is not set")
UTTERANCES = """a|i'll send you that.|S|s|cc
b|okay.|B|b|b
a|it rained.|S|s|co
b|let's start with one.|S|s|s
"""
TOKENS = """token|speaker|ts|endTs|punctuation|case|tags
{}|0|||.|UC|[]
{}|1|||.|UC|[]
"""


@pytest.mark.parametrize(
    ("suite", "named"), [(acts.run, "val_set.txt"), (shares.run, "earnings21"), (sentiment.run, "meld")]
)
async def test_a_set_that_is_not_there_is_named(suite: object, named: str, tmp_path: Path) -> None:
    assert callable(suite)
    with pytest.raises(InvalidInputError, match=named):
        await suite(Materials(tmp_path, tmp_path))


async def test_acts_are_counted_half_by_half(tmp_path: Path) -> None:
    (tmp_path / "mrda").mkdir()
    (tmp_path / "mrda" / "val_set.txt").write_text(UTTERANCES)
    measured = await acts.run(Materials(tmp_path, tmp_path))
    assert (measured["first_half_f1"], measured["second_half_recall"], measured["second_half_precision"]) == (1, 0, 0)


async def test_shares_are_held_against_seconds_call_by_call(tmp_path: Path) -> None:
    _call(tmp_path, "1", seconds={"0": 3, "1": 1}, said=("beautiful", "yes"))
    _call(tmp_path, "2", seconds={"0": 1, "1": 1}, said=("yes", "yes"))
    _call(tmp_path, "3", seconds={"0": 1}, said=("yes", "yes"))
    measured = await shares.run(Materials(tmp_path, tmp_path))
    # with pauses 4 : 2 syllables of the first call's 3 : 1 seconds; the third call's speakers do not agree
    assert (measured["calls"], measured["speakers"]) == (2, 4)
    assert measured["difference"] == pytest.approx((abs(4 / 6 - 3 / 4) + 0) / 2)
    assert measured["words_difference"] == pytest.approx((abs(1 / 2 - 3 / 4) + 0) / 2)


def _call(data: Path, name: str, *, seconds: dict[str, int], said: tuple[str, str]) -> None:
    words, times = data / "earnings21" / "transcripts" / "nlp_references", data / "earnings21" / "rttms"
    for folder in (words, times):
        folder.mkdir(parents=True, exist_ok=True)
    (words / f"{name}.nlp").write_text(TOKENS.format(*said))
    lines = [f"SPEAKER {name} 1 0.0 {length} <NA> <NA> {who} <NA> <NA>" for who, length in seconds.items()]
    (times / f"{name}.rttm").write_text("\n".join(lines))


@needs_data
async def test_acts_in_meetings_nothing_was_chosen_on_are_heard_better_than_by_a_few_patterns(tmp_path: Path) -> None:
    measured = await acts.run(Materials(DATA, tmp_path))
    assert measured["first_half_utterances"] + measured["second_half_utterances"] == 16_433
    assert measured["second_half_f1"] >= 0.38


@needs_data
async def test_shares_of_speech_come_nearer_to_the_seconds_than_words_do(tmp_path: Path) -> None:
    measured = await shares.run(Materials(DATA, tmp_path))
    assert measured["calls"] == 11
    assert measured["difference"] <= 0.006 < measured["words_difference"]


@needs_data
async def test_the_lexicon_tells_contented_customers_better_than_chance_and_the_baselines(tmp_path: Path) -> None:
    measured = await sentiment.run(Materials(DATA, tmp_path))
    assert (measured["meld_lines"], measured["satisfaction_turns"]) == (1_109, 11_553)
    assert measured["meld_macro_f1"] > measured["meld_macro_f1_of_always_neutral"] + 0.1
    assert measured["content_auc"] > 0.7 > measured["content_auc_of_length"]
