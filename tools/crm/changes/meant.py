"""Which of an account's open deals a call is about: the one that is named on it, by its amount, its product or what sets its
name apart from the others' ("+2 sites"). Where two are named, or none, nobody is told to be meant.
"""

from collections.abc import Sequence
from itertools import pairwise

from memory.crm.records import Deal
from models.text.number_words import CARDINALS
from models.text.words import STOP_WORDS, stem, words
from tools.crm.changes.amounts import prices
from tools.crm.changes.talk import text_of
from tools.risks.hearing import Heard

Mark = tuple[str, ...]
"""The stem of a word, or a number with the stem of the word behind it."""
FIRST_YEAR, LAST_YEAR = 1990, 2099


def deal_meant(call: Heard, deals: Sequence[Deal]) -> Deal | None:
    """The one of the deals, all of the call's account, that is named on the call."""
    said = frozenset(mark for sentence in call.said for mark in _marks(text_of(sentence)))
    named = [deal for deal in deals if _is_named(deal, [one for one in deals if one is not deal], call, said)]
    return named[0] if len(named) == 1 else None


def _is_named(deal: Deal, others: Sequence[Deal], call: Heard, said: frozenset[Mark]) -> bool:
    own = (
        _marks(deal.name or "") - {mark for other in others for mark in _marks(other.name or "")} - _marks(call.account)
    )
    product = _marks(deal.product or "")
    sold = bool(product) and not any(product <= _marks(f"{one.product or ''} {one.name or ''}") for one in others)
    return (bool(own) and own <= said) or (sold and product <= said) or _is_priced(deal, others, call)


def _is_priced(deal: Deal, others: Sequence[Deal], call: Heard) -> bool:
    if not deal.amount or any(other.amount == deal.amount for other in others):
        return False
    return any(deal.amount in prices(text_of(sentence), deal) for sentence in call.said)


def _marks(text: str) -> frozenset[Mark]:
    """What tells one text from another: content words, and numbers with what they count; a year is none."""
    found = [str(CARDINALS.get(word, word)) for word in words(text)]
    numbers = {(one, stem(next_)) for one, next_ in pairwise(found) if one.isdecimal() and not next_.isdecimal()}
    plain = {(stem(word),) for word in found if not word.isdecimal() and word not in STOP_WORDS}
    counted = {(of,) for _, of in numbers}
    years = {mark for mark in numbers if FIRST_YEAR <= int(mark[0]) <= LAST_YEAR}
    return frozenset((plain - counted) | (numbers - years))
