"""One checkable thing of a text, and when evidence bears it."""

from dataclasses import dataclass
from decimal import Decimal

from models.text.measures import TIME_UNITS


@dataclass(frozen=True, slots=True)
class Number:
    """A value as one reading of the text gives it.

    `unit` is `percent`, `point`, `basis point`, a unit of time or None; `currency` is None where none is named.
    """

    value: Decimal
    unit: str | None = None
    currency: str | None = None

    @property
    def percent(self) -> bool:
        """Whether it is a share of a hundred."""
        return self.unit == "percent"

    def stands_as(self, other: "Number") -> bool:
        """Whether evidence `other` carries this number: a minus and a unit that are claimed must stand there.

        A unit of time may be left away, since "it took 320" says no more than its source; a percent sign may not.
        """
        value = other.value if self.value < 0 else abs(other.value)
        currencies = {self.currency, other.currency} - {None}
        same_unit = self.unit == other.unit or (self.unit is None and other.unit in TIME_UNITS)
        return self.value == value and same_unit and len(currencies) <= 1


@dataclass(frozen=True, slots=True)
class Day:
    """A date as far as it is named."""

    month: int
    day: int | None = None
    year: int | None = None

    def stands_as(self, other: "Day") -> bool:
        """Whether evidence `other` names all that this one claims."""
        return self.month == other.month and self.day in (None, other.day) and self.year in (None, other.year)


@dataclass(frozen=True, slots=True)
class Claim:
    """One checkable thing of a text: a number (with its possible readings), a date, an ordinal, a period or a literal.

    A period is one stretch of time, whether it lasts or recurs: "a week", "per week", "weekly". `when` is a weekday or a
    day told from today. A literal is a code, a time, or a word of which nothing is reckoned.
    """

    text: str
    numbers: tuple[Number, ...] = ()
    day: Day | None = None
    ordinal: int | None = None
    literal: str | None = None
    period: str | None = None
    when: str | None = None

    @property
    def dated(self) -> bool:
        """Whether it says on which day or in which stretch of time."""
        return self.day is not None or self.when is not None

    def stands_in(self, evidence: "list[Claim]") -> bool:
        """Whether the evidence makes the same claim."""
        return any(self._stands_as(other) for other in evidence)

    def _stands_as(self, other: "Claim") -> bool:
        if self.day is not None:
            return other.day is not None and self.day.stands_as(other.day)
        if self.period is not None or other.period is not None:
            return bool(self._periods & other._periods)
        if self.literal is not None or self.when is not None:
            return (self.literal, self.when) == (other.literal, other.when)
        if self.ordinal is not None:
            return self.ordinal in (other.ordinal, other.day and other.day.day)
        if other.day is not None:
            return any(number == Number(Decimal(other.day.year or -1)) for number in self.numbers)
        return any(mine.stands_as(theirs) for mine in self.numbers for theirs in other.numbers)

    @property
    def _periods(self) -> frozenset[str]:
        """The one stretch of time it names: "1 year" is "a year"."""
        counted = {number.unit for number in self.numbers if number.value == 1 and number.unit in TIME_UNITS}
        return frozenset(unit for unit in {self.period, *counted} if unit)
