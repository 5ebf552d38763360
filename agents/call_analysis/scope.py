"""Which calls a question is about: by what it names, by what the conversation named before, by time."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from agents.base import Task, Turn
from tools.calls.competitors import Gazetteer
from tools.servers.call_results import CallList, CallSummary

MEETING = r"(?:call|meeting|conversation|session|chat|demo|review|qbr|kick-?off|intro)"
LATEST = re.compile(
    rf"\b(?:last|latest|most recent|newest|yesterday's)\s+(?:\w+\s+){{0,2}}?{MEETING}s?\b", re.IGNORECASE
)
FIRST = re.compile(rf"\b(?:first|earliest)\s+(?:\w+\s+){{0,2}}?{MEETING}\b", re.IGNORECASE)
LEANING = re.compile(
    r"^\s*(?:and|but|so|what about|how about)\b|\b(?:they|them|their|theirs|he|him|his|she|her|hers|that call|the call|this call"
    r"|that meeting|the meeting|that conversation)\b",
    re.IGNORECASE,
)
KIND_OF_CALL = re.compile(rf"\b([a-z]+)\s+{MEETING}\b|\b(demo|qbr|intro|kick-?off|negotiation)\b", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Scope:
    """The calls a question is about, latest first, and the names it gave. `everything` when it named none."""

    calls: tuple[CallSummary, ...]
    accounts: tuple[str, ...]
    reps: tuple[str, ...]
    everything: bool

    @property
    def ids(self) -> list[str]:
        """The calls' ids."""
        return [call.call for call in self.calls]


async def scope_of(task: Task, question: str, turn: Turn) -> Scope:
    """The scope of a question. Given calls win over names, names over what the conversation named before."""
    accounts, reps = _named("account", question, turn), _named("rep", question, turn)
    if not accounts and not task.calls and LEANING.search(question):
        accounts = _remembered(task, turn)
    result = await turn.tools.call(turn.principal, "list_calls", {}, deadline=turn.deadline)
    calls = CallList.model_validate(result.structured).calls
    within = tuple(_within(calls, task.calls, accounts, reps))
    narrowed = _narrowed(within, question)
    everything = not (task.calls or accounts or reps) and narrowed == calls
    return Scope(narrowed, accounts, reps, everything)


def _named(kind: str, question: str, turn: Turn) -> tuple[str, ...]:
    known = [entity for entity in turn.entities if entity.kind == kind]
    return tuple(dict.fromkeys(found.name for found in Gazetteer(known).named(question)))


def _remembered(task: Task, turn: Turn) -> tuple[str, ...]:
    before = task.previous.get("accounts")
    known = {entity.name for entity in turn.entities if entity.kind == "account"}
    return tuple(name for name in before if name in known) if isinstance(before, list) else ()


def _within(
    calls: Sequence[CallSummary], given: Sequence[str], accounts: Sequence[str], reps: Sequence[str]
) -> Iterator[CallSummary]:
    for call in calls:
        people = {person.name for person in call.people}
        if given:
            wanted = call.call in given
        elif accounts:
            wanted = call.account in accounts
        else:
            wanted = not reps or not people.isdisjoint(reps)
        if wanted:
            yield call


def _narrowed(calls: tuple[CallSummary, ...], question: str) -> tuple[CallSummary, ...]:
    """Those whose title has the kind of call the question names ("the renewal call"); the latest or first if it says so."""
    kinds = {(match[1] or match[2]).casefold() for match in KIND_OF_CALL.finditer(question)}
    titled = tuple(call for call in calls if kinds & set(re.findall(r"\w+", call.title.casefold())))
    chosen = titled or calls
    if LATEST.search(question):
        return chosen[:1]
    if FIRST.search(question):
        return chosen[-1:]
    return chosen
