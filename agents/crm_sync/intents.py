"""The kinds of question about the CRM; each has a node of its own. What is none of the others asks what the CRM holds."""

import re
from enum import StrEnum


class Intent(StrEnum):
    """What a question about the CRM wants."""

    RECORD = "record"
    LIST = "list"
    CHANGES = "changes"
    CONFLICTS = "conflicts"
    DUPLICATES = "duplicates"
    EDIT = "edit"
    NOTE = "note"
    CONTACT = "contact"
    OTHER = "other"


_POLITE = r"(?:please|pls|ok(?:ay)?|so|and|now|then|just|oh|can you|could you|would you|will you|let'?s|i want to|i need you to|go ahead and)"
_DO = (
    r"move|set|change|update|correct|fix|reassign|assign|mark|reopen|rename|fill in|push|put|close|advance|give|switch|make"
    r"|remove|clear|empty|raise|lower"
)
COMMAND = re.compile(
    rf"(?:^|[,;:.–]\s|\s-\s|\b(?:and|so)\s)\W*(?P<command>(?:{_POLITE}\W+)*(?:{_DO})\b(?!\s+(?:date|field|changes)\b))",
    re.IGNORECASE,
)
"""What tells Sophia to change a record; it may stand behind the reason for it."""
_NOTED = re.compile(
    rf"^\W*(?:{_POLITE}\W+)*(?:(?:log|add|write|leave|record|put|jot)\b.*\b(?:note|activity|down)\b|note\b(?! to)|log\b|jot\b)",
    re.IGNORECASE,
)
_ADDED = re.compile(
    rf"^\W*(?:{_POLITE}\W+)*(?:add|create|enter)\b.*\b(?:as (?:an? )?(?:new )?contact|contacts? (?:at|for|to|of)|new contact)\b",
    re.IGNORECASE,
)
_OTHER = re.compile(
    rf"^\W*(?:{_POLITE}\W+)*(?:(?:create|add|log|set) (?:me )?(?:a |an )?(?:task|reminder|deal|opportunity|account|company)\b|link\b|unlink\b"
    rf"|new (?:deal|opportunity|account)\b|merge\b|delete\b|undo\b|remind me\b)",
    re.IGNORECASE,
)
_FROM_CALLS = (
    r"\bpropos\w+|\bsuggest\w*|\b(?:should|ought to|needs? to|must|what'?s to) (?:change|be (?:changed|updated))|\bneeds? (?:updating|an update)"
    r"|\b(?:updates?|changes?|changed)\b.*\b(?:from|after|since|based on|out of)\b.*\b(?:calls?|meetings?|demos?|conversations?|convo|qbr)\b"
    r"|\b(?:calls?|meeting|demo|conversation|convo|qbr)\b.*\b(?:changed?|updates?|updated)\b"
    r"|\bout of date\b|\bin line with\b|\bout of sync\b|\bsync\b|\bfield changes\b"
    r"|\b(?:apply|submit|make|write)\b (?:the|these|those|all|that)\b.*\b(?:changes?|edits?|updates?)\b"
)
_PATTERNS = {
    Intent.CONFLICTS: r"\bconflict\w*|\bdisagree\w*|\bcontradict\w*|\bmismatch\w*|\bdiscrepanc\w+|\bdiffer\w*|\blin(?:e|ing) up\b",
    Intent.DUPLICATES: r"\bduplicat\w*|\btwins?\b|\btwice\b|\btwo times\b|\bmerge\b|\bdouble entr\w+|\bsame person\b",
    Intent.CHANGES: _FROM_CALLS,
    Intent.LIST: (
        r"\b(?:which|list|show|what|any|how many|all)\b.*\b(?:deals|opportunities|opps)\b|\b(?:deals|opportunities)\b.*\b(?:whose|with(?:out)?|that)\b"
    ),
}
_WORDS = {intent: re.compile(words, re.IGNORECASE) for intent, words in _PATTERNS.items()}
_SUBMITS = re.compile(
    rf"^\W*(?:{_POLITE}\W+)*(?:apply|submit|sync|make|do (?:it|that|this|them|so)|write|carry out|update|bring|put)\b"
    r"|\b(?:and|then) (?:submit|apply)\b",
    re.IGNORECASE,
)
_BIDS = re.compile(r"^\W*(?:please\W+)?(?:can|could|would|will) you\b", re.IGNORECASE)
_ASKS = re.compile(
    r"^\W*(?:what|which|who|whose|when|where|why|how|is|are|does|do|did|has|have|should)\b", re.IGNORECASE
)


def intent_of(question: str) -> Intent:
    """The kind of the question by its words."""
    if _ADDED.search(question):
        return Intent.CONTACT
    if _OTHER.search(question):
        return Intent.OTHER
    if _NOTED.search(question):
        return Intent.NOTE
    found = next((intent for intent, words in _WORDS.items() if words.search(question)), None)
    if found in (None, Intent.LIST) and COMMAND.search(question) and not _ASKS.search(question):
        return Intent.EDIT
    return found or Intent.RECORD


def submits(question: str) -> bool:
    """Whether changes are to be put before somebody who may approve them, and not only shown: never where it is asked."""
    asked = question.rstrip().endswith("?") and not _BIDS.search(question)
    return not asked and _SUBMITS.search(question) is not None
