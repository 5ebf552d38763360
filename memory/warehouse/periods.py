"""Stretches of days: half-open where they are reckoned with, told with both their ends."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

DAY = timedelta(days=1)
SERIES_MONTHS, SERIES_WEEKS = 24, 52


class Grain(StrEnum):
    """The steps of a series; a week begins on Monday."""

    WEEK = "week"
    MONTH = "month"
    QUARTER = "quarter"

    def begin(self, day: date) -> date:
        """The first day of the step that the day is in."""
        if self is Grain.WEEK:
            return day - timedelta(days=day.weekday())
        return day.replace(day=1, month=day.month if self is Grain.MONTH else day.month - (day.month - 1) % 3)

    def next(self, begin: date) -> date:
        """The first day of the step after the one that begins there."""
        return self.begin(begin + timedelta(days=_AFTER[self]))


_AFTER = {Grain.WEEK: 7, Grain.MONTH: 31, Grain.QUARTER: 93}
"""So many days after its first day a step is over, and the next one is not."""


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
    def text(self) -> str:
        """`March 2026`, `2026`, `2026-03-20`, or `2026-03-09 to 2026-03-15`, both ends included."""
        if self.last == self.start:
            return self.start.isoformat()
        if self.start.day == 1 and self.until == Grain.MONTH.next(self.start):
            return f"{self.start:%B %Y}"
        if (self.start.month, self.start.day) == (1, 1) and self.until == self.start.replace(year=self.start.year + 1):
            return str(self.start.year)
        return f"{self.start.isoformat()} to {self.last.isoformat()}"

    def whole(self, grain: Grain) -> bool:
        """Whether it is one month, or one week, and nothing of it is cut off."""
        return self.start == grain.begin(self.start) and self.until == grain.next(self.start)

    def steps(self, grain: Grain) -> Iterator["Period"]:
        """Its months or weeks in order, the first and the last cut to the period."""
        begin = grain.begin(self.start)
        while begin < self.until:
            after = grain.next(begin)
            yield Period(max(begin, self.start), min(after, self.until))
            begin = after


class Usual(StrEnum):
    """What a metric is measured over where nothing else is asked for."""

    DAY = "day"
    MONTH_TO_DATE = "month_to_date"
    LAST_12_MONTHS = "last_12_months"

    def over(self, as_of: date) -> Period:
        """The period that ends with the day."""
        if self is Usual.DAY:
            return Period(as_of, as_of + DAY)
        if self is Usual.MONTH_TO_DATE:
            return Period(as_of.replace(day=1), as_of + DAY)
        return Period(months_before(as_of + DAY, 12), as_of + DAY)


def usual_series(grain: Grain, as_of: date) -> Period:
    """The last two years of months or quarters, or the last year of weeks, with the one that the day is in."""
    begin = grain.begin(as_of)
    if grain is Grain.WEEK:
        return Period(begin - 7 * DAY * (SERIES_WEEKS - 1), as_of + DAY)
    return Period(months_before(begin, SERIES_MONTHS - (1 if grain is Grain.MONTH else 3)), as_of + DAY)


def months_before(day: date, months: int) -> date:
    """The same day so many months earlier, or that month's last day."""
    years, month = divmod(day.year * 12 + day.month - 1 - months, 12)
    first = date(years, month + 1, 1)
    return min(first.replace(day=1) + DAY * (day.day - 1), Grain.MONTH.next(first) - DAY)
