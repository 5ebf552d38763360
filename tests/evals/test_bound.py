"""The suite of bound figures: its drafts are true, its mutants are false, and its grader would see a check that sleeps."""

import csv
import os
from pathlib import Path
from random import Random

import pytest

from evals.bound.drafts import Draft
from evals.bound.mutants import KINDS, mutants
from evals.bound.worlds import Measure, apart, crm
from evals.run import Materials
from evals.suites import bound
from evals.suites.bound import some_drafts

DATA = os.environ.get("SOPHIA_EVAL_DATA")
MONTHS = ("January 2026", "February 2026")
WON = Measure(
    "won amount",
    "USD",
    "region",
    MONTHS,
    {("East", "January 2026"): 50_000.0, ("East", "February 2026"): 80_000.0, ("West", "January 2026"): 50_500.0,
     ("West", "February 2026"): 20_000.0},
)  # fmt: skip
DRAFT = Draft(
    "East's won amount rose from $50.0k in January 2026 to $80.0k in February 2026.",
    (WON.figure("East", 1),),
    (WON.figure("East", 0), WON.figure("East", 1)),
    WON,
    ours=False,
)


def _made(kind: str) -> set[str]:
    return set(KINDS[kind](DRAFT, Random(1)))


def test_two_numbers_are_swapped_and_a_direction_is_turned_round() -> None:
    assert _made("swap") == {"East's won amount rose from $80.0k in January 2026 to $50.0k in February 2026."}
    assert _made("direction") == {"East's won amount fell from $50.0k in January 2026 to $80.0k in February 2026."}


def test_a_name_is_changed_only_for_one_whose_number_lies_elsewhere() -> None:
    assert any(text.startswith("West's") for text in _made("entity"))
    near = Draft(DRAFT.text, (WON.figure("East", 0),), DRAFT.known, WON, ours=False)
    assert not any(text.startswith("West's") for text in KINDS["entity"](near, Random(1)))


def test_numbers_that_rounding_might_make_one_are_not_apart() -> None:
    assert apart((50_000, 80_000))
    assert not apart((50_000, 50_500))


def test_a_mutant_is_never_the_draft_nor_another_true_sentence() -> None:
    true = {"East's won amount fell from $50.0k in January 2026 to $80.0k in February 2026."}
    made = mutants(DRAFT, Random(3), true=true, most=200)
    assert {mutant.kind for mutant in made} == set(KINDS) - {"direction"}
    assert not ({mutant.text for mutant in made} & {DRAFT.text, *true})


def test_the_same_seed_gives_the_same_drafts() -> None:
    first, again, other = some_drafts(None, 30, 1), some_drafts(None, 30, 1), some_drafts(None, 30, 2)
    assert [draft.text for draft in first] == [draft.text for draft in again]
    assert {draft.text for draft in first} != {draft.text for draft in other}
    assert len({draft.text for draft in first}) == 30
    assert all(len(draft.measure.months) >= 5 for draft in first)


async def test_a_check_that_lets_everything_pass_fails_the_suite(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(bound, "DRAFTS", 12)
    monkeypatch.setattr(bound, "check", lambda *_args, **_more: None)
    measures = await bound.run(Materials(None, Path()))
    assert (measures["withheld"], measures["false_alarms"]) == (0, 0)


async def test_a_few_drafts_pass_and_all_their_mutants_are_withheld(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(bound, "DRAFTS", 25)
    measures = await bound.run(Materials(None, Path()))
    assert measures["mutants"] == 500
    assert (measures["withheld"], measures["false_alarms"]) == (1, 0)


@pytest.mark.skipif(not DATA, reason="SOPHIA_EVAL_DATA names no folder with crm_maven")
def test_the_monthly_numbers_are_those_of_the_file() -> None:
    folder = Path(str(DATA)) / "crm_maven"
    with (folder / "sales_pipeline.csv").open(newline="", encoding="utf-8") as file:
        won = [float(row["close_value"]) for row in csv.DictReader(file) if row["deal_stage"] == "Won"]
    amounts, counts, *_ = crm(folder)
    assert sum(amounts.values["", month] for month in amounts.months) == sum(won) == 10_005_534
    assert sum(counts.values["", month] for month in counts.months) == len(won)
