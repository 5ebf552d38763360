"""Each run adds its line to the history, and what is no run there is named."""

import math
import subprocess
from datetime import UTC, datetime
from pathlib import Path

import pytest

from core.errors import InvalidInputError
from evals.history import append_run, commit_here, read_history, run_of
from evals.run import Bar, Result

AT = datetime(2026, 3, 20, 12, tzinfo=UTC)
RESULTS = [
    Result("routing", "accuracy", 0.95, Bar(low=0.9)),
    Result("routing", "questions", 3, None),
    Result("sample", "refused", math.nan, Bar(low=0.4)),
]


def test_the_history_grows_by_one_run_a_line(tmp_path: Path) -> None:
    file = tmp_path / "new/history.jsonl"
    assert read_history(file) == []
    runs = [run_of(RESULTS, at=AT, commit=commit, version="0.1.0") for commit in ("one", None)]
    for run in runs:
        append_run(file, run)
    assert read_history(file) == runs
    assert len(file.read_text().splitlines()) == 2


def test_a_measure_that_is_missing_is_no_value_of_the_run() -> None:
    run = run_of(RESULTS, at=AT, commit=None, version="0.1.0")
    assert run.measures == {"routing": {"accuracy": 0.95, "questions": 3}}
    assert run.value("sample", "refused") is None


def test_a_last_line_without_its_end_is_not_run_into_the_next(tmp_path: Path) -> None:
    file = tmp_path / "history.jsonl"
    run = run_of(RESULTS, at=AT, commit=None, version="0.1.0")
    file.write_text(run.model_dump_json())
    append_run(file, run)
    assert read_history(file) == [run, run]


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ('{"at": "2026-03-2', "JSON"),
        ('{"at": "2026-03-20T12:00:00Z", "version": "0.1.0"}', "measures"),
        ('{"at": "2026-03-20T12:00:00", "version": "0.1.0", "measures": {}}', "at: "),
        (
            '{"at": "2026-03-20T12:00:00Z", "version": "1", "measures": {"routing": {"accuracy": "good"}}}',
            "routing.acc",
        ),
        ('{"at": "2026-03-20T12:00:00Z", "version": "1", "measures": {"routing": {"accuracy": NaN}}}', "routing.acc"),
        ("\udcff", "JSON: expected value at column 1"),
    ],
)
def test_a_broken_line_is_named_with_what_is_wrong(line: str, said: str, tmp_path: Path) -> None:
    file = tmp_path / "history.jsonl"
    append_run(file, run_of(RESULTS, at=AT, commit=None, version="0.1.0"))
    file.write_bytes(file.read_bytes() + f"\n{line}\n".encode(errors="surrogateescape"))
    with pytest.raises(InvalidInputError, match=rf"Line 3 of '.*history\.jsonl'.*{said}.*remove the line"):
        read_history(file)


def test_the_commit_says_whether_the_code_was_changed_since(tmp_path: Path) -> None:
    assert commit_here(tmp_path) is None

    def git(*arguments: str) -> str:
        who = ("-c", "user.name=a", "-c", "user.email=a@example.com")
        ran = subprocess.run(["git", *who, *arguments], cwd=tmp_path, capture_output=True, text=True, check=True)
        return ran.stdout.strip()

    git("init", "-q")
    (tmp_path / "code.py").write_text("1")
    git("add", "code.py")
    git("commit", "-qm", "first")
    commit = git("rev-parse", "--short=12", "HEAD")
    assert commit_here(tmp_path) == commit
    (tmp_path / "code.py").write_text("2")
    assert commit_here(tmp_path) == f"{commit}-dirty"
