"""Promises of ours that are past due, as far as later calls and the CRM tell."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date

from memory.crm.records import Activity
from models.evidence import Source
from models.reporting import denies
from models.text.sentences import sentence_spans
from models.text.words import content_stems
from tools.risks.hearing import Heard, Promise
from tools.risks.reason import Kind, Number, Reason, days_told, quoted

FEWEST_SHARED = 2
_PRESENCE = re.compile(r"\b(?:be there|see you|meet(?:ing)?|visit|join|come (?:by|out|over|down)|talk to you)\b", re.I)
_DONE = re.compile(
    r"\b(?:sent|got|received|did|done|was|were|went|is (?:live|in|up)|has been|have been|arrived|thank\w*|there's|there is)\b",
    re.IGNORECASE,
)
#: Acts rather than matters: two mails that were sent need not be about the same.
_ACTS = frozenset(
    content_stems("send sent have get give make bring take put call write email follow circle back let know")
)


@dataclass(frozen=True, slots=True)
class Overdue:
    """A promise past due of which nothing later says that it was done; `returned` is where a customer came back to it."""

    promise: Promise
    days: int
    returned: Source | None = None


def overdue(calls: Sequence[Heard], activities: Sequence[Activity], today: date) -> list[Overdue]:
    """The promises of these calls, all with one account, longest overdue first; of one person for one day only one.

    A promise to come is kept by anything done with the account on its day; another one by an activity or a sentence of a
    later call that shares more than half of its matter and denies nothing.
    """
    found: dict[tuple[str, date], Overdue] = {}
    for call in calls:
        later = [one for one in calls if one.day > call.day]
        for promise in call.promises:
            done = [one for one in activities if call.day < one.day <= today or one.day == promise.due]
            if promise.due < today and not _kept(promise, later, done):
                one = Overdue(promise, (today - promise.due).days, _returned(promise, later))
                found.setdefault((promise.owner, promise.due), one)
    return sorted(found.values(), key=lambda one: (-one.days, one.promise.owner))


def promise_reason(one: Overdue) -> Reason:
    """`Promised for 2026-02-28, 20 days ago, and nothing later says that it was done. Dale Pruitt: "…"`"""
    promise = one.promise
    told = f"Promised for {promise.due}, {days_told(one.days)} ago, and nothing later says that it was done. "
    text = told + quoted(promise.quote)
    quotes = (promise.quote, one.returned) if one.returned else (promise.quote,)
    if one.returned and one.returned.held:
        text += f" On {one.returned.held.date()} {quoted(one.returned)}"
    return Reason(Kind.PROMISE, text, (Number("days_promise_overdue", one.days, "days", promise.due),), quotes)


def _kept(promise: Promise, later: Sequence[Heard], done: Sequence[Activity]) -> bool:
    if _PRESENCE.search(_text(promise.quote)) and any(one.day == promise.due for one in done):
        return True
    matter = _matter(promise)
    return any(_tells(one, matter) for one in done) or any(
        _DONE.search(text) and not text.rstrip().endswith("?") and not denies(text) and _shares(text, matter)
        for call in later
        for text in map(_text, call.said)
    )


def _tells(done: Activity, matter: frozenset[str]) -> bool:
    """Whether an activity is about the matter: its title mostly is, or what it says shares most of it."""
    title = _stems(done.subject or "")
    if len(title & matter) >= FEWEST_SHARED and 2 * len(title & matter) > len(title):
        return True
    return _shares(" ".join([done.subject or "", *_undenied(done.text or "")]), matter)


def _undenied(text: str) -> Iterator[str]:
    return (text[start:end] for start, end in sentence_spans(text) if not denies(text[start:end]))


def _returned(promise: Promise, later: Sequence[Heard]) -> Source | None:
    """Where somebody of the customer first comes back to the matter on a later call."""
    matter, ours = _matter(promise), promise.quote.utterances[0].role
    said = (one for call in later for one in call.said if one.utterances[0].role != ours)
    return next((one for one in said if _shares(_text(one), matter)), None)


def _matter(promise: Promise) -> frozenset[str]:
    """What was promised, without by when and by whom; of a promise that hardly says it, the words around it."""
    beside = _stems(f"{promise.due_text} {promise.owner}") | _ACTS
    matter = _stems(_text(promise.quote)) - beside
    return matter if len(matter) >= FEWEST_SHARED else promise.around - _ACTS


def _shares(text: str, matter: frozenset[str]) -> bool:
    shared = len(_stems(text) & matter)
    return shared >= FEWEST_SHARED and 2 * shared > len(matter)


def _stems(text: str) -> frozenset[str]:
    return frozenset(content_stems(text))


def _text(said: Source) -> str:
    return said.utterances[0].text
