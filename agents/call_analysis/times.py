"""Which of several calls a question means by its words: a day or month, the kind of call, the first, the last two."""

import re
from collections.abc import Iterator, Sequence
from collections.abc import Set as AbstractSet
from datetime import date

from models.text.dates import Mention, mentions
from models.text.words import STOP_WORDS
from tools.servers.call_results import CallSummary

MEETING = r"(?:calls?|meetings?|conversations?|sessions?|chats?|demos?|reviews?|qbrs?|kick-?offs?|intros?)"
_COUNTS = {"two": 2, "2": 2, "couple": 2, "three": 3, "3": 3, "four": 4, "4": 4, "five": 5, "5": 5}
LATEST = re.compile(
    rf"\b(?:last|latest|most recent|newest|yesterday's)\s+(?P<count>{'|'.join(_COUNTS)})?\s*(?:of\s+)?(?:\w+\s+){{0,2}}?{MEETING}\b",
    re.IGNORECASE,
)
FIRST = re.compile(rf"\b(?:first|earliest)\s+(?:\w+\s+){{0,2}}?{MEETING}\b", re.IGNORECASE)
_KINDS = r"demo|qbr|intro|kick-?off|negotiation"
KIND_OF_CALL = re.compile(rf"\b([a-z]+)\s+{MEETING}\b|\b(?:{_KINDS})s?\b", re.IGNORECASE)
_KIND = re.compile(rf"\b({_KINDS}|review)s?\b", re.IGNORECASE)
SYNONYMS = (
    frozenset({"discovery", "intro", "introduction", "introductory", "first"}),
    frozenset({"review", "qbr", "quarterly"}),
    frozenset({"negotiation", "procurement", "pricing"}),
    frozenset({"kickoff", "kick-off", "onboarding"}),
)
#: What stands before a day that says when calls were held, and not what was talked about ("by the end of March").
_HELD_ON = re.compile(
    rf"(?:\b(?:in|on|during|from|of|since|between|this|last)|\b{MEETING})\s*(?:the\s+)?$", re.IGNORECASE
)
_NOT_HELD = re.compile(
    r"\b(?:by|until|till|before|due|end of|for|starting|ends? (?:on|in))\s*(?:the\s+)?$", re.IGNORECASE
)
_PREPOSITION = re.compile(r"\b(?:in|on|during|from|of|since|this|last)\s*(?:the\s+)?$", re.IGNORECASE)
_CALL_AFTER = re.compile(rf"^(?:['’]s)?\s+(?:\w+\s+){{0,2}}?{MEETING}\b", re.IGNORECASE)


def held_when(calls: Sequence[CallSummary], question: str, today: date) -> tuple[tuple[CallSummary, ...], str]:
    """The calls held when the question says, and the question without saying it; all of them where it does not."""
    for mention in mentions(question, today=today):
        within = tuple(call for call in calls if call.held and _covers(mention, call.held.date()))
        if within and _says_when(question, mention):
            before, after = question[: mention.span[0]], question[mention.span[1] :]
            return within, " ".join(f"{_PREPOSITION.sub('', before)}{after}".split())
    return tuple(calls), question


def picked(calls: Sequence[CallSummary], question: str) -> tuple[CallSummary, ...]:
    """Those of the kind the question names ("the renewal call"); of them the latest or the first if it says so."""
    chosen = of_kinds(calls, kinds_in(question)) or tuple(calls)
    latest = LATEST.search(question)
    if latest:
        return chosen[: _COUNTS.get((latest["count"] or "").lower(), 1)]
    return chosen[-1:] if FIRST.search(question) else chosen


def kinds_in(question: str) -> set[str]:
    """The words before meetings, and meetings that are kinds themselves."""
    said = {kind.casefold() for match in KIND_OF_CALL.finditer(question) for kind in _kinds(match)}
    return said - STOP_WORDS - _COUNTS.keys()


def of_kinds(calls: Sequence[CallSummary], kinds: AbstractSet[str]) -> tuple[CallSummary, ...]:
    """The calls whose titles have one of the kinds, or a word for it."""
    alike = set(kinds).union(*(words for words in SYNONYMS if kinds & words))
    return tuple(call for call in calls if alike & set(re.findall(r"[\w-]+", call.title.casefold())))


def _kinds(match: re.Match[str]) -> Iterator[str]:
    """The word before a meeting ("the renewal call"), and the meeting where it is a kind itself ("the last demo")."""
    yield from filter(None, (match[1],))
    yield from _KIND.findall(match.group())


def _covers(mention: Mention, day: date) -> bool:
    return mention.days.first <= day <= mention.days.last


def _says_when(question: str, mention: Mention) -> bool:
    before, after = question[: mention.span[0]], question[mention.span[1] :]
    if _NOT_HELD.search(before):
        return False
    words = question[slice(*mention.span)].lower()
    return bool(_HELD_ON.search(before) or _CALL_AFTER.match(after) or words.startswith(("this ", "last ", "since ")))
