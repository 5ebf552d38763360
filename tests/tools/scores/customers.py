"""Customers made up by a rule, so that a test knows what a score should find."""

import math

import numpy as np

from tools.scores.rows import Example, Row, Value
from tools.scores.uses import Use

LEAVES = Use("churn", "customers", "left", ("churn", "exit survey"), {"months": "months as a customer"})


def customers(count: int, *, seed: int = 1) -> list[Example]:
    """They leave the likelier, the fewer months they are there and when they pay by month; the colour says nothing.

    Every tenth number of seats is missing; the region is the trait that they are compared by.
    """
    random = np.random.default_rng(seed)
    return [_customer(number, random) for number in range(count)]


def probability(features: Row) -> float:
    """How likely such a customer truly leaves."""
    log_odds = 1.5 - 0.08 * float(features["months"] or 0) + (1.5 if features["contract"] == "monthly" else -1.0)
    return 1 / (1 + math.exp(-log_odds))


def _customer(number: int, random: np.random.Generator) -> Example:
    months, monthly = float(random.integers(1, 60)), bool(random.random() < 0.5)
    features: dict[str, Value] = {
        "months": months,
        "contract": "monthly" if monthly else "yearly",
        "colour": ("red", "green", "blue")[number % 3],
        "seats": None if number % 10 == 0 else float(random.integers(1, 100)),
    }
    left = bool(random.random() < probability(features))
    return Example(features, left, {"region": "north" if number % 2 else "south"})
