"""How people sound: MELD (Poria et al. 2019) and the user satisfaction dialogues of MultiWOZ (Sun et al. 2021); evaluation only."""

import csv
from dataclasses import dataclass
from pathlib import Path
from statistics import fmean

from core.errors import InvalidInputError

MELD, SATISFACTION = Path("sentiment", "meld_dev.csv"), Path("sentiment", "uss_MWOZ.txt")
_USER, _OVERALL = "USER", "OVERALL"


@dataclass(frozen=True, slots=True)
class Labelled:
    """A line of a television series, and whether it is positive, negative or neutral."""

    text: str
    sentiment: str


@dataclass(frozen=True, slots=True)
class Rated:
    """What a customer of a booking service says, and how content several readers thought them: the mean, from 1 to 5."""

    text: str
    satisfaction: float


def lines(data: Path) -> list[Labelled]:
    """MELD's validation part. InvalidInputError where it is not there."""
    with _file(data, MELD).open(encoding="utf-8", newline="") as rows:
        return [Labelled(row["Utterance"].replace("’", "'"), row["Sentiment"]) for row in csv.DictReader(rows)]


def turns(data: Path) -> list[Rated]:
    """Every rated turn of a customer: who speaks, words, act, ratings between commas. InvalidInputError where it is not there."""
    rows = [line.split("\t") for line in _file(data, SATISFACTION).read_text(encoding="utf-8").splitlines()]
    rated = [row for row in rows if row[0] == _USER and row[1] != _OVERALL and len(row) > 3 and row[3]]
    return [Rated(row[1], fmean(float(rating) for rating in row[3].split(",") if rating)) for row in rated]


def _file(data: Path, name: Path) -> Path:
    file = data / name
    if not file.exists():
        raise InvalidInputError(f"There is no {name} in the folder that SOPHIA_EVAL_DATA names")
    return file
