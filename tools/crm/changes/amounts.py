"""The deal's price, as both sides agreed on it."""

import re
from collections.abc import Iterator
from decimal import Decimal

from memory.crm.records import Deal
from memory.crm.values import plain
from tools.calls.speech import SELLER
from tools.crm.changes.change import Said
from tools.crm.changes.settled import settles
from tools.crm.changes.talk import is_agreed, names_competitor, role_of, text_of
from tools.risks.hearing import Heard

COMPARABLE = 2
"""An amount more than so many times the deal's, or less than one part in so many, is of something else."""
_SCALES = {"k": 1_000, "thousand": 1_000, "m": 1_000_000, "million": 1_000_000}
_SYMBOLS = {"$": "USD", "€": "EUR", "£": "GBP"}
_WORDS = {"dollars": "USD", "bucks": "USD", "euros": "EUR", "pounds": "GBP"}
_NUMBER = r"(?P<number>\d[\d,]*(?:\.\d+)?)\s?(?P<scale>k|m|thousand|million)?"
_MONEY = re.compile(
    rf"(?:(?P<symbol>[$€£])\s?{_NUMBER}\b|\b{_NUMBER.replace('number', 'amount').replace('scale', 'scaled')}\s?"
    rf"(?P<word>{'|'.join(_WORDS)}|[A-Z]{{3}})\b)"
)
_OTHERWISE = re.compile(
    r"\s*(?:(?:(?:a|an|per|each|every)\b|/)\s*(?!year|yr|annum)\w+|off\b|credit|discount|less|more|cheaper|(?:for|in) (?:the )?(?:set-?up|setup"
    r"|implementation|training|onboarding|support)|set-?up|fee|deposit|penalty|fine"
    r"|(?:(?:a|per|each|every) year )?(?:in|of) (?!total|all|writing)\w+)",
    re.IGNORECASE,
)
_AGREED = re.compile(
    r"\b(?:(?:we|we've|we have|both)(?: just| all| now)? (?:agreed|settled|landed|shook)|agreed (?:on|to|price)|final price|signed off (?:on|at)"
    r"|approved (?:it |this |that )?(?:at|for)|we(?:'ll| will) (?:sign|pay|take it)(?: it)? (?:for|at)|the price is fixed|final price is|let's call it done at)\b",
    re.IGNORECASE,
)
#: Prices that are not the deal's: what may be spent, what others pay, what is on the list.
_OF_OTHERS = re.compile(
    r"\b(?:budget\w*|list(?: price)?|afford|spen[dt]\w*|sav(?:e|es|ed|ing|ings)|revenue|turnover|worth|costs? (?:us|me|you|them)|(?:we|i) (?:now )?pay|currently|today|at present|right now|at the moment|these days|compan(?:y|ies)|customers?"
    r"|clients?|others?|competitors?|somebody|someone|anybody|else|(?:he|she|they|who) (?:wants?|pays?|charges?|earns?)|hires?|salar(?:y|ies)|market|industry|average|typical\w*|normally|usually)\b",
    re.IGNORECASE,
)
SURE, STATED = 0.9, 0.8


def amount_said(call: Heard, deal: Deal) -> Said | None:
    """The last price of the call that is in the deal's currency, about as large, and agreed: one that ours named and the customer
    took, or one that is said to be agreed. What the customer alone names is an offer.
    """
    found = list(_agreed(call, deal))
    return found[-1] if found else None


def _agreed(call: Heard, deal: Deal) -> Iterator[Said]:
    for said in call.said:
        text = text_of(said).replace("’", "'")
        explicit = _AGREED.search(text) is not None
        if not settles(text, past=explicit) or _OF_OTHERS.search(text) or names_competitor(call, said):
            continue
        amounts = {amount for amount in prices(text, deal) if _comparable(amount, deal, explicit=explicit)}
        if len(amounts) != 1:
            continue
        value = plain(amounts.pop())
        if role_of(said) == SELLER and is_agreed(call, said):
            yield Said(value, said, SURE, "we named the price and the customer agreed")
        elif explicit:
            yield Said(value, said, STATED, "it was said that the price is agreed")


def prices(text: str, deal: Deal) -> Iterator[Decimal]:
    """The prices of the sentence in the deal's currency, by the year or altogether."""
    found = [(match, _value(match)) for match in _MONEY.finditer(text) if _currency(match) == (deal.currency or "USD")]
    return (amount for match, amount in found if not _OTHERWISE.match(text[match.end() :]))


def _value(match: re.Match[str]) -> Decimal:
    number, scale = match["number"] or match["amount"], match["scale"] or match["scaled"] or ""
    return Decimal(number.replace(",", "")) * _SCALES.get(scale.lower(), 1)


def _currency(match: re.Match[str]) -> str:
    return _SYMBOLS[match["symbol"]] if match["symbol"] else _WORDS.get(match["word"], match["word"])


def _comparable(amount: Decimal, deal: Deal, *, explicit: bool) -> bool:
    if not deal.amount:
        return explicit
    return deal.amount / COMPARABLE <= amount <= deal.amount * COMPARABLE
