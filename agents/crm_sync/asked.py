"""What a question about the CRM names: fields, and what a field should read."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal

from agents.crm_sync.intents import COMMAND
from models.text.dates import mentions
from tools.crm.fields import VOCABULARY

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
    "name": r"(?:company|account|deal|record|contact)(?:'s)? name|name of|rename",
    "modified": r"last (?:edited|changed|modified|updated)|edited",
}
"""The fields that people ask for, by the words that they use."""
_WORDS = {name: re.compile(rf"\b(?:{told})\b", re.IGNORECASE) for name, told in FIELDS.items()}
_SCALES = {"k": 3, "thousand": 3, "m": 6, "mm": 6, "million": 6, "bn": 9, "billion": 9}
"""The power of ten that a word behind a number stands for."""
_CODES = {"$": "USD", "dollars": "USD", "€": "EUR", "euros": "EUR", "euro": "EUR", "£": "GBP", "pounds": "GBP"}
_MONEY = re.compile(
    r"(?<![\w.,$€£-])(?:(?P<before>[$€£]|[A-Z]{3}\b)\s?)?(?P<number>(?:\d{1,3}(?:,\d{3})+|\d+)(?:\.\d+)?)"
    rf"(?:\s?(?P<scale>(?i:{'|'.join(_SCALES)})))?(?![\w.,]*\w|\s?%|\s?[-–]\s?\d)"
    r"(?:\s?(?P<after>[$€£]|(?i:dollars|euros?|pounds)\b|[A-Z]{3}\b))?"
)
"""A number that is written out whole: of "84.5EUR" or "1,2m" none is, for a part of it would be another amount."""
_THOUSANDTHS = 3
"""With so many digits behind its point and no scale, a number may as well be in thousands."""
_TO = re.compile(r"^(?P<head>.*)\s(?:to|as|at)\s+(?P<value>.+?)[.!]*$", re.IGNORECASE | re.DOTALL)
_LOST = re.compile(
    r"\b(?:closed[ -])?lost\b(?:\W+(?:reason|because(?: of)?|due to)\b\W*(?P<reason>[^.]+))?", re.IGNORECASE
)
_WON = re.compile(r"\b(?:closed[ -])?won\b", re.IGNORECASE)
_REOPENS = re.compile(r"\breopen\b", re.IGNORECASE)
_EMPTIES = re.compile(r"\b(?:clear|empty|remove)\b", re.IGNORECASE)
_ASSIGNS = re.compile(r"\b(?:re)?assign\b|\bgive\b", re.IGNORECASE)
_NOTE = re.compile(r"[:–]\s*(?P<text>\S.+)$|\s-\s(?P<dashed>\S.+)$|\bthat\s+(?P<said>\S.+)$", re.IGNORECASE | re.DOTALL)
_PERSON = re.compile(
    r"\b(?i:add|create|enter)\s+(?i:(?:a |the )?(?:new )?(?:contact )?)(?P<name>[A-Z][\w'-]+(?: [A-Z][\w'-]+)+)(?:, (?:the |their )?(?P<title>[^,]+),)?"
)
NOT_SET = ("contacts", "modified")


@dataclass(frozen=True, slots=True)
class Wanted:
    """What a command wants: fields with what they should read, as far as it tells; `missing` is what it leaves open.

    `about` is the part of it that names the record. `currency` is that of an amount, as an ISO code, where it is told.
    """

    values: Mapping[str, str | None] = field(default_factory=dict)
    missing: str | None = None
    about: str = ""
    currency: str | None = None


def fields_in(question: str) -> tuple[str, ...]:
    """The fields that the question names, by the CRM's names."""
    return tuple(name for name, words in _WORDS.items() if words.search(question))


def wanted(question: str, today: date) -> Wanted:
    """What a command wants a record to read."""
    command = COMMAND.search(question)
    told = question[command.start("command") :] if command else question
    before = question[: len(question) - len(told)]
    if _REOPENS.search(told):
        return Wanted(missing="the stage it should be in", about=question)
    match = _TO.match(told)
    if match is None:
        return _ended(told, before) or _emptied(told, question)
    head, value = match["head"], match["value"].strip(" .!\"'“”")
    field_ = _field(head, before)
    if field_ == "stage":
        ended = _ended(told, before)
        if ended:
            return ended
    return _read(field_, value, f"{before} {head}", today)


def note_in(question: str) -> str | None:
    """The words of a note that is to be logged; None where the command has none."""
    found = _NOTE.search(question)
    return (found["text"] or found["dashed"] or found["said"]).strip() if found else None


def person_in(question: str) -> tuple[str, str | None] | None:
    """The name, and the title if told, of the person who is to be added."""
    found = _PERSON.search(question)
    return (found["name"], found["title"]) if found else None


def _field(head: str, before: str) -> str:
    """The field that a command is about: named in it, else before it; else a stage, or whom it is given to."""
    for text in (head, before):
        named = ["lost_reason"] if "lost" in text.casefold() else []
        named += [name for name in fields_in(text) if name not in NOT_SET]
        if named:
            return named[0]
    if _ASSIGNS.search(head):
        return "owner"
    return "amount" if _MONEY.search(before) else "stage"


def _ended(told: str, before: str) -> Wanted | None:
    if lost := _LOST.search(told):
        reason = (lost["reason"] or "").strip(" .!")
        values = {"stage": "lost", **({"lost_reason": reason[:1].upper() + reason[1:]} if reason else {})}
        return Wanted(values, about=f"{before} {told[: lost.start()]}")
    if won := _WON.search(told):
        return Wanted({"stage": "won"}, about=f"{before} {told[: won.start()]}")
    return None


def _emptied(told: str, question: str) -> Wanted:
    named = [name for name in fields_in(told) if name not in NOT_SET]
    if _EMPTIES.search(told) and len(named) == 1:
        return Wanted({named[0]: None}, about=question)
    return Wanted(missing="what it should read", about=question)


def _read(name: str, value: str, about: str, today: date) -> Wanted:
    if name == "amount":
        return _amount(value, about)
    if name == "expected":
        days = [one.days.last for one in mentions(value, today=today, future=True) if one.days.single]
        if len(days) != 1:
            return Wanted(missing="the day, such as 30 June", about=about)
        return Wanted({name: days[0].isoformat()}, about=about)
    return Wanted({name: value}, about=about)


def _amount(value: str, about: str) -> Wanted:
    found = _MONEY.search(value)
    open_ = Wanted(missing="the amount, such as 84,000", about=about)
    if found is None:
        return open_
    number, scale = Decimal(found["number"].replace(",", "")), _SCALES.get((found["scale"] or "").lower(), 0)
    if not scale and number.as_tuple().exponent == -_THOUSANDTHS:
        return open_
    unit = found["before"] or found["after"]
    currency = _CODES.get((unit or "").casefold(), unit)
    return Wanted(
        {"amount": format(number.scaleb(scale).normalize(), "f")},
        about=about,
        currency=currency if currency in VOCABULARY.currencies else None,
    )
