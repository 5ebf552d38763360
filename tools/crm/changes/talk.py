"""A call as sentences with their sides: who answered what."""

from collections import defaultdict

from models.evidence import Source
from tools.calls.speech import BUYER, SELLER
from tools.crm.changes.settled import agrees
from tools.risks.hearing import Heard

REPLIES = 3
"""An answer stands within so many turns."""
_OTHER = {BUYER: SELLER, SELLER: BUYER}


def text_of(said: Source) -> str:
    """The words of a sentence."""
    return said.utterances[0].text


def role_of(said: Source) -> str | None:
    """The side of whoever says it, where that is known."""
    return said.utterances[0].role


def is_agreed(call: Heard, to: Source) -> bool:
    """Whether the other side agrees to the sentence in what it answers next."""
    return any(agrees(turn) for turn in _answers(call, to))


def _answers(call: Heard, to: Source) -> list[str]:
    """What the other side says in the turns that follow, a text a turn."""
    turn, wanted = to.utterances[0].turn, _OTHER.get(role_of(to) or "")
    answers: defaultdict[int, list[str]] = defaultdict(list)
    for said in call.said:
        if turn < said.utterances[0].turn <= turn + REPLIES and role_of(said) == wanted:
            answers[said.utterances[0].turn].append(text_of(said))
    return [" ".join(sentences) for sentences in answers.values()]


def names_competitor(call: Heard, said: Source) -> bool:
    """Whether the sentence names a competitor."""
    start, end = said.utterances[0].span
    places = (one.quote.utterances[0].span for one in call.competitors)
    return any(start < place[1] and place[0] < end for place in places)
