"""Days and stretches of days as people say them, relative to a given day.

A month, weekday or quarter without a year is the latest one that has begun, or with `future` the next that has not
ended. Weeks begin on Monday, quarters are the calendar's, "next Thursday" is the first Thursday after today. A date
whose order of day and month cannot be told (03/04/2026) is not read.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from models.text.date_rules import RULES, Leaning
from models.text.days import Days, day

_EDGE = re.compile(r"\b(end|start|beginning)\s+(?:of\s+)?(?:the\s+)?$", re.IGNORECASE)
_FROM = re.compile(r"\b(?:from|between)\s+(?:the\s+)?$", re.IGNORECASE)
_TO = re.compile(r"\s*(?:to|until|till|through|-|–)\s*(?:the\s+)?", re.IGNORECASE)
_AND = re.compile(r"\s+and\s+(?:the\s+)?", re.IGNORECASE)
_SINCE = re.compile(r"\bsince\s+(?:the\s+)?$", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Mention:
    """Days that a text names, and where (half-open range of characters)."""

    days: Days
    span: tuple[int, int]


def mentions(text: str, *, today: date, future: bool = False) -> tuple[Mention, ...]:
    """The days a text names, in order. `future` says which way a month or weekday without a year points.

    "from March to May" is one mention, "since March" reaches until today, "end of March" is one day.
    """
    edged = [_edged(text, mention) for mention in stretches(text, today=today, future=future)]
    return tuple(_reaching(text, mention, today) for mention in _ranges(text, edged))


def stretches(text: str, *, today: date, future: bool = False) -> tuple[Mention, ...]:
    """The days a text names, in order, each by itself: "from March to May" is two mentions."""
    found: list[Mention] = []
    for pattern, read in RULES:
        for match in pattern.finditer(text):
            if any(match.start() < mention.span[1] and mention.span[0] < match.end() for mention in found):
                continue
            said = {name: value for name, value in match.groupdict().items() if value}
            days = read(said, Leaning(today, future))
            if days is not None:
                found.append(Mention(days, match.span()))
    return tuple(sorted(found, key=lambda mention: mention.span))


def _edged(text: str, mention: Mention) -> Mention:
    edge = _EDGE.search(text[: mention.span[0]])
    if edge is None:
        return mention
    only = mention.days.last if edge.group(1).lower() == "end" else mention.days.first
    return Mention(day(only), (edge.start(), mention.span[1]))


def _ranges(text: str, found: list[Mention]) -> Iterator[Mention]:
    """Two mentions as one where the words between them say so."""
    waiting = list(found)
    while waiting:
        mention = waiting.pop(0)
        if waiting and _leads_to(text, mention, waiting[0]):
            last = waiting.pop(0)
            yield Mention(Days(mention.days.first, last.days.last), (mention.span[0], last.span[1]))
        else:
            yield mention


def _leads_to(text: str, mention: Mention, following: Mention) -> bool:
    if mention.days.first > following.days.last:
        return False
    start, end = mention.span[1], following.span[0]
    opened = _FROM.search(text[: mention.span[0]]) is not None
    return _TO.fullmatch(text, start, end) is not None or (opened and _AND.fullmatch(text, start, end) is not None)


def _reaching(text: str, mention: Mention, today: date) -> Mention:
    if mention.days.first > today or _SINCE.search(text[: mention.span[0]]) is None:
        return mention
    return Mention(Days(mention.days.first, max(today, mention.days.first)), mention.span)
