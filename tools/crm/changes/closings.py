"""The day by which the deal is to be signed, as the customer says or confirms it."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from models.evidence import Source
from models.reporting import denies
from tools.calls.due import dues
from tools.calls.speech import BUYER
from tools.crm.changes.change import Said
from tools.crm.changes.settled import settles
from tools.crm.changes.talk import is_agreed, role_of, text_of
from tools.risks.hearing import Heard

_SIGNING = re.compile(
    r"\b(?:(?:(?:to|will|can|we|i|they|both|she|he|and)|'ll) signs?\b(?!-on\b|[- ](?:off|in|up)\b| on (?:to|with)\b)|sign(?:ed|ing|atures?)\b(?!-on\b|[- ](?:off|in|up)\b| on (?:to|with)\b)"
    r"|execut(?:e|ed|ing) (?:the|this|it|that)|clos(?:e|ed|ing) (?:this|the deal|it out|out)|(?:contract|agreement|paperwork|order form|purchase order|deal)"
    r" (?:done|closed|executed|issued|out))",
    re.IGNORECASE,
)
_OF_OTHERS = re.compile(
    r"\b(?:nda|non-?disclosure|questionnaire|pilot|trial|waiver|polic(?:y|ies)|webinar|visa|lease|survey|consent|tickets?|issues?|cases?|deliver(?:y|ies)|badges?|visitors?|insurance|certificates?|landlord"
    r"|(?:offer|price|discount|quote|it|that)(?:'s| is)? (?:good|valid|holds?)|hold (?:that|it|the))\b",
    re.IGNORECASE,
)
SURE, CONFIRMED = 0.9, 0.8


@dataclass(frozen=True, slots=True)
class _Signing:
    day: date
    quote: Source
    settled: bool


def closing_said(call: Heard) -> Said | None:
    """The last day for signatures that a customer states, or that ours states and a customer confirms or named too."""
    named = list(_signings(call))
    buyers = {one.day for one in named if role_of(one.quote) == BUYER}
    said = [found for one in named if one.settled and (found := _believed(call, one, buyers))]
    return said[-1] if said else None


def of_others(text: str) -> bool:
    """Whether what is signed or closed there is something else than the deal."""
    return _OF_OTHERS.search(text) is not None


def signs(sentence: str) -> bool:
    """Whether the sentence speaks of signing the deal."""
    return _SIGNING.search(sentence.replace("’", "'")) is not None


def _believed(call: Heard, signing: _Signing, buyers: set[date]) -> Said | None:
    value = signing.day.isoformat()
    if role_of(signing.quote) == BUYER:
        return Said(value, signing.quote, SURE, "the customer said by when it is to be signed")
    if signing.day in buyers or is_agreed(call, signing.quote):
        return Said(value, signing.quote, CONFIRMED, "it was said by when it is to be signed, and the customer agrees")
    return None


def _signings(call: Heard) -> Iterator[_Signing]:
    for said in call.said:
        text = text_of(said)
        signing = _SIGNING.search(text.replace("’", "'"))
        if signing is None or denies(text) or text.endswith("?") or of_others(text):
            continue
        ahead = [due for due in dues(text, call.day) if due.day and due.day >= call.day]
        if ahead:
            nearest = min(ahead, key=lambda due: (due.span[0] < signing.end(), abs(due.span[0] - signing.end())))
            assert nearest.day
            yield _Signing(nearest.day, said, settles(text))
