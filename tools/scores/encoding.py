"""How rows become numbers: learnt once from the rows that are fitted on, the same when scoring. Plain data.

A number is standardised and may bend at its quartiles (hinges, a piecewise linear spline); a category has a column a
level; what is missing has a column of its own. A column that repeats an earlier one is left out, so that what two
features say alike counts as one reason.
"""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from tools.scores.arrays import Numbers
from tools.scores.rows import Columns, Value, is_number

_KNOTS = (0.25, 0.5, 0.75)


@dataclass(frozen=True, slots=True)
class Number:
    """What was seen of a number, in its own unit. `low` to `high` is all that was seen, `quartiles` are its knots."""

    mean: float
    deviation: float
    low: float
    high: float
    quartiles: tuple[float, float, float]
    missing: int


@dataclass(frozen=True, slots=True)
class Category:
    """How often each level of a category was seen, most frequent first."""

    levels: Mapping[str, int]
    missing: int


@dataclass(frozen=True, slots=True)
class Column:
    """One column of the matrix: a feature's level where `level` is set, that it is missing, or its number past a knot.

    A number's own line has no knot.
    """

    feature: str
    level: str | None = None
    missing: bool = False
    knot: float | None = None


@dataclass(frozen=True, slots=True)
class Encoding:
    """What was seen of each feature, and the columns that rows are turned into."""

    numbers: Mapping[str, Number]
    categories: Mapping[str, Category]
    columns: tuple[Column, ...]


def learn(columns: Columns) -> Encoding:
    """The encoding of these rows; features and levels that tell no two rows apart get no column."""
    numbers = {name: _number(values) for name, values in columns.items() if is_number(values)}
    categories = {name: _category(values) for name, values in columns.items() if name not in numbers}
    every = Encoding(numbers, categories, tuple(_possible(numbers, categories)))
    seen: set[bytes] = {np.zeros(_rows(columns)).tobytes(), np.ones(_rows(columns)).tobytes()}
    kept: list[Column] = []
    for column, values in zip(every.columns, matrix(every, columns).T, strict=True):
        if (content := values.tobytes()) not in seen:
            seen.add(content)
            kept.append(column)
    return Encoding(numbers, categories, tuple(kept))


def matrix(encoding: Encoding, columns: Columns) -> Numbers:
    """The rows in numbers, a row each. Numbers beyond what was seen count as its end; unknown levels are all zero."""
    rows = _rows(columns)
    read = {name: _standardised(encoding.numbers[name], columns[name]) for name in encoding.numbers if name in columns}
    words = {name: np.array(columns[name], dtype=object) for name in encoding.categories if name in columns}
    absent = np.full(rows, None, dtype=object)
    made = np.zeros((rows, len(encoding.columns)))
    for place, column in enumerate(encoding.columns):
        name = column.feature
        if name in encoding.categories:
            made[:, place] = words.get(name, absent) == column.level
        elif column.missing:
            made[:, place] = [value is None for value in columns.get(name, absent)]
        else:
            line = read.get(name, np.full(rows, _middle(encoding.numbers[name])))
            made[:, place] = line if column.knot is None else np.maximum(0.0, line - column.knot)
    return made


def _possible(numbers: Mapping[str, Number], categories: Mapping[str, Category]) -> Iterator[Column]:
    for name, number in numbers.items():
        if number.deviation:
            yield Column(name)
            for quartile in dict.fromkeys(number.quartiles):
                yield Column(name, knot=(quartile - number.mean) / number.deviation)
        if number.missing:
            yield Column(name, missing=True)
    for name, category in categories.items():
        for level in category.levels:
            yield Column(name, level=level)
        if category.missing:
            yield Column(name, missing=True)


def _number(values: Sequence[Value]) -> Number:
    known = np.array([float(value) for value in values if value is not None])
    first, middle, third = np.quantile(known, _KNOTS).tolist()
    return Number(
        mean=float(known.mean()),
        deviation=float(known.std()),
        low=float(known.min()),
        high=float(known.max()),
        quartiles=(first, middle, third),
        missing=len(values) - len(known),
    )


def _category(values: Sequence[Value]) -> Category:
    counts = Counter(str(value) for value in values if value is not None)
    return Category(dict(counts.most_common()), len(values) - counts.total())


def _standardised(number: Number, values: Sequence[Value]) -> Numbers:
    filled = np.array([number.quartiles[1] if value is None else float(value) for value in values])
    within = np.clip(filled, number.low, number.high)
    standardised: Numbers = (within - number.mean) / (number.deviation or 1.0)
    return standardised


def _middle(number: Number) -> float:
    return (number.quartiles[1] - number.mean) / (number.deviation or 1.0)


def _rows(columns: Columns) -> int:
    return len(next(iter(columns.values()), ()))
