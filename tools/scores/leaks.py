"""Guards against features that know the outcome because it made them.

A score that looks too good has mostly been given a column which is only filled in afterwards (Kaufman et al. 2012,
"Leakage in Data Mining"). Such features are refused by name; one that alone tells the outcome is reported.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from core.errors import InvalidInputError
from tools.scores.arrays import Flags, Numbers
from tools.scores.quality import auc
from tools.scores.rows import Columns, Value, is_number
from tools.scores.uses import Use

SUSPICIOUS_AUC = 0.98
_BINS = 20
_WORD = re.compile(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+|\d+")


@dataclass(frozen=True, slots=True)
class Suspect:
    """A feature which alone tells the outcome: `auc` is its own, above 0.98."""

    feature: str
    auc: float

    @property
    def text(self) -> str:
        """What to look at."""
        return f"{self.feature!r} alone tells the outcome (AUC {self.auc:.3f}): check that it is known before it"


def refuse_what_comes_after(features: Sequence[str], use: Use) -> None:
    """Raises InvalidInputError for a feature whose name says that only the outcome brings it about."""
    for feature in features:
        name = f" {' '.join(words_of(feature))} "
        told = next((words for words in use.known_after if f" {words} " in name), None)
        if told:
            raise InvalidInputError(
                f"The feature {feature!r} is known only after the outcome ({told!r}): leave it out, "
                f"or give its value from before and name it so that {told!r} is not in it"
            )


def words_of(name: str) -> list[str]:
    """The words of a name in snake, camel or kebab case: `MonthlyCharges` is monthly, charges."""
    return [word.casefold() for word in _WORD.findall(name)]


def suspects(columns: Columns, outcomes: Flags) -> Iterator[Suspect]:
    """The features which alone tell the outcome, by AUC."""
    for feature, values in columns.items():
        own = alone(values, outcomes)
        if own > SUSPICIOUS_AUC:
            yield Suspect(feature, own)


def alone(values: Sequence[Value], outcomes: Flags) -> float:
    """The AUC of one feature: each row gets the outcome rate of its level among the other half of the rows.

    A number's levels are its twentieths, and a value that many rows share is one of its own; so is what is missing. The
    halves keep an identifier from telling its own row. A number's order may tell more: the larger AUC counts.
    """
    levels = _levels(values)
    odd = np.arange(len(outcomes)) % 2 == 1
    order = np.argsort(outcomes, kind="stable")
    half = np.empty(len(outcomes), dtype=bool)
    half[order] = odd
    rates = np.empty(len(outcomes))
    for mine in (half, ~half):
        rates[mine] = _rates(levels[~mine], outcomes[~mine], levels[mine])
    return max(auc(outcomes, rates), _in_order(values, outcomes))


def _in_order(values: Sequence[Value], outcomes: Flags) -> float:
    """The AUC of a number as it is, whichever way it points; what is missing stands in the middle."""
    if not is_number(values):
        return 0.5
    middle = float(np.median([float(value) for value in values if value is not None]))
    area = auc(outcomes, np.array([middle if value is None else float(value) for value in values]))
    return max(area, 1 - area)


def _levels(values: Sequence[Value]) -> Numbers:
    missing = np.array([value is None for value in values])
    if not is_number(values):
        _, codes = np.unique([str(value) for value in values], return_inverse=True)
        return np.where(missing, -1.0, codes)
    numbers = np.array([0.0 if value is None else float(value) for value in values])
    edges = np.unique(np.quantile(numbers[~missing], np.linspace(0, 1, _BINS + 1)[1:-1]))
    return np.where(missing, -1.0, np.searchsorted(edges, numbers, "left") + np.searchsorted(edges, numbers, "right"))


def _rates(seen: Numbers, outcomes: Flags, asked: Numbers) -> Numbers:
    """Outcome rates by level with one outcome of the usual kind added, so that a level of one row tells little."""
    usual = float(outcomes.mean())
    known, codes = np.unique(seen, return_inverse=True)
    counts = np.bincount(codes)
    rates = (np.bincount(codes, weights=outcomes) + usual) / (counts + 1)
    by_level = dict(zip(known.tolist(), rates.tolist(), strict=True))
    return np.array([by_level.get(level, usual) for level in asked.tolist()])
