"""Measures are held against their bars, and the command says and exits accordingly."""

import json
import logging
import math
from collections.abc import Iterator
from pathlib import Path

import pytest
from click.testing import CliRunner

from api.logs import OURS
from api.version import VERSION
from core.errors import InvalidInputError
from evals.command import command
from evals.run import Bar, Materials, Measures, judge, plain, thresholds
from evals.suites import NEEDS_DATA, SUITES


async def good(_materials: Materials) -> Measures:
    return {"accuracy": 0.95, "out_of_scope_recall": 0.9, "told_decisions": 0.0, "questions": 3}


async def bad(_materials: Materials) -> Measures:
    return {"accuracy": 0.5, "out_of_scope_recall": 0.9, "told_decisions": 0.0}


async def partial(_materials: Materials) -> Measures:
    return {"accuracy": 0.95, "told_decisions": 0.0}


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A folder of the test's own; what the command sets for its process is taken back."""
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    monkeypatch.delenv("SOPHIA_EVAL_DATA", raising=False)
    levels = {name: logging.getLogger(name).level for name in OURS}
    yield tmp_path
    for name, level in levels.items():
        logging.getLogger(name).setLevel(level)


@pytest.mark.parametrize(
    ("bar", "value", "holds"),
    [
        (Bar(low=0.8), 0.8, True),
        (Bar(low=0.8), 0.79, False),
        (Bar(high=900), 900, True),
        (Bar(high=900), 901, False),
        (Bar(0.1, 0.2), 0.3, False),
        (Bar(high=1), math.nan, False),
    ],
)
def test_a_bar_holds_up_to_its_ends(bar: Bar, value: float, holds: bool) -> None:
    assert bar.holds(value) is holds


async def test_a_bar_whose_measure_is_missing_fails(folder: Path) -> None:
    judged = await judge("routing", partial, Materials(None, folder))
    assert {result.measure: result.passed for result in judged} == {
        "accuracy": True,
        "told_decisions": True,
        "out_of_scope_recall": False,
    }


@pytest.mark.parametrize(
    ("value", "told"),
    [(10_000.0, "10,000"), (12_345.6, "12,346"), (0.92814, "0.9281"), (3.0, "3"), (0.00002, "0.00002"), (0.0, "0")],
)
def test_a_measure_is_told_without_an_exponent(value: float, told: str) -> None:
    assert plain(value) == told


def test_every_bar_is_of_a_suite_that_is_there_and_every_suite_has_one() -> None:
    assert thresholds().keys() == SUITES.keys()
    assert SUITES.keys() >= NEEDS_DATA


def test_the_command_prints_writes_and_passes(folder: Path) -> None:
    done = CliRunner().invoke(command, ["--json", str(folder / "new/evals.json")], obj={"routing": good})
    assert done.exit_code == 0
    said = [line.split()[1] for line in done.output.splitlines()]
    assert said == ["accuracy", "out_of_scope_recall", "told_decisions", "questions"]
    first, *_, last = json.loads((folder / "new/evals.json").read_text())
    assert first == {
        "suite": "routing",
        "measure": "accuracy",
        "value": 0.95,
        "bar": {"min": thresholds()["routing"]["accuracy"].low, "max": None},
        "passed": True,
    }
    assert (last["measure"], last["bar"], last["passed"]) == ("questions", None, True)


def test_the_command_fails_where_a_measure_misses_its_bar(folder: Path) -> None:
    done = CliRunner().invoke(command, ["--json", str(folder / "evals.json")], obj={"routing": bad})
    assert done.exit_code == 1
    assert ["FAIL" in line for line in done.output.splitlines()] == [True, False, False]
    assert [measure["passed"] for measure in json.loads((folder / "evals.json").read_text())] == [False, True, True]


def test_a_suite_without_its_data_is_left_out_unless_it_was_asked_for() -> None:
    assert "clinc150: left out" in CliRunner().invoke(command, [], obj={"routing": good, "clinc150": bad}).output
    refused = CliRunner().invoke(command, ["clinc150"], obj={"routing": good, "clinc150": bad})
    assert isinstance(refused.exception, InvalidInputError)
    assert "SOPHIA_EVAL_DATA" in str(refused.exception)


def test_an_unknown_suite_is_refused_with_the_known_ones() -> None:
    refused = CliRunner().invoke(command, ["nonsense"])
    assert isinstance(refused.exception, InvalidInputError)
    assert all(name in str(refused.exception) for name in SUITES)


def test_a_page_shows_the_run_beside_those_of_the_history_next_to_it(folder: Path) -> None:
    shown = folder / "new/evals.html"
    for suite, status in ((bad, 1), (good, 0)):
        assert CliRunner().invoke(command, ["--page", str(shown)], obj={"routing": suite}).exit_code == status
    runs = [json.loads(line) for line in (folder / "new/evals.jsonl").read_text().splitlines()]
    assert [run["measures"]["routing"]["accuracy"] for run in runs] == [0.5, 0.95]
    assert [run["version"] for run in runs] == [VERSION, VERSION]
    assert "2 runs, 0.5 to 0.95" in shown.read_text()


def test_a_history_is_kept_where_it_is_named_also_without_a_page(folder: Path) -> None:
    for options in ([], ["--page", str(folder / "evals.html")]):
        CliRunner().invoke(command, ["--history", str(folder / "kept/runs.jsonl"), *options], obj={"routing": good})
    assert len((folder / "kept/runs.jsonl").read_text().splitlines()) == 2
    assert "2 runs, 0.95" in (folder / "evals.html").read_text()
    assert not (folder / "evals.jsonl").exists()


def test_a_broken_history_is_named_before_anything_is_measured(folder: Path) -> None:
    async def reached(_materials: Materials) -> Measures:
        raise AssertionError("measured")

    (folder / "evals.jsonl").write_text("{\n")
    refused = CliRunner().invoke(command, ["--page", str(folder / "evals.html")], obj={"routing": reached})
    assert isinstance(refused.exception, InvalidInputError)
    assert "Line 1" in str(refused.exception)
    assert (folder / "evals.jsonl").read_text() == "{\n"


def test_a_page_does_not_write_over_its_history(folder: Path) -> None:
    file = str(folder / "evals.html")
    refused = CliRunner().invoke(command, ["--page", file, "--history", file])
    assert isinstance(refused.exception, InvalidInputError)
    assert not (folder / "evals.html").exists()


def test_a_missing_measure_has_no_value_in_the_json(folder: Path) -> None:
    CliRunner().invoke(command, ["--json", str(folder / "evals.json")], obj={"routing": partial})
    missing = json.loads((folder / "evals.json").read_text())[-1]
    assert (missing["measure"], missing["value"], missing["passed"]) == ("out_of_scope_recall", None, False)
