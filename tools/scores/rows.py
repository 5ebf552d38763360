"""What a score is fitted on: rows of features, each with how it ended."""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from core.errors import InvalidInputError

Value = float | str | None
"""A number, a category, or nothing where it is not known."""
Row = Mapping[str, Value]
Columns = Mapping[str, Sequence[Value]]
"""Features by name, each with its value in every row."""

MOST_LEVELS = 200
"""A category with more levels names the rows instead of describing them."""


@dataclass(frozen=True, slots=True)
class Example:
    """A row whose outcome is known. `groups` are traits that parity is looked at by; they are never features."""

    features: Row
    outcome: bool
    groups: Mapping[str, str] = field(default_factory=dict)


def columns_of(rows: Sequence[Row]) -> Columns:
    """The rows turned on their side; a feature that a row does not name is missing there.

    Raises InvalidInputError where a feature is now a number and now a category, is infinite or NaN, or is an identifier.
    """
    names = dict.fromkeys(name for row in rows for name in row)
    columns = {name: tuple(_plain(row.get(name)) for row in rows) for name in names}
    for name, values in columns.items():
        _check(name, values)
    return columns


def is_number(values: Sequence[Value]) -> bool:
    """Whether the column holds numbers; one without any value does not."""
    return any(isinstance(value, int | float) for value in values)


def _plain(value: Value) -> Value:
    return ("yes" if value else "no") if isinstance(value, bool) else value


def _check(name: str, values: Sequence[Value]) -> None:
    known = [value for value in values if value is not None]
    numbers = [value for value in known if not isinstance(value, str)]
    if numbers and len(numbers) < len(known):
        raise InvalidInputError(f"The feature {name!r} has both numbers and words: give it one kind")
    if not all(math.isfinite(number) for number in numbers):
        raise InvalidInputError(f"The feature {name!r} has a number that is not finite: leave it out (None)")
    if not numbers and len(levels := set(known)) > MOST_LEVELS:
        raise InvalidInputError(
            f"The feature {name!r} has {len(levels)} categories, more than {MOST_LEVELS}: "
            "leave it out if it is an identifier, else group its values"
        )
