"""What a chart shows, free of how it is drawn. Values are in `unit`: a currency, percent, or the name of what is counted."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True, slots=True)
class Value:
    """What was measured from a day on. None leaves a gap in the line; a `partial` value is of a period under way."""

    day: date
    value: float | None
    partial: bool = False
    marked: bool = False


@dataclass(frozen=True, slots=True)
class Expected:
    """What is expected from a day on, and between which ends."""

    day: date
    value: float
    low: float
    high: float


@dataclass(frozen=True, slots=True)
class Amount:
    """A named amount; `marked` ones stand out."""

    name: str
    value: float
    marked: bool = False


@dataclass(frozen=True, slots=True)
class Line:
    """Values over time, oldest first, and what is expected to follow."""

    unit: str
    values: Sequence[Value]
    expected: Sequence[Expected] = ()


@dataclass(frozen=True, slots=True)
class Bars:
    """Amounts beside each other, in the order in which they are given."""

    unit: str
    amounts: Sequence[Amount]


Plot = Line | Bars
