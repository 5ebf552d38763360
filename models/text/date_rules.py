"""The forms in which people name days, each a pattern with its reading; `dates.mentions` applies them in order."""

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date, timedelta

from models.text.days import Days, day, months, moved, stretch
from models.text.number_words import CARDINALS, MONTHS, ORDINALS

_WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
_SHIFTS = {"last": -1, "past": -1, "previous": -1, "this": 0, "current": 0, "the": 0, "next": 1, "coming": 1}
_NEAR = {
    "day before yesterday": -2, "yesterday": -1, "last night": -1, "today": 0, "tonight": 0, "this morning": 0,
    "this afternoon": 0, "this evening": 0, "tomorrow": 1, "day after tomorrow": 2,
}  # fmt: skip
_TO_DATE = {"wtd": "week", "mtd": "month", "qtd": "quarter", "ytd": "year"}


@dataclass(frozen=True, slots=True)
class Leaning:
    """The day that relative words count from, and which way a month or weekday without a year points."""

    today: date
    future: bool

    def nearest(self, candidates: Iterable[Days]) -> Days | None:
        """Of the same stretch in several years: the latest that has begun, or the next that has not ended."""
        ordered = sorted(candidates, key=lambda days: days.first)
        if self.future:
            return next((days for days in ordered if days.last >= self.today), None)
        return next((days for days in reversed(ordered) if days.first <= self.today), None)


Read = Callable[[dict[str, str], Leaning], Days | None]


def _any(names: Iterable[str]) -> str:
    return "|".join(sorted(names, key=len, reverse=True))


def _iso(said: dict[str, str], _leaning: Leaning) -> Days | None:
    return _real_day(int(said["year"]), int(said["number"]), int(said["day"]))


def _slashed(said: dict[str, str], _leaning: Leaning) -> Days | None:
    one, two = int(said["one"]), int(said["two"])
    if one <= 12 and two <= 12 and one != two:
        return None
    return _real_day(int(said["year"]), *((two, one) if one > 12 else (one, two)))


def _named_day(said: dict[str, str], leaning: Leaning) -> Days | None:
    month, number = MONTHS[said["month"].lower()], _ordinal(said["day"])
    if "year" in said:
        return _real_day(int(said["year"]), month, number)
    # A leap day may be eight years away.
    years = (_real_day(leaning.today.year + gap, month, number) for gap in range(-8, 9))
    return leaning.nearest(days for days in years if days is not None)


def _month_of_year(said: dict[str, str], _leaning: Leaning) -> Days | None:
    return months(int(said["year"]), MONTHS[said["month"].lower()])


def _month(said: dict[str, str], leaning: Leaning) -> Days | None:
    month, shift = MONTHS[said["month"].lower()], _shift(said)
    if shift == 0:
        return months(leaning.today.year, month)
    years = [months(leaning.today.year + gap, month) for gap in (-1, 0, 1)]
    if shift is None:
        return leaning.nearest(years)
    elsewhere = [days for days in years if days != stretch("month", leaning.today)]
    return Leaning(leaning.today, future=shift > 0).nearest(elsewhere)


def _part_of_year(said: dict[str, str], leaning: Leaning) -> Days | None:
    size = 3 if "quarter" in said else 6
    place = said.get("quarter", said.get("half", "")).lower()
    first = ((int(place) if place.isdigit() else ORDINALS[place]) - 1) * size + 1
    year, shift = said.get("before") or said.get("after") or said.get("short"), _shift(said)
    if year:
        return months(int(year) if len(year) == 4 else 2000 + int(year), first, size)
    if shift is not None:
        return months(leaning.today.year + shift, first, size)
    return leaning.nearest(months(leaning.today.year + gap, first, size) for gap in (-1, 0, 1))


def _stretch(said: dict[str, str], leaning: Leaning) -> Days | None:
    return stretch(said["unit"].lower(), leaning.today, _shift(said) or 0)


def _several(said: dict[str, str], leaning: Leaning) -> Days | None:
    count, unit, ahead = _count(said["count"]), said["unit"].lower(), (_shift(said) or 0) > 0
    other = moved(leaning.today, count if ahead else -count, unit)
    return Days(min(leaning.today, other), max(leaning.today, other))


def _ago(said: dict[str, str], leaning: Leaning) -> Days | None:
    return day(moved(leaning.today, -_count(said["count"]), said["unit"].lower()))


def _ahead(said: dict[str, str], leaning: Leaning) -> Days | None:
    return day(moved(leaning.today, _count(said["count"]), said["unit"].lower()))


def _near(said: dict[str, str], leaning: Leaning) -> Days | None:
    return day(leaning.today + timedelta(days=_NEAR[" ".join(said["near"].lower().split())]))


def _weekday(said: dict[str, str], leaning: Leaning) -> Days | None:
    number = next(n for n, name in enumerate(_WEEKDAYS) if name.startswith(said["weekday"].lower()[:3]))
    shift, ahead, back = _shift(said), (number - leaning.today.weekday()) % 7, (leaning.today.weekday() - number) % 7
    if shift == 0:
        return day(stretch("week", leaning.today).first + timedelta(days=number))
    if shift == 1:
        return day(leaning.today + timedelta(days=ahead or 7))
    if shift is None and leaning.future:
        return day(leaning.today + timedelta(days=ahead))
    return day(leaning.today - timedelta(days=7 if shift == -1 and back == 0 else back))


def _to_date(said: dict[str, str], leaning: Leaning) -> Days | None:
    unit = said["unit"].lower() if "unit" in said else _TO_DATE[said["short"].lower()]
    return Days(stretch(unit, leaning.today).first, leaning.today)


def _year(said: dict[str, str], _leaning: Leaning) -> Days | None:
    return months(int(said["year"]), 1, 12)


def _shift(said: dict[str, str]) -> int | None:
    return _SHIFTS[said["which"].lower()] if "which" in said else None


def _count(words: str) -> int:
    word = " ".join(words.lower().split())
    if word.isdigit():
        return int(word)
    return {"a": 1, "an": 1, "a couple of": 2}.get(word) or CARDINALS[word]


def _ordinal(words: str) -> int:
    digits = re.match(r"\d+", words)
    return int(digits.group()) if digits else ORDINALS[" ".join(words.lower().split())]


def _real_day(year: int, month: int, number: int) -> Days | None:
    try:
        return day(date(year, month, number))
    except ValueError:
        return None


def _rule(pattern: str, read: Read) -> tuple[re.Pattern[str], Read]:
    return re.compile(rf"(?<![\w-])(?:{pattern})(?![\w-])", re.IGNORECASE), read


_MONTH = rf"(?P<month>{_any(MONTHS)})\b\.?"
_DAY = rf"(?:the\s+)?(?P<day>\d{{1,2}}(?:st|nd|rd|th)?|{_any(ORDINALS)})\b"
_YEAR = r"(?P<year>(?:19|20)\d{2})"
_COUNT = rf"(?P<count>\d{{1,3}}|an?|a\s+couple\s+of|{_any(CARDINALS)})"
_UNIT = r"(?P<unit>day|week|month|quarter|year)"
_WHICH = r"(?P<which>last|past|previous|this|current|next|coming)"
#: "may" and "march" are months after one of these, or before a year.
_MONTH_CUES = "in|of|since|until|till|by|from|to|during|for|between|and|through|before|after|early|late|mid"
_AFTER_CUE = "|".join(rf"(?<=\b{cue}\s)" for cue in _MONTH_CUES.split("|"))
_EVERYDAY = frozenset({"may", "march", "mar"})

RULES: tuple[tuple[re.Pattern[str], Read], ...] = (
    _rule(rf"{_YEAR}-(?P<number>\d{{2}})-(?P<day>\d{{2}})", _iso),
    _rule(rf"(?P<one>\d{{1,2}})[/.](?P<two>\d{{1,2}})[/.]{_YEAR}", _slashed),
    _rule(rf"{_MONTH}\s+{_DAY}(?:,?\s+{_YEAR})?", _named_day),
    _rule(rf"{_DAY}\s+(?:of\s+)?{_MONTH}(?:,?\s+{_YEAR})?", _named_day),
    _rule(
        r"(?:(?P<before>20\d{2})[\s-]*)?(?:(?P<which>last|this|next)\s+year(?:'s)?\s+)?"
        r"(?:q(?P<quarter>[1-4])|h(?P<half>[12]))(?:(?:\s+of)?[\s-]*(?P<after>20\d{2})|\s*'(?P<short>\d{2}))?",
        _part_of_year,
    ),
    _rule(
        r"(?:(?P<quarter>first|second|third|fourth)\s+quarter|(?P<half>first|second)\s+half)"
        r"(?:\s+of\s+(?:(?P<which>last|this|next|the)\s+year|(?P<after>20\d{2})))?",
        _part_of_year,
    ),
    _rule(rf"{_MONTH}\s+{_YEAR}", _month_of_year),
    _rule(rf"(?:{_WHICH}\s+|{_AFTER_CUE})(?P<month>{_any(_EVERYDAY)})\b\.?", _month),
    _rule(rf"(?:{_WHICH}\s+)?(?P<month>{_any(set(MONTHS) - _EVERYDAY)})\b\.?", _month),
    _rule(r"(?P<unit>year|quarter|month|week)[\s-]to[\s-]date|(?P<short>wtd|mtd|qtd|ytd)", _to_date),
    _rule(rf"(?:the\s+)?{_WHICH}\s+{_COUNT}\s+{_UNIT}s?", _several),
    _rule(rf"{_COUNT}\s+{_UNIT}s?\s+ago", _ago),
    _rule(rf"in\s+{_COUNT}\s+{_UNIT}s?(?:'s?\s+time)?", _ahead),
    _rule(rf"{_COUNT}\s+{_UNIT}s?\s+from\s+(?:now|today)", _ahead),
    _rule(rf"{_WHICH}\s+{_UNIT}(?:'s)?", _stretch),
    _rule(rf"(?<= of )(?P<which>the)\s+{_UNIT}", _stretch),
    _rule(rf"(?:the\s+)?(?P<near>{_any(_NEAR)})(?:'s)?", _near),
    _rule(rf"(?:{_WHICH}\s+|on\s+)?(?P<weekday>{_any(_WEEKDAYS)})(?:'s)?", _weekday),
    _rule(r"on\s+(?P<weekday>mon|tues?|wed|thu(?:rs)?|fri|sat|sun)", _weekday),
    _rule(rf"(?<![/.]){_YEAR}", _year),
)
