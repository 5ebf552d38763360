"""How good or bad a sentence sounds, from a lexicon of rated words: no model, the same answer every time.

After Hutto and Gilbert 2014 (VADER): a word counts for less than its opposite where it is denied, for more or less beside a
word of degree, and what follows "but" counts for more than what stands before it.
"""

import math
import re
from collections.abc import Mapping
from functools import lru_cache
from importlib.resources import files

_WORD = re.compile(r"[a-z]+(?:['-][a-z]+)*")
#: Names of things and courtesies on a business call, which say nothing of how anybody feels.
_NEUTRAL = """
agreement agreements asset assets award benefit benefits care certain chance clear competition competitive competitor
credit credits cut demand deal defense free fund funds grant hand help helps importance important interest interested
intelligence join kind like likes number okay party pay paying please pressure profit rate resolution secure secured
security share shared shares sharing solution solutions stop strength support supported supporting supports sure top
trust value values want wants well win yes yeah
"""
_DENYING = "not no never neither nobody none nor nothing nowhere without hardly barely rarely seldom cannot ain't"
_STRONGLY = """
absolutely amazingly completely considerably deeply enormously entirely especially exceptionally extremely fully greatly
highly hugely incredibly intensely more most particularly quite really remarkably so substantially super thoroughly too
totally tremendously unbelievably utterly very
"""
_WEAKLY = "almost kinda less little marginally occasionally partly slightly somewhat sorta"
_DENIES = frozenset(_DENYING.split())
_DEGREES: Mapping[str, float] = dict.fromkeys(_STRONGLY.split(), 0.293) | dict.fromkeys(_WEAKLY.split(), -0.293)
_DENIED = -0.74
_EXCLAIMED, MOST_EXCLAMATIONS = 0.292, 4
_BEFORE_BUT, _AFTER_BUT = 0.5, 1.5
NEAR = 3
"""So many words before a rated one can deny it or say to what degree."""
_SCALE = 15.0


def valence(text: str) -> float:
    """From -1 (bad) to 1 (good); 0 where no rated word falls. s / sqrt(s^2 + 15) over the sum s of the words' ratings."""
    said = _WORD.findall(text.lower().replace("’", "'"))
    rated = [_rating(said, place) for place in range(len(said))]
    if "but" in said:
        turn = len(said) - 1 - said[::-1].index("but")
        rated = [one * (_BEFORE_BUT if place < turn else _AFTER_BUT) for place, one in enumerate(rated)]
    total = sum(rated)
    if total:
        total += math.copysign(_EXCLAIMED * min(text.count("!"), MOST_EXCLAMATIONS), total)
    return total / math.sqrt(total * total + _SCALE)


def _rating(said: list[str], place: int) -> float:
    own = _ratings().get(said[place], 0.0)
    if not own:
        return 0.0
    before = said[max(place - NEAR, 0) : place]
    degree = sum(_DEGREES.get(word, 0.0) * (1 - 0.05 * far) for far, word in enumerate(reversed(before)))
    denied = any(word in _DENIES or word.endswith("n't") for word in before)
    strength = max(abs(own) + degree, 0.0)
    return math.copysign(strength, own) * (_DENIED if denied else 1.0)


@lru_cache(maxsize=1)
def _ratings() -> Mapping[str, float]:
    """The lexicon: `valence.txt`, less what is neutral on a call."""
    written = files("tools.calls").joinpath("valence.txt").read_text(encoding="utf-8")
    neutral = frozenset(_NEUTRAL.split())
    pairs = (line.split() for line in written.splitlines() if line and not line.startswith("#"))
    return {word: float(rating) for word, rating in pairs if word not in neutral}
