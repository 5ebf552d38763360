"""What a question about the CRM names: fields, and what a field should read."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal

from models.text.dates import mentions

FIELDS: Mapping[str, str] = {
    "stage": r"stages?|phase|where (?:does|is) .* stand|how far",
    "amount": r"amount|deal size|size of|worth|value|how (?:big|large)|how much|price",
    "expected": r"clos(?:e|ing) dates?|expected (?:close|date)|when (?:is|does|will|should) .* clos\w+|closing day|sign date",
    "next_step": r"next[- ]steps?(?:[- ]field)?",
    "competitor": r"competitors?|competing|rivals?",
    "owner": r"owners?|who owns|owned by|whose|responsible|assigned to",
    "lost_reason": r"lost reason|why .* lost|reason .* lost",
    "contacts": r"contacts?|people|who do we (?:know|have)",
    "email": r"e-?mails?(?: address)?|mail address",
    "phone": r"(?:tele)?phones?(?: number)?|number filled",
    "title": r"job titles?|titles?|role of|position of",
    "modified": r"last (?:edited|changed|modified|updated)|edited",
}
"""The fields that people ask for, by the words that they use."""
TOLD = {"expected": "close date", "next_step": "next step", "lost_reason": "lost reason", "modified": "last change"}
_WORDS = {name: re.compile(rf"\b(?:{told})\b", re.IGNORECASE) for name, told in FIELDS.items()}
_MONEY = re.compile(
    r"(?<![\w.])[$€£]?\s?(?P<number>\d[\d,]*(?:\.\d+)?)\s?(?P<scale>k|m|thousand|million)?\b", re.IGNORECASE
)
_SCALES = {"k": 1_000, "thousand": 1_000, "m": 1_000_000, "million": 1_000_000}
_LAST_TO = re.compile(r"^(?P<head>.*)\s(?:to|as)\s+(?P<value>.+?)[.!]*$", re.IGNORECASE | re.DOTALL)
_LOST = re.compile(
    r"\b(?:closed[ -])?lost\b(?:\W+(?:reason|because(?: of)?|due to|to)\b\W*(?P<reason>[^.]+))?", re.IGNORECASE
)
_WON = re.compile(r"\b(?:closed[ -])?won\b", re.IGNORECASE)
_NOTE = re.compile(r"[:\-–]\s*(?P<text>\S.+)$|\bthat\s+(?P<said>\S.+)$", re.IGNORECASE | re.DOTALL)


@dataclass(frozen=True, slots=True)
class Wanted:
    """What a command wants: fields with what they should read, as far as it tells; `missing` is what it leaves open."""

    values: Mapping[str, str] = field(default_factory=dict)
    missing: str | None = None
    about: str = ""


def fields_in(question: str) -> tuple[str, ...]:
    """The fields that the question names, by the CRM's names."""
    return tuple(name for name, words in _WORDS.items() if words.search(question))


def wanted(question: str, today: date) -> Wanted:
    """What a command wants a record to read. `about` is the part of it that names the record."""
    if (lost := _LOST.search(question)) and not _WORDS["lost_reason"].search(question):
        reason = (lost["reason"] or "").strip(" .!")
        return Wanted({"stage": "lost", **({"lost_reason": reason} if reason else {})}, about=question[: lost.start()])
    if won := _WON.search(question):
        return Wanted({"stage": "won"}, about=question[: won.start()])
    match = _LAST_TO.match(question)
    if match is None:
        return Wanted(missing="what it should read", about=question)
    head, value = match["head"], match["value"].strip(" .!\"'“”")
    named = [name for name in fields_in(head) if name not in ("contacts", "modified")]
    if len(named) > 1:
        named = [name for name in named if name != "title"] or named
    if not named:
        named = ["owner"] if re.search(r"\b(?:re)?assign\b|\bgive\b", head, re.IGNORECASE) else ["stage"]
    return _read(named[0], value, head, today)


def note_in(question: str) -> str | None:
    """The words of a note that is to be logged; None where the command has none."""
    found = _NOTE.search(question)
    return (found["text"] or found["said"]).strip() if found else None


def _read(name: str, value: str, head: str, today: date) -> Wanted:
    if name == "amount":
        amount = _MONEY.search(value)
        if amount is None:
            return Wanted(missing="the amount, such as 84,000", about=head)
        number = Decimal(amount["number"].replace(",", "")) * _SCALES.get((amount["scale"] or "").lower(), 1)
        return Wanted({name: format(number.normalize(), "f")}, about=head)
    if name == "expected":
        days = [one.days.first for one in mentions(value, today=today, future=True) if one.days.single]
        if len(days) != 1:
            return Wanted(missing="the day, such as 30 June", about=head)
        return Wanted({name: days[0].isoformat()}, about=head)
    return Wanted({name: value}, about=head)
