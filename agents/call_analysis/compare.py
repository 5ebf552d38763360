"""Gathering for comparisons: which calls stand side by side, what differs between them, what came up on one alone."""

import re
from collections.abc import Sequence
from dataclasses import replace

from pydantic import JsonValue

from agents.base import Finding, Turn
from agents.call_analysis.asks import NO_CALLS, Ask, structured
from agents.call_analysis.figures import placed, statistics
from agents.call_analysis.follow_ups import POINTING
from agents.call_analysis.names import SELLER
from agents.call_analysis.telling import Telling
from agents.call_analysis.times import kinds_in, of_kinds
from core.identity import Label
from models.text.words import QUESTION_WORDS, STOP_WORDS, words
from tools.calls.moment import Kind
from tools.servers.call_results import CallSummary
from tools.servers.call_study_results import Comparison, OnlyHere
from tools.servers.call_study_tools import MOST_COMPARED

WHICH_CALLS = "Which calls do you mean? Name two calls, or two accounts, or one account and which of its calls."
LATEST_OF_EACH = "Where an account has several calls this is its latest; name another by its day or title."
LATEST_TWO = "These are the two latest of several calls; name others by their days or titles."
NOTHING_DIFFERS = "No statistic differs by more than it varies within the calls"
MOST_ALIKE = 2
_PLACES = {"first": 0, "earliest": 0, "second": 1, "third": 2, "last": -1, "latest": -1, "most recent": -1}
_PLACED = re.compile(rf"\b({'|'.join(_PLACES)})\b", re.IGNORECASE)
_EVERY = re.compile(r"\b(?:all|three|four|every|each)\b", re.IGNORECASE)
_BEFORE = re.compile(
    r"\b(?:the )?(?:one|call|meeting) before\b|\b(?:the )?(?:previous|earlier|preceding|last) (?:one|call|meeting|time)\b",
    re.IGNORECASE,
)
_CALLED = {
    Kind.OBJECTION: "Objection",
    Kind.COMPETITOR: "Competitor",
    Kind.PRICING: "Price",
    Kind.NEXT_STEP: "Next step",
}


async def compare(ask: Ask, turn: Turn) -> Finding:
    """Two calls or a few, side by side; of one call it says that there is nothing to compare it with."""
    scope = ask.scope
    if not scope.calls:
        return ask.finding(note=NO_CALLS)
    if len(scope.people) > 1 and not scope.accounts and not ask.task.previous.get("calls"):
        return await statistics(ask, turn)
    calls, note = sides(ask)
    if len(calls) < 2:
        return ask.finding(note=note)
    beside = replace(ask, scope=replace(scope, calls=tuple(calls), everything=False))
    ids: list[JsonValue] = [call.call for call in calls]
    found = Comparison.model_validate(await structured(turn, "compare_calls", calls=ids, rep=_rep(ask, calls)))
    telling = _told(found)
    notes = filter(None, (_alike(found), _incomparable(found), note))
    documents = [call.document for call in found.calls]
    return telling.finding(beside, label=Label.parse(found.label), documents=documents, note=" ".join(notes))


def sides(ask: Ask) -> tuple[list[CallSummary], str | None]:
    """The calls to compare, oldest first, with a word on which they are; fewer than two where that cannot be told."""
    scope, question = ask.scope, ask.task.question
    calls = list(reversed(scope.calls))
    if scope.everything:
        return [], WHICH_CALLS
    pointed = _pointed_at(ask)
    if pointed and calls and pointed not in calls:
        return sorted([pointed, calls[-1]], key=_day), LATEST_OF_EACH if len(calls) > 1 else None
    if len(calls) == 1:
        other = _other(ask, calls[0])
        none = f"There is nothing to compare {calls[0].title} with: name another call."
        return (sorted([other, *calls], key=_day), None) if other else (calls, none)
    if len(scope.accounts) > 1:
        latest = {scope.account_of(call): call for call in calls}
        return sorted(latest.values(), key=_day)[:MOST_COMPARED], LATEST_OF_EACH if len(latest) < len(calls) else None
    at = {_PLACES[word.casefold()] % len(calls) for word in _PLACED.findall(question)}
    if len(at) > 1:
        return [calls[place] for place in sorted(at)], None
    if len(calls) == 2 or (_EVERY.search(question) and len(calls) <= MOST_COMPARED):
        return calls, None
    return calls[-2:], LATEST_TWO


def _pointed_at(ask: Ask) -> CallSummary | None:
    """The call of the answer before, where the question points at it ("compare it with the demo")."""
    previous = ask.task.previous
    before = [previous.get("heard"), *reversed(calls if isinstance(calls := previous.get("calls"), list) else [])]
    known = {call.call: call for call in ask.scope.every}
    pointed = [known[id_] for id_ in before if isinstance(id_, str) and id_ in known]
    return pointed[0] if pointed and POINTING.search(ask.task.question) else None


def _other(ask: Ask, call: CallSummary) -> CallSummary | None:
    """What else to compare a call with: the one before it with the same account, or the latest that is named by its kind."""
    others = [one for one in ask.scope.every if one.call != call.call]
    account = ask.scope.account_of(call)
    same = [one for one in others if account and ask.scope.account_of(one) == account]
    if _BEFORE.search(ask.task.question):
        return next((one for one in same if _day(one) < _day(call)), None)
    kinds = {kind for kind in kinds_in(ask.task.question) if not of_kinds([call], {kind})}
    return next(iter([*_titled(ask, same), *of_kinds(same, kinds), *of_kinds(others, kinds)]), None)


def _titled(ask: Ask, calls: Sequence[CallSummary]) -> list[CallSummary]:
    """Those of an account's calls of whose title the question has a word besides the account's name ("the renewal")."""
    asked = {word for word in words(ask.scope.question) if word not in STOP_WORDS | QUESTION_WORDS}
    return [call for call in calls if asked & set(words(call.title))]


def _day(call: CallSummary) -> str:
    return call.held.isoformat() if call.held else ""


def _rep(ask: Ask, calls: Sequence[CallSummary]) -> str | None:
    """The one seller whom the question names and who is on every call."""
    sellers = [{person.name for person in call.people if person.role == SELLER} for call in calls]
    named = [name for name in ask.scope.people if all(name in people for people in sellers)]
    return named[0] if len(named) == 1 else None


def _told(found: Comparison) -> Telling:
    telling = Telling()
    titles = {call.document: call.title for call in found.calls}
    telling.head("What differs" if found.different else NOTHING_DIFFERS)
    for row in found.different or found.alike[:MOST_ALIKE]:
        for one, call in zip(row, found.calls, strict=True):
            if one.figure:
                telling.measure(placed(one.figure, f"on {call.title}"))
    for call in found.calls:
        telling.head(f"Only on {titles[call.document]}")
        for only in found.only:
            if only.document == call.document:
                telling.quote(call.source([only.place.said]), only.place.marked.span, lead=f"{_lead(only)}: ")
    return telling


def _lead(only: OnlyHere) -> str:
    marked = only.place.marked
    told = _CALLED[marked.kind]
    if marked.kind is Kind.OBJECTION and marked.detail != "other":
        return f"{told} ({marked.detail})"
    return f"{told} ({marked.detail})" if marked.kind is Kind.COMPETITOR else told


def _alike(found: Comparison) -> str | None:
    names = [row[0].metric.replace("_", " ") for row in found.alike]
    names = names if found.different else names[MOST_ALIKE:]
    return f"What does not differ by more than it varies within the calls: {', '.join(names)}." if names else None


def _incomparable(found: Comparison) -> str | None:
    names = [name.replace("_", " ") for name in found.incomparable]
    return f"What these calls do not all give: {', '.join(names)}." if names else None
