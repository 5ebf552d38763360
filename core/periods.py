"""Calendar arithmetic: days, weeks from Monday, months, quarters and years, the last two from the fiscal year's first month."""

from calendar import monthrange
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from core.errors import InvalidInputError

DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Period:
    """The days from `start` up to, but not including, `until`."""

    start: date
    until: date

    @property
    def last(self) -> date:
        """The last day in it."""
        return self.until - DAY

    @property
    def days(self) -> int:
        """How many days it has."""
        return (self.until - self.start).days

    @property
    def text(self) -> str:
        """`March 2026`, `2026`, `2026-03-20`, or `2026-03-09 to 2026-03-15`, both ends included."""
        if self.start.day == 1 and self.until == months_after(self.start, 1):
            return f"{self.start:%B %Y}"
        if (self.start.month, self.start.day) == (1, 1) and self.until == months_after(self.start, 12):
            return str(self.start.year)
        return _dates(self)

    def __contains__(self, day: date) -> bool:
        return self.start <= day < self.until


class Grain(StrEnum):
    """How long a step of the calendar is."""

    DAY = "day"
    WEEK = "week"
    MONTH = "month"
    QUARTER = "quarter"
    YEAR = "year"


_MONTHS = {Grain.MONTH: 1, Grain.QUARTER: 3, Grain.YEAR: 12}


@dataclass(frozen=True, slots=True)
class Calendar:
    """A calendar by the month, 1 to 12, in which its fiscal year begins."""

    first_month: int = 1

    def __post_init__(self) -> None:
        if not 1 <= self.first_month <= 12:
            raise InvalidInputError(f"A fiscal year begins in a month from 1 to 12, not {self.first_month}")

    def step(self, grain: Grain, day: date) -> Period:
        """The whole day, week, month, quarter or year that the day is in."""
        if grain is Grain.DAY:
            return Period(day, day + DAY)
        if grain is Grain.WEEK:
            monday = day - DAY * day.weekday()
            return Period(monday, monday + DAY * 7)
        months = _MONTHS[grain]
        start = months_after(day.replace(day=1), -((day.month - self.first_month) % months))
        return Period(start, months_after(start, months))

    def whole(self, grain: Grain, period: Period) -> bool:
        """Whether the period is one step, and nothing of it is cut off."""
        return period == self.step(grain, period.start)

    def last(self, grain: Grain, as_of: date) -> Period:
        """The last whole step before the one that the day is in: "last week" on a Friday ended five days ago."""
        return self.step(grain, self.step(grain, as_of).start - DAY)

    def to_date(self, grain: Grain, as_of: date) -> Period:
        """From the beginning of the step up to the day, that day included."""
        return Period(self.step(grain, as_of).start, as_of + DAY)

    def same_days_before(self, grain: Grain, period: Period) -> Period:
        """As many days from the beginning of the step before: 1 to 20 March against 1 to 20 February.

        A step that is complete is compared with a complete one, and none reaches over its end: 1 to 31 March and 1 to 30
        March are both against the whole of February. InvalidInputError unless the period begins a step and stays in it.
        """
        step = self.step(grain, period.start)
        if period.start != step.start or period.until > step.until:
            raise InvalidInputError(f"{period.start} to {period.last} is not the beginning of one {grain}")
        before = self.last(grain, period.start)
        if period == step:
            return before
        return Period(before.start, min(before.start + DAY * period.days, before.until))

    def steps(self, grain: Grain, period: Period) -> Iterator[Period]:
        """The period's steps in order, the first and the last cut to it."""
        start = period.start
        while start < period.until:
            until = min(self.step(grain, start).until, period.until)
            yield Period(start, until)
            start = until

    def told(self, grain: Grain, period: Period) -> str:
        """How a period is told: `March 2026`, `Q1 2026`, `2026`, else its first and last day.

        A fiscal year that does not begin in January is told by the year in which it ends: `FY2026`, `Q1 FY2026`.
        """
        if grain in (Grain.DAY, Grain.WEEK) or not self.whole(grain, period):
            return _dates(period)
        if grain is Grain.MONTH:
            return f"{period.start:%B %Y}"
        year = self._year(period.start)
        quarter = (period.start.month - self.first_month) % 12 // 3 + 1
        return year if grain is Grain.YEAR else f"Q{quarter} {year}"

    def _year(self, day: date) -> str:
        ends = self.step(Grain.YEAR, day).last.year
        return str(ends) if self.first_month == 1 else f"FY{ends}"


def year_before(period: Period) -> Period:
    """The same days a year earlier; where there is no 29 February, up to the 28th."""
    if period.until.day == 1:
        return Period(months_after(period.start, -12), months_after(period.until, -12))
    return Period(months_after(period.start, -12), months_after(period.last, -12) + DAY)


def months_after(day: date, months: int) -> date:
    """The same day so many months later (or earlier), or that month's last day."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))


def _dates(period: Period) -> str:
    return f"{period.start} to {period.last}" if period.days > 1 else str(period.start)
