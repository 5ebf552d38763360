"""What stands beside a number or instead of one: units of time, rates, weekdays, multiples, dozens, vague counts.

The patterns are for a regular expression without regard to case; each reading gives one spelling for all that mean the
same, so that "a week", "per week" and "weekly" can be compared.
"""

import re

from models.text.number_words import CARDINALS, MAGNITUDES

_TIMES = {
    "second": "seconds sec secs", "minute": "minutes min mins", "hour": "hours hr hrs", "day": "days",
    "week": "weeks wk wks", "month": "months mo mos", "quarter": "quarters", "year": "years yr yrs",
}  # fmt: skip
TIME_UNITS = {word: unit for unit, words in _TIMES.items() for word in (unit, *words.split())}
_EVERY = {
    "hourly": "hour", "daily": "day", "weekly": "week", "monthly": "month", "quarterly": "quarter", "yearly": "year",
    "annual": "year", "annually": "year", "annum": "year", "p.a.": "year",
}  # fmt: skip
_WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
_MULTIPLES = {
    r"twice|two-?fold|doubl(?:e[ds]?|ing)(?![\s-]+check)": "twice",
    r"thrice|three-?fold|tripl(?:e[ds]?|ing)": "thrice",
    r"four-?fold|quadrupl(?:e[ds]?|ing)": "fourfold",
    r"half|halv(?:e[ds]?|ing)": "half",
}
_PARTS = r"(?:half|halves|thirds?|fourths?|quarters?|fifths?|tenths?)"


def any_of(words: object) -> str:
    """An alternation of words, the longest first."""
    return "|".join(re.escape(word) for word in sorted(words, key=len, reverse=True))  # type: ignore[call-overload]


_NUMBER = rf"(?:\d+|{any_of(CARDINALS | MAGNITUDES)})"
UNIT_OF_TIME = rf"(?:{any_of(TIME_UNITS)})\b"
PERIOD = (
    rf"\b(?:an?|one|per|each|every)[\s-]+{UNIT_OF_TIME}|/\s?{UNIT_OF_TIME}"
    rf"|\bper\s+annum\b|\b(?:{any_of(set(_EVERY) - {'annum', 'p.a.'})})\b|\bp\.a\."
)
NEAR = r"\b(?:tomorrow|yesterday|(?:next|last|this)\s+(?:week|weekend|month|quarter|year))\b"
VAGUE = r"\b(?:tens|dozens|scores|hundreds|thousands|millions|billions)\b"
MULTIPLE = rf"\b(?:{'|'.join(_MULTIPLES)})\b"
FRACTION = rf"\b(?:an?|one|two|three|four|nine)[\s-]+{_PARTS}\s+of\b|\b(?:two|three|four|nine)[\s-]+{_PARTS}\b"
DOZEN = rf"\b(?:half[\s-]+(?:an?[\s-]+)?dozen|(?:an?|{_NUMBER})[\s-]+dozen|dozen|a\s+couple(?:\s+of)?)\b"
#: Short forms are weekdays only with a capital: "sat" and "wed" are words of their own.
WEEKDAY = rf"\b(?:{any_of(_WEEKDAYS)})s?\b|(?-i:\b(?:Mon|Tues?|Weds?|Thu(?:rs?)?|Fri)\b)"


def period(text: str) -> str:
    """`week` of "a week", "per week", "/wk" or "weekly"."""
    word = re.split(r"[\s/-]+", text.lower())[-1]
    return _EVERY.get(word) or TIME_UNITS[word]


def weekday(text: str) -> str:
    """`thursday` of "Thurs" or "Thursdays"."""
    return next(name for name in _WEEKDAYS if name.startswith(text.lower()[:3]))


def multiple(text: str) -> str:
    """`twice` of "doubled" or "two-fold"."""
    return next(meant for pattern, meant in _MULTIPLES.items() if re.fullmatch(pattern, text, re.IGNORECASE))


def fraction(text: str) -> str:
    """`two third` of "two-thirds of": how many of which part."""
    count, part = re.split(r"[\s-]+", text.lower())[:2]
    part = {"halves": "half", "fourth": "quarter", "fourths": "quarter"}.get(part, part.removesuffix("s"))
    return f"{'one' if count in ('a', 'an') else count} {part}"


def dozens(text: str) -> int:
    """6 of "half a dozen", 24 of "two dozen", 2 of "a couple"."""
    first, *_ = re.split(r"[\s-]+", text.lower())
    if "couple" in text.lower():
        return 2
    if first == "half":
        return 6
    if first in ("a", "an", "dozen"):
        return 12
    count = int(first) if first.isdigit() else CARDINALS.get(first) or MAGNITUDES[first]
    return 12 * count
