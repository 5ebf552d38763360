"""Stretches of days on the calendar: weeks from Monday, months, quarters, halves, years."""

import calendar
from dataclasses import dataclass
from datetime import date, timedelta

#: How many months a named stretch has; weeks and days are counted in days.
MONTHS_IN = {"month": 1, "quarter": 3, "half": 6, "year": 12}
DAYS_IN = {"day": 1, "week": 7}


@dataclass(frozen=True, slots=True)
class Days:
    """A stretch of days, both ends included."""

    first: date
    last: date

    @property
    def single(self) -> bool:
        """Whether it is one day."""
        return self.first == self.last


def day(of: date) -> Days:
    """One day."""
    return Days(of, of)


def months(year: int, month: int, count: int = 1) -> Days:
    """`count` calendar months from the given one; `month` may lie outside 1..12 and then moves the year."""
    first = date(year + (month - 1) // 12, (month - 1) % 12 + 1, 1)
    ending = first.month - 1 + count
    return Days(first, date(first.year + ending // 12, ending % 12 + 1, 1) - timedelta(days=1))


def stretch(unit: str, today: date, shift: int = 0) -> Days:
    """The day, week, month, quarter, half or year around today, moved by `shift` of its kind."""
    if unit == "day":
        return day(today + timedelta(days=shift))
    if unit == "week":
        monday = today - timedelta(days=today.weekday()) + timedelta(weeks=shift)
        return Days(monday, monday + timedelta(days=6))
    size = MONTHS_IN[unit]
    beginning = (today.month - 1) // size * size + 1
    return months(today.year, beginning + shift * size, size)


def moved(today: date, count: int, unit: str) -> date:
    """Today plus `count` units (negative: before); the 31st becomes the last day of a shorter month."""
    if unit in DAYS_IN:
        return today + timedelta(days=count * DAYS_IN[unit])
    target = months(today.year, today.month + count * MONTHS_IN[unit])
    return target.first.replace(day=min(today.day, calendar.monthrange(target.first.year, target.first.month)[1]))
