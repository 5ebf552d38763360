"""Decisions that somebody tells of in a message of their own, as in "We decided to drop the pilot because …"."""

import re
from dataclasses import dataclass
from datetime import date

from core.identity import Label
from memory.decisions.model import Alternative, Decision, Evidence
from models.text.sentences import sentence_spans, word_count

CHAT = "chat:"
"""How the ids of messages begin: behind it stands the run that answers the message."""

MOST_WORDS = 120
NO_REASON = "No reason was told"
_LEAD = (
    r"^\W*(?:(?:fyi|note|for the record|please (?:note|record|remember)|remember|today|yesterday|this (?:morning|week)|last week"
    r"|as of today)\b[,:]?\s*(?:that\s+)?){0,3}"
)
_TOLD = re.compile(
    _LEAD + r"(?:we|i)(?:'ve|’ve| have)?(?: (?:just|finally|all|both|now|today|yesterday|jointly|also))*"
    r" (?:decided|agreed|settled|resolved|chose|opted|concluded)\b(?! (?:nothing|what|who|when|where|how|whether|if)\b)\s*(?P<rest>.+)$",
    re.IGNORECASE | re.DOTALL,
)
_ASKED = re.compile(r"\?|,\s*(?:right|no|yes|correct|(?:did|have|has)n['’]?t (?:we|i))\W*$", re.IGNORECASE)
_REASON = re.compile(
    r"[,;]?\s*\b(?:because|since|as|so that|on the grounds that)\b\s+(?P<reason>.+)$", re.IGNORECASE | re.DOTALL
)
_INSTEAD = re.compile(r"[,;]?\s*\b(?:instead of|rather than|in place of)\b\s+(?P<other>.+)$", re.IGNORECASE | re.DOTALL)
_AGAINST = re.compile(r"^(?:against|not to)\s+(?P<other>.+)$", re.IGNORECASE | re.DOTALL)


@dataclass(frozen=True, slots=True)
class Told:
    """A decision in the words of a message. `quote` is what tells of it, verbatim; `other` is what was not chosen."""

    quote: str
    choice: str
    reason: str
    other: str | None

    @property
    def question(self) -> str:
        """What was to be decided, as far as the words say."""
        what = self.other if self.choice == NOT_TAKEN_UP else self.choice
        return f"{_capital(what or '')}{f' or {self.other}' if self.other and what != self.other else ''}?"

    def draft(self, document: str, content_hash: str, *, owner: str, on: date, label: Label) -> Decision:
        """As a proposal, with the message as its evidence."""
        evidence = Evidence(document, content_hash, (0, 0), self.quote)
        others = (Alternative(self.other, self.reason or NO_REASON, (evidence,)),) if self.other else ()
        return Decision(
            question=self.question,
            choice=_capital(self.choice),
            owner=owner,
            decided_on=on,
            rationale=_capital(self.reason),
            alternatives=others,
            evidence=(evidence,),
            label=label,
        )


NOT_TAKEN_UP = "Not taken up"


def told_decision(message: str) -> Told | None:
    """The decision that a message tells of in the first person; None for a question, and for a long text, which is no message."""
    if word_count(message) > MOST_WORDS or _ASKED.search(message):
        return None
    for start, end in sentence_spans(message):
        quote = message[start:end].strip()
        told = _TOLD.match(quote)
        if told is not None:
            return _read(quote, told["rest"].rstrip(" .!\n"))
    return None


def _read(quote: str, rest: str) -> Told:
    rest, reason = _apart(rest, _REASON, "reason")
    reason, other = _apart(reason, _INSTEAD, "other") if reason else ("", "")
    if not other:
        rest, other = _apart(rest, _INSTEAD, "other")
    if against := _AGAINST.match(rest):
        return Told(quote, NOT_TAKEN_UP, reason, against["other"])
    choice = re.sub(r"^(?:with [^,]*? (?=that\b|to\b|on\b))?(?:to|that|on|for|upon)\s+", "", rest, flags=re.IGNORECASE)
    return Told(quote, choice, reason, other or None)


def _apart(text: str, pattern: re.Pattern[str], group: str) -> tuple[str, str]:
    """The text up to the match, and the words of the group; empty where there is no match."""
    found = pattern.search(text)
    return (text[: found.start()].rstrip(" ,;"), found[group].strip()) if found else (text, "")


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]
