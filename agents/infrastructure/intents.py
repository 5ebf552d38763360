"""The kinds of question about platforms; each has a node of its own. What is none of the others asks how they do."""

import re
from enum import StrEnum


class Intent(StrEnum):
    """What a question about platforms wants."""

    STATUS = "status"
    COST = "cost"
    HISTORY = "history"
    PLAN = "plan"


ACTIONS = {
    "scale": r"scale|resize|grow|shrink|increase|reduce|bump|add|remove|set|get|give|take",
    "restart": r"restart|reboot|bounce|kick",
    "roll back": r"roll\s?back|roll\b.*\bback|revert|put\b.*\bback",
    "deploy": r"deploy|redeploy|ship|release",
    "drain": r"drain|empty|free up",
    "stop": r"stop|shut down|turn off|switch off|shut",
    "start": r"start|turn on|switch on|bring\b.*\b(?:back|up|online)",
    "delete": r"delete|drop|destroy|terminate",
}
"""What a platform may be told to do, by the words that tell it; whether it can is the platform's to say."""

_POLITE = r"(?:please|pls|ok(?:ay)?|so|and|now|then|just|can you|could you|would you|will you|let'?s|i want to|i need you to|go ahead and)"
_ASKED = r"(?:what (?:would|will|if|happens if)|how (?:much|expensive)|would it|should (?:we|i)|(?:can|could|may) (?:we|i)|is it (?:possible|allowed|safe)|if (?:we|i))"
_DO = "|".join(ACTIONS.values())
_COMMAND = re.compile(rf"^\W*(?:{_POLITE}\W+)*(?:{_DO})\b", re.IGNORECASE)
_WHAT_IF = re.compile(rf"\b{_ASKED}\b.*\b(?:{_DO}|have|scaled|run)\b.*(?:\d|\b(?:more|fewer|another|less|scal\w+|to)\b)", re.IGNORECASE)  # fmt: skip
_WORDS = {
    Intent.HISTORY: r"\bincidents?\b|\boutages?\b|\bhappened\b|\bcaused?\b|\bhistory\b|\bpost-?mortem\b|\bchanged?\b|\bchanges\b"
    r"|\bwho (?:re)?(?:start|scal|stop|deploy|roll)\w*|\bwhen did\b|\bwent (?:down|through)\b|\bgo through\b|\bdowntime\b"
    r"|\blast (?:deploy\w*|change|release)\b|\blogs?\b",
    Intent.COST: r"\bcosts?\b|\bspend\w*|\bbills?\b|\bprices?\b|\bexpensive\b|\bpay(?:ing)?\b|\bmoney\b",
}
_PATTERNS = {intent: re.compile(words, re.IGNORECASE) for intent, words in _WORDS.items()}


def intent_of(question: str) -> Intent:
    """The kind of the question by its words."""
    if _COMMAND.search(question) or asks_what_if(question):
        return Intent.PLAN
    return next((intent for intent, words in _PATTERNS.items() if words.search(question)), Intent.STATUS)


def asks_what_if(question: str) -> bool:
    """Whether a change is only asked about ("What would 3 instances cost?"): then its plan is shown and not submitted."""
    return bool(_WHAT_IF.search(question)) and not _COMMAND.search(question)
