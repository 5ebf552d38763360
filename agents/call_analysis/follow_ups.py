"""What a question that leans on the conversation goes on about: the topic, and the call that was heard from."""

import re

from agents.base import Task
from agents.call_analysis.intents import Intent, says_nothing_new
from agents.call_analysis.scope import Scope
from models.text.words import QUESTION_WORDS, STOP_WORDS, words
from tools.servers.call_results import CallSummary

POINTING = re.compile(r"\b(?:it|that|this|them|those|these)\b", re.IGNORECASE)


def topic_of(question: str, scope: Scope) -> str:
    """What a question is about, in its own words, whoever it is asked of; empty where it names nothing of its own."""
    people = {part for name in scope.said for part in words(name)}
    said = [word for word in words(question) if word.removesuffix("'s") not in STOP_WORDS | QUESTION_WORDS | people]
    return " ".join(said)


def taken_up(task: Task, scope: Scope) -> tuple[Intent, str, str] | None:
    """A question of what somebody else said to the topic of before: its kind, what to search for, what to answer.

    None where the question has a topic of its own, names an account, or asks again for a list ("and Bea?").
    """
    topic, intent = task.previous.get("topic"), task.previous.get("intent")
    if not isinstance(topic, str) or not scope.said or scope.accounts:
        return None
    if not says_nothing_new(scope.question, scope.said):
        return None
    if intent != Intent.QUESTION and not POINTING.search(task.question):
        return None
    return Intent.QUESTION, topic, f"What did {' and '.join(scope.said)} say about {topic}?"


def pointed_at(task: Task, scope: Scope) -> CallSummary | None:
    """The call in question that the last answer was from, where the question points at it ("summarise it")."""
    heard = task.previous.get("heard") if POINTING.search(task.question) and not task.calls else None
    return next((call for call in scope.calls if call.call == heard), None)
