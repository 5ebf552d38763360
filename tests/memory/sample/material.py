"""The sample's CRM export and what its author wrote down about it, as plain rows."""

import csv
import json
from collections.abc import Iterator
from decimal import Decimal
from importlib.resources import files
from pathlib import Path
from typing import Any

import yaml

SAMPLE = Path(str(files("memory.sample")))
AS_OF = "2026-03-20"
Row = dict[str, str]


def rows(name: str) -> list[Row]:
    """The rows of one file of the export."""
    with (SAMPLE / "crm" / f"{name}.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def truth() -> dict[str, Any]:
    """truth_figures.yaml."""
    read: dict[str, Any] = yaml.safe_load((SAMPLE / "truth_figures.yaml").read_text(encoding="utf-8"))
    return read


def planted(kind: str) -> list[dict[str, Any]]:
    """What was planted of a kind."""
    return [one for one in truth()["planted"] if one["kind"] == kind]


def open_deals() -> list[Row]:
    """The deals that may still be won."""
    return [deal for deal in rows("deals") if not deal["Deal Stage"].startswith("Closed")]


def series(name: str, segment: str = "") -> dict[str, Decimal]:
    """The values of a series by month, of the whole company or of one segment."""
    return {
        row["day"][:7]: Decimal(row["value"])
        for row in rows("figures")
        if (row["series"], row["segment"]) == (name, segment)
    }


def segments(name: str) -> set[str]:
    """The segments that a series is broken down by."""
    return {row["segment"] for row in rows("figures") if row["series"] == name} - {""}


def turns(call_id: str, first: int, last: int) -> Iterator[str]:
    """What was said in these turns of a call, each as one text."""
    for path in (SAMPLE / "calls").glob("*.json"):
        call = json.loads(path.read_text(encoding="utf-8"))
        if call["calls"][0]["metaData"]["id"] == call_id:
            for turn in call["callTranscripts"][0]["transcript"][first : last + 1]:
                yield " ".join(sentence["text"] for sentence in turn["sentences"])
