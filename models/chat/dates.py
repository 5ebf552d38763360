"""The dates a question can mean, so that a model's date is taken only where the question names it."""

import re
from collections.abc import Iterator
from datetime import date, timedelta

from models.claims import claims, folded
from models.text.number_words import MONTHS, spoken

_WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
_NEAR = {"today": 0, "yesterday": -1, "tomorrow": 1, "tonight": 0}
_PERIOD = re.compile(r"\b(last|past|previous|this|current|next|coming)\s+(week|month|quarter|year)\b")
_AMOUNT = re.compile(r"\b([a-z-]+|\d+)\s+(day|week|month|quarter|year)s?\b(\s+ago)?")
_QUARTER = re.compile(r"\b(?:q|quarter )([1-4])\b")
_YEAR = re.compile(r"\b(20\d\d)\b")
_MONTH_NAME = re.compile(r"\b(" + "|".join(sorted(MONTHS, key=len, reverse=True)) + r")\b")
_MONTHS_IN = {"month": 1, "quarter": 3, "year": 12}


def dates_meant(text: str, now: date) -> frozenset[date]:
    """The days that the text names outright or by their distance from today, and the ends of the periods it names.

    A period gives its first and its last day and the day after; a question that names any time also means today.
    """
    plain = folded(text).casefold()
    years = {int(year) for year in _YEAR.findall(plain)} or {now.year - 1, now.year, now.year + 1}
    found = {*_named(plain, years), *_near(plain, now), *_periods(plain, now, years)}
    return frozenset(found | {now} if found else found)


def _named(text: str, years: set[int]) -> Iterator[date]:
    for claim in claims(text):
        if claim.day and claim.day.day:
            for year in [claim.day.year] if claim.day.year else years:
                try:
                    yield date(year, claim.day.month, claim.day.day)
                except ValueError:
                    continue


def _near(text: str, now: date) -> Iterator[date]:
    for word, days in _NEAR.items():
        if re.search(rf"\b{word}\b", text):
            yield now + timedelta(days=days)
    for number, weekday in enumerate(_WEEKDAYS):
        if re.search(rf"\b{weekday}\b", text):
            ahead = (number - now.weekday()) % 7
            yield from (now + timedelta(days=ahead + shift) for shift in (-14, -7, 0, 7))
    for amount, unit, _ago in _AMOUNT.findall(text):
        count = int(amount) if amount.isdigit() else next(iter(_spoken(amount)), None)
        if count is not None and count <= 1000:
            yield from (_shifted(now, unit, -int(count)), _shifted(now, unit, int(count)))


def _spoken(word: str) -> tuple[int, ...]:
    try:
        return tuple(int(value) for value in spoken(word))
    except KeyError:
        return ()


def _periods(text: str, now: date, years: set[int]) -> Iterator[date]:
    for which, unit in _PERIOD.findall(text):
        step = {"this": 0, "current": 0, "next": 1, "coming": 1}.get(which, -1)
        start = _shifted(_start(now, unit), unit, step)
        yield from _ends(start, _shifted(start, unit, 1))
        yield _shifted(now, unit, step)
    for number in _QUARTER.findall(text):
        for year in years:
            start = date(year, 3 * int(number) - 2, 1)
            yield from _ends(start, _shifted(start, "quarter", 1))
    for name in _MONTH_NAME.findall(text):
        for year in years:
            start = date(year, MONTHS[name], 1)
            yield from _ends(start, _shifted(start, "month", 1))
    for year in map(int, _YEAR.findall(text)):
        yield from _ends(date(year, 1, 1), date(year + 1, 1, 1))


def _ends(start: date, after: date) -> tuple[date, ...]:
    return start, after - timedelta(days=1), after


def _start(day: date, unit: str) -> date:
    if unit == "week":
        return day - timedelta(days=day.weekday())
    months = _MONTHS_IN[unit]
    return day.replace(month=(day.month - 1) // months * months + 1, day=1)


def _shifted(day: date, unit: str, count: int) -> date:
    if unit in ("day", "week"):
        return day + timedelta(days=count * (7 if unit == "week" else 1))
    months = day.year * 12 + day.month - 1 + count * _MONTHS_IN[unit]
    year, month = divmod(months, 12)
    last = ((date(year, month + 1, 28) + timedelta(days=4)).replace(day=1) - timedelta(days=1)).day
    return date(year, month + 1, min(day.day, last))
