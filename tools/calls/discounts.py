"""Discounts that are offered before anybody asks: what sellers offer, what buyers ask for, told by everyday English cues."""

import re
from collections.abc import Iterator

from memory.transcripts.model import Transcript, Turn
from models.text.number_words import CARDINALS
from models.text.sentences import sentence_spans
from tools.calls.cues import cue, score
from tools.calls.signals import objection_in
from tools.calls.speech import BUYER

_PERCENT = rf"(?:\d+(?:\.\d+)?|{'|'.join(CARDINALS)})[ -]?(?:%|percent|per cent)"
_OFFERS = (
    cue(rf"{_PERCENT} (?:off|less|discount|cheaper|reduction)", 0.6),
    cue(rf"{_PERCENT} (?:on|for)", 0.3),
    cue(r"discount(?:s|ed)?|half (?:the )?price|(?:better|special|lower|sharper|friendlier) (?:price|rate|deal|number)", 0.4),
    cue(r"(?:at|for|with) no (?:charge|cost)|free of charge|for (?:free|nothing)|on the house|(?:it's|that's|one is|one's) on us|(?:days|weeks|months?|year),? free|free (?:month|months|year|pilot|trial|set-?up)", 0.4),
    cue(r"waive|throw (?:\w+ ){0,4}in|throw in|(?:knock|shave|take) (?:[\w$%,.]+ ){1,4}off(?! the table)|come down on", 0.4),
    cue(
        r"(?:i|we)(?:'ll| will| can| could|'d| would| might|'m| am|'re| are)(?: (?:just|probably|also|even|happily|definitely|maybe|going to|gonna|able to|happy to|willing to))*"
        r" (?:do|take|give|get|knock|shave|throw|offer|make|waive|drop|come|bring|cut|let|include|go)",
        0.3,
    ),
    cue(r"what if (?:i|we)|how about|let me (?:do|give|take|knock|throw|get|offer)|(?:i'm|we're) thinking", 0.3),
)  # fmt: skip
_ASKS = (
    cue(rf"{_PERCENT} (?:off|less|discount|cheaper)|discounts?|(?:a )?(?:better|lower|sharper|best) (?:price|rate|deal|number|offer)", 0.6),
    cue(r"(?:come|bring (?:it|that|this|the price)|go|get (?:it|that|this|the price)) down|(?:do|any) better(?: on (?:the )?price)?|sharpen|wiggle room|room on (?:the )?price|flexib\w+ on|negotiable|cheaper", 0.6),
    cue(r"(?:off|less) (?:than )?(?:list|the list|everything)|too (?:expensive|much|high|steep)|(?:can't|cannot|won't) (?:afford|pay)", 0.6),
)  # fmt: skip
_DENIED = re.compile(r"\b(?:not|never|nobody|cannot)\b|n['’]t\b|\bno (?:discount|free)", re.IGNORECASE)
_UNASKED = re.compile(r"(?:\b(?:not|never|nobody)|n['’]t) (?:even |ever )?ask", re.IGNORECASE)
THRESHOLD, _ROUNDING = 0.6, 1e-9


def offers_discount(sentence: str) -> bool:
    """Whether a seller's sentence puts a lower price, or something for none, on the table; one that denies does not."""
    return score(sentence, _OFFERS) >= THRESHOLD - _ROUNDING and not _DENIED.search(sentence)


def asks_for_less(sentence: str) -> bool:
    """Whether a buyer's sentence asks for a lower price, or resists the one there is; "I didn't ask" does not."""
    if _UNASKED.search(sentence):
        return False
    resisted = objection_in(sentence)
    if resisted is not None and resisted.detail == "pricing" and resisted.confidence >= THRESHOLD:
        return True
    return score(sentence, _ASKS) >= THRESHOLD and not _DENIED.search(sentence)


def unasked_discounts(call: Transcript, seller: str) -> Iterator[tuple[Turn, tuple[int, int]]]:
    """The turns in which the seller, by id, offers a discount before a buyer asks for less, with where it stands there."""
    for turn in call.turns:
        sentences = [(start, end) for start, end in sentence_spans(turn.text)]
        if call.cast[turn.speaker].role == BUYER and any(asks_for_less(turn.text[a:b]) for a, b in sentences):
            return
        offer = next((span for span in sentences if offers_discount(turn.text[slice(*span)])), None)
        if turn.speaker == seller and offer is not None:
            yield turn, offer
