"""NAB, the Numenta Anomaly Benchmark (Lavin and Ahmad 2015, MIT): series of real and made measurements with the spans in
which something unusual happened.
"""

import csv
import json
from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from core.errors import InvalidInputError


@dataclass(frozen=True, slots=True)
class LabelledSeries:
    """One file: its values in order of time, and the windows as positions of their first and last row."""

    name: str
    times: tuple[datetime, ...]
    values: tuple[float, ...]
    windows: tuple[tuple[int, int], ...]


def series(folder: Path) -> list[LabelledSeries]:
    """The series that `windows.json` lists and that are there, by name. InvalidInputError when there are none."""
    listed = folder / "windows.json"
    if not listed.exists():
        raise InvalidInputError("There is no 'windows.json' under nab in the folder that SOPHIA_EVAL_DATA names")
    windows = json.loads(listed.read_text(encoding="utf-8"))
    files = [(name, folder / "data" / name) for name in sorted(windows)]
    found = [_read(name, file, windows[name]) for name, file in files if file.exists()]
    if not found:
        raise InvalidInputError("There are no series under nab/data in the folder that SOPHIA_EVAL_DATA names")
    return found


def _read(name: str, file: Path, windows: Sequence[tuple[str, str]]) -> LabelledSeries:
    with file.open(encoding="utf-8", newline="") as opened:
        rows = [(datetime.fromisoformat(row["timestamp"]), float(row["value"])) for row in csv.DictReader(opened)]
    times = tuple(time for time, _ in rows)
    spans = tuple((_row_of(times, first, name), _row_of(times, last, name)) for first, last in windows)
    return LabelledSeries(name, times, tuple(value for _, value in rows), spans)


def _row_of(times: Sequence[datetime], written: str, name: str) -> int:
    """The first row at that moment; windows begin and end on rows."""
    moment = datetime.fromisoformat(written)
    row = bisect_left(times, moment)
    if row == len(times) or times[row] != moment:
        raise InvalidInputError(
            f"windows.json has a window of {name!r} that begins or ends at {written}, which is no row"
        )
    return row
