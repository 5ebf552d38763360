"""IBM's Telco customer churn (Apache-2.0): 7,043 customers of a telephone company, 1,869 of whom left."""

import csv
from collections.abc import Mapping
from pathlib import Path

from core.errors import InvalidInputError
from tools.scores.rows import Example, Row

FILE = Path("telco_churn", "data", "Telco-Customer-Churn.csv")
NUMBERS = ("tenure", "MonthlyCharges", "TotalCharges")
TRAITS = ("gender", "SeniorCitizen")
"""What parity is looked at by; no score knows them."""
_NO_FEATURE = ("customerID", "Churn", *TRAITS)


def customers(data: Path) -> list[Example]:
    """Every customer in the file's order. The total charges of the 11 who have not been billed yet are missing."""
    file = data / FILE
    if not file.exists():
        raise InvalidInputError(f"There is no {FILE} in the folder that SOPHIA_EVAL_DATA names")
    with file.open(encoding="utf-8-sig", newline="") as lines:
        return [
            Example(_features(line), line["Churn"] == "Yes", {trait: line[trait] for trait in TRAITS})
            for line in csv.DictReader(lines)
        ]


def _features(line: Mapping[str, str]) -> Row:
    return {
        name: (float(value) if value.strip() else None) if name in NUMBERS else value
        for name, value in line.items()
        if name not in _NO_FEATURE
    }
