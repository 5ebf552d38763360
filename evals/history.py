"""What earlier runs of the evals measured: a file with one JSON object a line, one line a run, the oldest first."""

import math
import shutil
import subprocess
from collections.abc import Sequence
from datetime import datetime
from pathlib import Path

from pydantic import AwareDatetime, BaseModel, ConfigDict, FiniteFloat, ValidationError

from core.errors import InvalidInputError
from evals.run import Result

HERE = Path(__file__).parents[1]


class Run(BaseModel):
    """One run. `commit` is None where the code lies in no git checkout; a suite that was left out has no measures."""

    model_config = ConfigDict(frozen=True)

    at: AwareDatetime
    commit: str | None = None
    version: str
    measures: dict[str, dict[str, FiniteFloat]]

    def value(self, suite: str, measure: str) -> float | None:
        """What the run measured, None where it did not."""
        return self.measures.get(suite, {}).get(measure)


def run_of(results: Sequence[Result], *, at: datetime, commit: str | None, version: str) -> Run:
    """The run with these results; a measure that is missing is left out."""
    measures: dict[str, dict[str, float]] = {}
    for result in results:
        if math.isfinite(result.value):
            measures.setdefault(result.suite, {})[result.measure] = float(result.value)
    return Run(at=at, commit=commit, version=version, measures=measures)


def read_history(file: Path) -> list[Run]:
    """The runs of the file, none where there is no file. InvalidInputError names the line that is no run."""
    if not file.exists():
        return []
    lines = file.read_bytes().splitlines()
    return [_run(file, number, line) for number, line in enumerate(lines, start=1) if line.strip()]


def append_run(file: Path, run: Run) -> None:
    """Adds the run to the file, which is made where there is none."""
    file.parent.mkdir(parents=True, exist_ok=True)
    before = file.read_bytes() if file.exists() else b""
    line = f"{run.model_dump_json()}\n"
    with file.open("a", encoding="utf-8") as written:
        written.write(line if not before or before.endswith(b"\n") else f"\n{line}")


def commit_here(checkout: Path = HERE) -> str | None:
    """The commit that the code is of, `-dirty` where it was changed since; None where it lies in no git checkout."""
    git = shutil.which("git")
    if git is None or not (checkout / ".git").exists():
        return None
    asked = [git, "-C", str(checkout), "describe", "--always", "--dirty", "--abbrev=12", "--exclude=*"]
    told = subprocess.run(asked, capture_output=True, text=True, check=False)  # noqa: S603
    return told.stdout.strip() or None


def _run(file: Path, number: int, line: bytes) -> Run:
    try:
        return Run.model_validate_json(line)
    except ValidationError as error:
        wrong = error.errors()[0]
        said = wrong["msg"].replace(" at line 1 ", " at ")
        what = ": ".join(filter(None, (".".join(map(str, wrong["loc"])), said)))
        raise InvalidInputError(
            f"Line {number} of {str(file)!r} is no run of the evals ({what}): correct or remove the line"
        ) from None
