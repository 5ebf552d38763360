"""By when: dates as people say them, resolved from the day of the call."""

import calendar
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta

from models.text.number_words import CARDINALS, MONTHS
from tools.calls.tense import tells_of_event

_WEEKDAYS = {name.lower(): number for number, name in enumerate(calendar.day_name)}
_PERIODS = {"d": "day", "w": "week", "m": "month", "q": "quarter", "y": "year"}
_WEEKDAY = f"(?P<weekday>{'|'.join(_WEEKDAYS)})"
_MONTH = f"(?P<month>{'|'.join(sorted(MONTHS, key=len, reverse=True))})"
_COUNT = f"(?P<count>\\d{{1,3}}|an?|(?:a )?couple(?: of)?|{'|'.join(CARDINALS)})"
_UNIT = r"(?P<unit>(?:business |working )?day|week|month)s?"
_BY = r"(?:(?P<by>by|before|until|till|no later than|on|from)(?: about| around)? )?"
_YEAR = r"(?:,? (?P<year>20\d\d))?"
_NAMES = "|".join(_WEEKDAYS)
_SPAN = r"(?:business day|weekday|day|week|month|quarter|year|morning|afternoon|evening)"
_OFTEN = (
    rf"(?:(?:every|each)(?: (?:other|second|single))? (?:{_SPAN}|{_NAMES})s?|(?:once|twice|\w+ times) an? {_SPAN})"
    rf"(?:,? (?:on )?(?:{_NAMES})s?)?"
)
_PLURAL = rf"(?:{_NAMES})s(?: and (?:on )?(?:{_NAMES})s?)?"
_DAY_OF_EACH = rf"(?:{_NAMES})s?(?: (?:morning|afternoon|evening)s?)? (?:every|each) {_SPAN}"
_NOT_THEN = re.compile(
    r"\b(?:last|past|previous|since|except|besides|not|an?)(?: (?:on|for|the|this))* $", re.IGNORECASE
)
_NOT_BEFORE = re.compile(r"\b(?:nothing|not|never)\b[^.]*$", re.IGNORECASE)
_REPEATED = re.compile(r"\b(?:every|each|daily|weekly|monthly)\b[^.]*$", re.IGNORECASE)

Resolve = Callable[[re.Match[str], date], date | None]


@dataclass(frozen=True, slots=True)
class Due:
    """When something is due, as it was said and where; `day` is None where the words fix none ("in a few weeks", "every Tuesday")."""

    text: str
    span: tuple[int, int]
    day: date | None


def dues(text: str, on: date | None) -> list[Due]:
    """Every due date in the text, in order and without overlaps; `on` is the day of the call.

    A bare weekday is the next one; "next Thursday" is the one of the following calendar week; a week is due on its
    Friday; a month, quarter or year on its last day. Days before the call and days on which something happened are none;
    what comes again ("every Tuesday") fixes no day, unless it is said from which week on. Without `on` only dates that name their year are resolved.
    """
    found: list[Due] = []
    for pattern, resolve in _RULES:
        for match in pattern.finditer(text):
            if _is_free(match, found):
                found.append(Due(match.group(), match.span(), _resolved(match, resolve, on)))
    ahead = (due for due in found if not _is_behind(due, on) and not _is_ruled_out(text, due))
    return sorted(ahead, key=lambda due: due.span)


def _is_free(match: re.Match[str], found: list[Due]) -> bool:
    return all(match.end() <= due.span[0] or due.span[1] <= match.start() for due in found)


def _is_behind(due: Due, on: date | None) -> bool:
    return due.day is not None and on is not None and due.day < on


def _is_ruled_out(text: str, due: Due) -> bool:
    """A day is no due date in "nothing before the 23rd", "last Friday", "Friday's outage", "we met on Friday"."""
    start, end = due.span
    lead = re.split(r"[.?!;]\s|,\s", text[max(0, start - 80) : start])[-1]
    by = due.text.split()[0].lower()
    if by == "before" and _NOT_BEFORE.search(lead):
        return True
    if by in ("until", "till") and _REPEATED.search(lead):
        return True
    if _NOT_THEN.search(lead) or re.match(r"['’]s\b", text[end:]):
        return True
    return by not in ("by", "before", "until", "till") and tells_of_event(lead)


def _resolved(match: re.Match[str], resolve: Resolve, on: date | None) -> date | None:
    if on is None and not re.search(r"\b20\d\d\b", match.group()):
        return None
    try:
        return resolve(match, on or date.min)
    except ValueError:  # the 31st of a month that has none
        return None


def _iso(said: re.Match[str], _on: date) -> date:
    return date.fromisoformat(said["date"])


def _slashed(said: re.Match[str], on: date) -> date:
    return _dated(on, int(said["number"]), int(said["day"]), said["year"])


def _named(said: re.Match[str], on: date) -> date:
    return _dated(on, MONTHS[said["month"].lower()], int(said["day"]), said["year"])


def _ahead(said: re.Match[str], on: date) -> date:
    base = said["base"].lower()
    start = {"now": on, "today": on, "tomorrow": on + timedelta(days=1)}.get(base) or _next_weekday(on, base)
    return _later(start, said["count"], said["unit"])


def _within(said: re.Match[str], on: date) -> date:
    return _later(on, said["count"], said["unit"])


def _end(said: re.Match[str], on: date) -> date:
    period = said["period"].lower()
    if period in MONTHS:
        return _last_of_month(on.year + (MONTHS[period] < on.month), MONTHS[period])
    return _last_day(on, period, ahead=(said["which"] or "").lower() == "next")


def _short_end(said: re.Match[str], on: date) -> date:
    return _last_day(on, _PERIODS[said["period"].lower()], ahead=False)


def _during(said: re.Match[str], on: date) -> date:
    return _last_day(on, said["period"].lower(), ahead=said["which"].lower() == "next")


def _weekday_with_day(said: re.Match[str], on: date) -> date | None:
    return _day_of_month(on, int(said["day"]), _WEEKDAYS[said["weekday"].lower()])


def _weekday(said: re.Match[str], on: date) -> date:
    weekday, which = said["weekday"].lower(), (said["which"] or "").lower()
    if which in ("next", "the following"):
        return on + timedelta(days=7 - on.weekday() + _WEEKDAYS[weekday])
    return _next_weekday(on - timedelta(days=which == "this"), weekday)


def _day(said: re.Match[str], on: date) -> date | None:
    return _day_of_month(on, int(said["day"]))


def _patterns(*rules: tuple[str, Resolve]) -> Iterator[tuple[re.Pattern[str], Resolve]]:
    for pattern, resolve in rules:
        yield re.compile(rf"(?<![\w-]){_BY}{pattern}(?!\w)", re.IGNORECASE), resolve


_RULES: tuple[tuple[re.Pattern[str], Resolve], ...] = tuple(
    _patterns(
        (
            rf"(?:every|each) {_WEEKDAY}s?\b[^.;?!]{{0,40}}? (?:starting|beginning|from) (?P<which>this|next) week",
            _weekday,
        ),
        (_OFTEN, lambda _said, _on: None),
        (_PLURAL, lambda _said, _on: None),
        (_DAY_OF_EACH, lambda _said, _on: None),
        (r"(?P<date>20\d\d-\d\d-\d\d)", _iso),
        (rf"{_MONTH}\.? (?:the )?(?P<day>\d{{1,2}})(?:st|nd|rd|th)?(?!\d){_YEAR}", _named),
        (rf"(?:the )?(?P<day>\d{{1,2}})(?:st|nd|rd|th)? (?:of )?{_MONTH}{_YEAR}", _named),
        (r"(?<=(?:on|by) )(?P<number>0?[1-9]|1[0-2])/(?P<day>\d{1,2})(?:/(?P<year>(?:20)?\d\d))?", _slashed),
        (r"(?:the )?day after tomorrow", lambda _, on: on + timedelta(days=2)),
        (rf"{_COUNT} {_UNIT} from (?P<base>now|today|tomorrow|{'|'.join(_WEEKDAYS)})", _ahead),
        (rf"(?:in|within)(?: about)? {_COUNT} {_UNIT}", _within),
        (r"in a few (?:days|weeks|months)", lambda _said, _on: None),
        (rf"(?:the )?end of (?:(?P<which>the|this|next) )?(?P<period>day|week|month|quarter|year|{_MONTH})", _end),
        (r"eo(?P<period>[dwmqy])", _short_end),
        (rf"{_WEEKDAY},? (?:the )?(?P<day>\d{{1,2}})(?:st|nd|rd|th)", _weekday_with_day),
        (rf"(?:(?P<which>this|next|the following) )?(?:coming )?{_WEEKDAY}", _weekday),
        (r"the (?P<day>\d{1,2})(?:st|nd|rd|th)", _day),
        (r"(?:(?:early|later|late|sometime) )?(?P<which>this|next) (?P<period>week|month|quarter)", _during),
        (r"tomorrow", lambda _, on: on + timedelta(days=1)),
        (r"(?:today|tonight|this (?:morning|afternoon|evening))", lambda _, on: on),
    )
)


def _dated(on: date, month: int, day: int, year: str | None) -> date:
    """The day in the year said, else in this one, or in the next when it was more than half a year ago."""
    if year:
        return date(int(year) % 100 + 2000, month, day)
    this_year = date(on.year, month, day)
    return this_year if on - this_year < timedelta(days=183) else date(on.year + 1, month, day)


def _later(base: date, count: str, unit: str) -> date:
    said = count.lower()
    number = (
        1 if said in ("a", "an") else 2 if "couple" in said else CARDINALS[said] if said in CARDINALS else int(said)
    )
    if unit.lower() == "month":
        years, month = divmod(base.month - 1 + number, 12)
        last = _last_of_month(base.year + years, month + 1)
        return last.replace(day=min(base.day, last.day))
    if " " in unit:
        return _working_days(base, number)
    return base + timedelta(days=number * (7 if unit.lower() == "week" else 1))


def _working_days(base: date, number: int) -> date:
    """So many days after `base`, Saturdays and Sundays not counted."""
    weeks, days = divmod(number, 5)
    friday = min(base.weekday(), 4)
    over = friday + days
    return base + timedelta(days=friday - base.weekday() + weeks * 7 + days + 2 * (over > 4))


def _next_weekday(on: date, name: str) -> date:
    """The first such day after `on`."""
    return on + timedelta(days=(_WEEKDAYS[name] - on.weekday() - 1) % 7 + 1)


def _day_of_month(on: date, day: int, weekday: int | None = None) -> date | None:
    """The first such day of a month after `on`; with a weekday, the first that falls on it within a year."""
    fitting = [one for ahead in range(1, 367) if (one := on + timedelta(days=ahead)).day == day]
    return next((one for one in fitting if weekday in (None, one.weekday())), fitting[0] if fitting else None)


def _last_day(on: date, period: str, *, ahead: bool) -> date:
    if period == "day":
        return on
    if period == "week":
        return on + timedelta(days=4 - on.weekday() + 7 * (ahead or on.weekday() > 4))
    if period == "year":
        return date(on.year + ahead, 12, 31)
    length = 1 if period == "month" else 3
    years, month = divmod((on.month - 1) // length * length + length + length * ahead - 1, 12)
    return _last_of_month(on.year + years, month + 1)


def _last_of_month(year: int, month: int) -> date:
    return date(year, month, calendar.monthrange(year, month)[1])
