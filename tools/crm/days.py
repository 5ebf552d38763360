"""Days as exports write them, and what a whole column says about the order that its days are written in."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

from tools.crm.unreadable import UnreadableError

ORDERS = {"dmy": "day-month-year", "mdy": "month-day-year", "ymd": "year-month-day"}
SERIAL = "serial"
EXCEL_DAY_ZERO = date(1899, 12, 30)
SERIALS = range(20_000, 80_000)
"""Excel's numbers for 1954 to 2119: what a column of days holds when a spreadsheet forgot that they are days."""
FEWEST, SHARE = 3, 0.1
"""An order is unlikely if it puts so many, and more than so large a share, of a column's past days into the future."""
CENTURY_TURNS = 69
"""Two-digit years below it are of this century, as in POSIX."""
MONTHS = (
    "january",
    "february",
    "march",
    "april",
    "may",
    "june",
    "july",
    "august",
    "september",
    "october",
    "november",
    "december",
)

_TIME = r"(?:[T ,]+(?P<time>\d{1,2}:\d{2}(?::\d{2}(?:\.\d+)?)?\s*(?:[AaPp][Mm])?)\s*(?P<zone>Z|UTC|[+-]\d{2}:?\d{2})?)?"
_ISO = re.compile(rf"(?P<y>\d{{4}})(?P<sign>[-/.])(?P<m>\d{{1,2}})(?P=sign)(?P<d>\d{{1,2}}){_TIME}")
_COMPACT = re.compile(r"(?P<y>(?:19|20)\d{2})(?P<m>\d{2})(?P<d>\d{2})")
_MONTH = re.compile(r"(?P<y>\d{4})-(?P<m>\d{2})")
_NUMBERS = re.compile(rf"(?P<a>\d{{1,2}})(?P<sign>[-/.])(?P<b>\d{{1,2}})(?P=sign)(?P<c>\d{{4}}|\d{{2}}){_TIME}")
_DAY_NAMED = re.compile(rf"(?P<d>\d{{1,2}})[-. ]+(?P<name>[A-Za-z]{{3,9}})[-., ]+(?P<y>\d{{4}}|\d{{2}}){_TIME}")
_NAMED_DAY = re.compile(rf"(?P<name>[A-Za-z]{{3,9}})[. ]+(?P<d>\d{{1,2}}),? +(?P<y>\d{{4}}){_TIME}")
_SERIAL = re.compile(r"\d{5}(?:\.\d+)?")


@dataclass(frozen=True, slots=True)
class Reading:
    """The order that a column's days are written in, None where none is needed or where it is undecided; what says so."""

    order: str | None
    decided: bool
    why: str


def day(text: str, order: str | None = None) -> date:
    """The day that the text says; UnreadableError where it says none, or needs an `order` to be told from another."""
    found = _self_evident(text)
    if found is not None:
        return found
    if order == SERIAL and _SERIAL.fullmatch(text) and int(float(text)) in SERIALS:
        return EXCEL_DAY_ZERO + timedelta(days=int(float(text)))
    numbers = _NUMBERS.fullmatch(text)
    if numbers is None:
        raise UnreadableError("is no day")
    if order not in ORDERS:
        raise UnreadableError(
            "does not say which number is the day and which the month: write dates: dmy or mdy in the mapping"
        )
    return _ordered(numbers, order)


def moment(text: str, order: str | None = None) -> datetime:
    """The moment that the text says; a day alone is its beginning, and a time without a zone is in UTC."""
    on = day(text, order)
    for pattern in (_ISO, _NUMBERS, _DAY_NAMED, _NAMED_DAY):
        match = pattern.fullmatch(text)
        if match and match["time"]:
            return _at(on, match["time"], match["zone"])
    return datetime(on.year, on.month, on.day, tzinfo=UTC)


def reading(values: Sequence[str], *, today: date, past: bool) -> Reading:
    """How a column's days are written, judged by all of its values together.

    An order is taken if some values can be read in no other, and none speak against it; for a column of past events
    also, if every other would put many of them after `today`. A few days of the future may be mistakes and prove nothing.
    """
    if values and all(_SERIAL.fullmatch(value) and int(float(value)) in SERIALS for value in values):
        how = f"they are the numbers by which spreadsheets count days: {values[0]} is {day(values[0], SERIAL)}"
        return Reading(SERIAL, True, how)
    doubtful = [value for value in dict.fromkeys(values) if _NUMBERS.fullmatch(value)]
    if not doubtful:
        return Reading(None, True, "every value says itself which number is the day")
    read = {order: _readable(doubtful, order) for order in ORDERS}
    best = max(ORDERS, key=lambda order: len(read[order]))
    against = next((value for order in ORDERS for value in read[order] if value not in read[best]), None)
    if against:
        return Reading(None, False, _contradiction(read, best, against))
    possible = [order for order in ORDERS if len(read[order]) == len(read[best])]
    likely = [order for order in possible if not (past and _mostly_to_come(read[order], today))]
    if not read[best] or len(likely) != 1:
        told = " and as ".join(ORDERS[order] for order in possible) if read[best] else "none"
        return Reading(None, False, f"{doubtful[0]!r} and all others can be read as {told}")
    return Reading(likely[0], True, _proof(likely[0], possible, read, today))


def agreed(own: Reading, others: Iterable[Reading]) -> Reading:
    """A column that leaves its order open is written as the other columns of its file, where those agree."""
    orders = {one.order for one in others if one.order in ORDERS}
    if not own.decided and len(orders) == 1:
        [order] = orders
        assert order
        return Reading(order, True, f"the file's other columns are written as {ORDERS[order]}")
    return own


def _contradiction(read: dict[str, dict[str, date]], best: str, against: str) -> str:
    other = next(order for order in ORDERS if against in read[order])
    supporting = next((value for value in read[best] if value not in read[other]), against)
    return f"{supporting!r} can only be {ORDERS[best]}, but {against!r} only {ORDERS[other]}"


def _mostly_to_come(days: dict[str, date], today: date) -> bool:
    late = sum(found > today for found in days.values())
    return late >= FEWEST and late > len(days) * SHARE


def _proof(order: str, possible: Sequence[str], read: dict[str, dict[str, date]], today: date) -> str:
    if len(possible) > 1:
        other = next(one for one in possible if one != order)
        late = next(value for value, found in read[other].items() if found > today)
        return f"read as {ORDERS[other]} many would lie after {today}, such as {late!r}"
    others = [one for one in ORDERS if one != order]
    counted = [(sum(value not in read[one] for value in read[order]), one) for one in others]
    proof = next(value for value in read[order] if value not in read[min(counted)[1]])
    return f"{proof!r} can be read in no other way"


def _readable(values: Sequence[str], order: str) -> dict[str, date]:
    found = {}
    for value in values:
        try:
            found[value] = day(value, order)
        except UnreadableError:
            continue
    return found


def _self_evident(text: str) -> date | None:
    """The day of a text that can be read in one way only; UnreadableError where there is no such day."""
    for pattern in (_ISO, _COMPACT):
        match = pattern.fullmatch(text)
        if match:
            return _date(int(match["y"]), int(match["m"]), int(match["d"]))
    match = _MONTH.fullmatch(text)
    if match:
        return _date(int(match["y"]), int(match["m"]), 1)
    match = _DAY_NAMED.fullmatch(text) or _NAMED_DAY.fullmatch(text)
    named = [number for number, name in enumerate(MONTHS, 1) if match and name.startswith(match["name"].lower())]
    return _date(_year(match["y"]), named[0], int(match["d"])) if match and named else None


def _ordered(numbers: re.Match[str], order: str) -> date:
    a, b, c = numbers["a"], numbers["b"], numbers["c"]
    if order == "ymd" and len(c) == 4:
        raise UnreadableError("does not begin with its year")
    year, month, on = {"dmy": (c, b, a), "mdy": (c, a, b), "ymd": (a, b, c)}[order]
    return _date(_year(year), int(month), int(on))


def _year(digits: str) -> int:
    return int(digits) + (0 if len(digits) == 4 else 2000 if int(digits) < CENTURY_TURNS else 1900)


def _date(year: int, month: int, on: int) -> date:
    try:
        return date(year, month, on)
    except ValueError:
        raise UnreadableError("is no day of the calendar") from None


def _at(on: date, clock: str, zone: str | None) -> datetime:
    half = clock[-2:].lower() if clock[-1] in "mM" else ""
    hour, minute, *second = clock.rstrip("aApPmM ").split(":")
    hours = int(hour) % 12 + (12 if half == "pm" else 0) if half else int(hour)
    try:
        at = datetime(on.year, on.month, on.day, hours, int(minute), int(float(second[0])) if second else 0, tzinfo=UTC)
    except ValueError:
        raise UnreadableError("is no time of the day") from None
    if zone in {None, "Z", "UTC"}:
        return at
    assert zone
    offset = timedelta(hours=int(zone[1:3]), minutes=int(zone[-2:]))
    try:
        return at + offset if zone[0] == "-" else at - offset
    except OverflowError:
        raise UnreadableError("lies beyond the calendar") from None
