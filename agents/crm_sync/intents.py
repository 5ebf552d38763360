"""The kinds of question about the CRM; each has a node of its own. What is none of the others asks what the CRM holds."""

import re
from enum import StrEnum


class Intent(StrEnum):
    """What a question about the CRM wants."""

    RECORD = "record"
    CHANGES = "changes"
    CONFLICTS = "conflicts"
    DUPLICATES = "duplicates"
    LIST = "list"
    NOTE = "note"
    EDIT = "edit"


_POLITE = r"(?:please|pls|ok(?:ay)?|so|and|now|then|just|can you|could you|would you|will you|let'?s|i want to|i need you to|go ahead and)"
_DO = (
    r"move|set|change|update|correct|reassign|assign|mark|reopen|rename|fill in|push|put|close|add|create|link|advance|give|switch|make"
    r"|remove|clear|empty|raise|lower"
)
_COMMAND = re.compile(rf"^\W*(?:{_POLITE}\W+)*(?:{_DO})\b", re.IGNORECASE)
_NOTED = re.compile(
    rf"^\W*(?:{_POLITE}\W+)*(?:(?:log|add|write|leave|record|put)\b.*\b(?:note|activity)\b|note\b|log\b)", re.IGNORECASE
)
_FROM_CALLS = (
    r"\bpropos\w+|\bsuggest\w*|\bshould (?:change|be (?:changed|updated))|\bneeds? (?:to change|updating|an update)"
    r"|\b(?:updates?|changes?)\b.*\b(?:from|after|since|based on|out of)\b|\bout of date\b|\bin line with\b|\bout of sync\b|\bsync\b"
    r"|\bfield changes\b|\b(?:apply|submit) (?:the|these|those|all|that)\b"
)
_PATTERNS = {
    Intent.CONFLICTS: r"\bconflict\w*|\bdisagree\w*|\bcontradict\w*|\bmismatch\w*|\bdiscrepanc\w+|\bdiffer\w*",
    Intent.DUPLICATES: r"\bduplicat\w*|\btwins?\b|\btwice\b|\bmerge\b|\bdouble entr\w+",
    Intent.CHANGES: _FROM_CALLS,
    Intent.LIST: (
        r"\b(?:which|list|show|what|any|how many|all)\b.*\b(?:deals|opportunities|opps)\b|\b(?:deals|opportunities)\b.*\b(?:whose|with(?:out)?|that)\b"
    ),
}
_WORDS = {intent: re.compile(words, re.IGNORECASE) for intent, words in _PATTERNS.items()}
_SUBMITS = re.compile(
    rf"^\W*(?:{_POLITE}\W+)*(?:apply|submit|sync|make|do|carry out|update|bring|put)\b|\b(?:and|then) (?:submit|apply)\b",
    re.IGNORECASE,
)


def intent_of(question: str) -> Intent:
    """The kind of the question by its words."""
    if _NOTED.search(question):
        return Intent.NOTE
    found = next((intent for intent, words in _WORDS.items() if words.search(question)), None)
    if found in (None, Intent.LIST) and _COMMAND.search(question):
        return Intent.EDIT
    return found or Intent.RECORD


def submits(question: str) -> bool:
    """Whether changes are to be put before somebody who may approve them, and not only shown."""
    return _SUBMITS.search(question) is not None
