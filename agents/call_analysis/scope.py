"""Which calls a question is about: by what it names, by what the conversation was about before, by time."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from agents.base import Task, Turn
from agents.call_analysis.names import Names, named, speaks
from agents.call_analysis.times import held_when, picked
from models.text.unnamed import unnamed
from tools.servers.call_results import CallList, CallSummary

LEANING = re.compile(
    r"^\s*(?:and|but|so|what about|how about)\b|\b(?:they|them|their|theirs|he|him|his|she|her|hers|it|its|that one|that call"
    r"|the call|this call|that meeting|the meeting|that conversation)\b",
    re.IGNORECASE,
)
#: Rules of one's own house are talked about wherever they come up, whichever account a question is about.
OWN_RULES = re.compile(
    r"\bour (?:own )?(?:rules?|polic(?:y|ies)|process|guidelines?)\b|\bwe (?:have )?(?:decided?|agreed) internally\b"
    r"|\bwhat we decided\b|\bwhat did we decide\b|\binternally\b",
    re.IGNORECASE,
)
#: A question of so few words that names nothing goes on with what was talked about, unless it asks of all calls.
SHORT = 6
ALL_CALLS = re.compile(r"\b(?:all|any|every|each|most|list|how many|which (?:\w+ )?calls?|across)\b", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Scope:
    """The calls a question is about, latest first, whom it names, and what it asks once accounts' names are taken away.

    `said` is how it names people, `names` all that it names; `everything` when it names nothing; `narrowed` when it means
    some of an account's or a person's calls. `every` are all calls that may be read, latest first.
    """

    calls: tuple[CallSummary, ...]
    accounts: tuple[str, ...]
    people: tuple[str, ...]
    said: tuple[str, ...]
    everything: bool
    narrowed: bool
    question: str
    names: Names
    every: tuple[CallSummary, ...] = ()

    def account_of(self, call: CallSummary) -> str | None:
        """With whom the call was, as far as that is known."""
        known = self.names.by_call.get(call.call, ())
        return known[0].name if known else None

    @property
    def ids(self) -> list[str]:
        """The calls' ids."""
        return [call.call for call in self.calls]


async def scope_of(task: Task, turn: Turn) -> Scope:
    """The scope of a task. Given calls win over names, names over what the conversation was about before."""
    result = await turn.tools.call(turn.principal, "list_calls", {}, deadline=turn.deadline)
    calls = CallList.model_validate(result.structured).calls
    names = named(task.question, turn.entities, calls)
    within = _within(calls, task, names)
    dated, bare = held_when(within, unnamed(task.question, names.spans), turn.now.date())
    chosen = within if OWN_RULES.search(task.question) else picked(dated, unnamed(task.question, names.spans))
    return Scope(
        calls=chosen,
        accounts=names.accounts,
        people=names.people,
        said=names.said,
        everything=len(chosen) == len(calls) and not (task.calls or names.accounts or names.people),
        narrowed=len(chosen) < len(within),
        question=bare,
        names=names,
        every=tuple(calls),
    )


def _within(calls: Sequence[CallSummary], task: Task, names: Names) -> tuple[CallSummary, ...]:
    titled = [call.call for call in calls if _mentions(task.question, call)]
    given = task.calls or titled or (() if names.accounts else _remembered(task, calls))
    if given:
        return tuple(call for call in calls if call.call in given)
    if OWN_RULES.search(task.question):
        return tuple(calls)
    if names.accounts:
        return tuple(call for call in calls if call.call in names.calls)
    theirs = tuple(call for call in calls if speaks(call, names.people))
    return theirs or tuple(calls)


def _mentions(question: str, call: CallSummary) -> bool:
    """Whether the question has the call's id, or its whole title of two words or more."""
    if re.search(rf"(?<![\w-]){re.escape(call.call)}(?![\w-])", question):
        return True
    return " " in call.title.strip() and call.title.casefold() in question.casefold()


def _remembered(task: Task, calls: Sequence[CallSummary]) -> tuple[str, ...]:
    """The calls that the conversation was about, where the question leans on it."""
    before = task.previous.get("calls")
    leans = LEANING.search(task.question) or (
        len(task.question.split()) <= SHORT and not ALL_CALLS.search(task.question)
    )
    if not isinstance(before, list) or not leans:
        return ()
    return tuple(call.call for call in calls if call.call in before)
