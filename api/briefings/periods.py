"""The days that a briefing is about, from the words in which they are asked for."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from core.errors import InvalidInputError
from core.periods import DAY, Calendar, Grain, Period

ACCEPTED = "last-week, last-month, last-quarter, month-to-date, a month (2026-03), or days (2026-03-01..2026-03-15)"
_MONTH = re.compile(r"(\d{4})-(\d\d)")
_DAYS = re.compile(r"(\d{4}-\d\d-\d\d)\.\.(\d{4}-\d\d-\d\d)")


class Kind(StrEnum):
    """Kinds of period. A briefing is compared with the last one of its kind."""

    WEEK = "week"
    MONTH = "month"
    QUARTER = "quarter"
    MONTH_TO_DATE = "month-to-date"
    DAYS = "days"


@dataclass(frozen=True, slots=True)
class Days:
    """A period with what it is compared with, and how both are told."""

    kind: Kind
    period: Period
    told: str
    compared: Period
    compared_told: str


def read_days(words: str, today: date, calendar: Calendar) -> Days:
    """The days that the words mean on a day. InvalidInputError for other words, and for days that are still to come.

    A month that is under way is meant up to today.
    """
    named = words.strip().lower()
    if named in _NAMED:
        return _NAMED[named](today, calendar)
    try:
        return _month(named, today, calendar) or _between(named, today, calendar) or _refuse(words)
    except ValueError:
        return _refuse(words)


def _whole(kind: Kind, grain: Grain, period: Period, calendar: Calendar) -> Days:
    before = calendar.last(grain, period.start)
    return Days(kind, period, calendar.told(grain, period), before, calendar.told(grain, before))


def _to_date(today: date, calendar: Calendar) -> Days:
    period = calendar.to_date(Grain.MONTH, today)
    before = calendar.same_days_before(Grain.MONTH, period)
    return Days(
        Kind.MONTH_TO_DATE, period, calendar.told(Grain.MONTH, period), before, calendar.told(Grain.MONTH, before)
    )


def _month(words: str, today: date, calendar: Calendar) -> Days | None:
    found = _MONTH.fullmatch(words)
    if found is None:
        return None
    period = calendar.step(Grain.MONTH, date(int(found[1]), int(found[2]), 1))
    if today in period and today != period.last:
        return _to_date(today, calendar)
    _check_past(period, today)
    return _whole(Kind.MONTH, Grain.MONTH, period, calendar)


def _between(words: str, today: date, calendar: Calendar) -> Days | None:
    """Any days; those that are a whole week, month or quarter are one."""
    found = _DAYS.fullmatch(words)
    if found is None:
        return None
    period = Period(date.fromisoformat(found[1]), date.fromisoformat(found[2]) + DAY)
    if period.days < 1:
        raise InvalidInputError(f"The period {words!r} ends before it begins")
    _check_past(period, today)
    for kind, grain in _WHOLE.items():
        if period == calendar.step(grain, period.start):
            return _whole(kind, grain, period, calendar)
    before = Period(period.start - DAY * period.days, period.start)
    return Days(Kind.DAYS, period, calendar.told(Grain.DAY, period), before, calendar.told(Grain.DAY, before))


def _check_past(period: Period, today: date) -> None:
    if period.last > today:
        raise InvalidInputError(f"The period ends on {period.last}, which is still to come: it is {today}")


def _refuse(words: str) -> Days:
    raise InvalidInputError(f"Unknown period {words!r}: use {ACCEPTED}")


def _last(kind: Kind) -> Callable[[date, Calendar], Days]:
    grain = _WHOLE[kind]
    return lambda today, calendar: _whole(kind, grain, calendar.last(grain, today), calendar)


_WHOLE = {Kind.WEEK: Grain.WEEK, Kind.MONTH: Grain.MONTH, Kind.QUARTER: Grain.QUARTER}
_NAMED: dict[str, Callable[[date, Calendar], Days]] = {
    **{f"last-{kind}": _last(kind) for kind in _WHOLE},
    "month-to-date": _to_date,
}
