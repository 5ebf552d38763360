"""What is noticed of a sentence to tell whether its speaker resists something: its words, and the talk around it.

A feature is a name and a number from about 0 to 1. `s:`, `p:` and `n:` are words of the sentence, of the end of the turn before
and of the beginning of the turn after; `b:` are pairs of words of the sentence. `before_`, `here_` and `after_` measure the four
turns before, the turn itself and the four turns after, what buyers (`b_`) and sellers (`s_`) say of them apart.
"""

import math
import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

from memory.transcripts.model import Transcript
from tools.calls.signals import resistance_in
from tools.calls.speech import SELLER
from tools.calls.valence import valence

Features = dict[str, float]

AROUND = 25
"""So many words of the turns beside are looked at."""
NEAR = 4
"""So many turns before and after."""
_WORD = re.compile(r"[a-z]+(?:'[a-z]+)?|\d+|[?$%]")
_PRESENT, _CUED = 0.5, 1.5
"""What a word counts, and a cue, which is known to tell more."""
_MARKS = {
    "denies": r"not|no|never|nobody|nothing|none|can't|cannot|won't|\w+n't",
    "money": r"price|cost|pay|percent|years?|months?|cheap\w*|expensive|contract|sign",
    "past": r"was|were|had|did|didn't|wasn't|said|told|went|came|got",
    "others": r"he|she|they|him|her|them|he's|she's|they're",
    "but": r"but",
    "yields": r"i hear you|fair|understood|understand|i get (?:it|that)|makes sense|reasonable|good (?:point|question)|you're right|sorry"
    r"|apologi[sz]e|appreciate|i see|of course|sure|totally|absolutely|okay|ok|right",
    "offers": r"what if|we can|we could|i can|i could|could (?:we|do|you)|would (?:it|that)|let me|instead|there's an?|we do|you can|what would|how about",
    "puts": r"we'd|you'd|you would|we would|i'd (?:suggest|recommend|love|like)|we usually|shall|price|cost|month|year|percent|plan|contract|fee|minimum"
    r"|includ\w+|propos\w+|so (?:you|that|we|it)",
}
_PATTERNS = {name: re.compile(rf"\b(?:{pattern})\b") for name, pattern in _MARKS.items()}
_SUMS = re.compile(r"[$€£]")
_PERSONS = {"you": ("you", "your"), "we": ("we", "our", "us"), "i": ("i", "my", "me")}
_OPENING = 14


@dataclass(frozen=True, slots=True)
class Heard:
    """A turn as it is looked at again and again: who speaks, its words, and how often each mark falls."""

    seller: bool
    said: tuple[str, ...]
    marks: Counter[str]
    asks: bool
    ends_asking: bool
    yields: bool


def heard(call: Transcript) -> list[Heard]:
    """Every turn of the call, looked at once."""
    return [_heard(turn.text, seller=call.cast[turn.speaker].role == SELLER) for turn in call.turns]


def talk_around(turns: Sequence[Heard], place: int) -> Features:
    """The features that every sentence of the turn at `place` has."""
    before = turns[place - 1].said[-AROUND:] if place else ()
    after = turns[place + 1].said[:AROUND] if place + 1 < len(turns) else ()
    words = dict.fromkeys([*(f"p:{word}" for word in before), *(f"n:{word}" for word in after)], _PRESENT)
    return {**words, **dict(_beside(turns, place)), **dict(_around(turns, place))}


def own_words(sentence: str, *, first: bool, last: bool) -> Features:
    """The features of the sentence itself, which may be its turn's first, and its last."""
    said = words_of(sentence)
    names = [*(f"s:{word}" for word in said), *(f"b:{one}_{two}" for one, two in pairwise(said))]
    return {**dict.fromkeys(names, _PRESENT), **_sentence(sentence, said, first=first, last=last)}


def _heard(text: str, *, seller: bool) -> Heard:
    plain = text.lower().replace("’", "'")
    marks = Counter({name: len(pattern.findall(plain)) for name, pattern in _PATTERNS.items()})
    marks["money"] += len(_SUMS.findall(plain))
    opening = " ".join(plain.split()[:_OPENING])
    yields = _PATTERNS["yields"].search(opening) is not None
    return Heard(seller, words_of(plain), marks, "?" in plain, plain.rstrip().endswith("?"), yields)


def words_of(text: str) -> tuple[str, ...]:
    """The words in lower case, every number as `#`."""
    return tuple("#" if word.isdigit() else word for word in _WORD.findall(text.lower().replace("’", "'")))


def _sentence(sentence: str, words: Sequence[str], *, first: bool, last: bool) -> Features:
    plain = sentence.lower().replace("’", "'")
    said = {word.split("'")[0] for word in words}
    found = {name: float(pattern.search(plain) is not None) for name, pattern in _PATTERNS.items()}
    found |= {name: float(not said.isdisjoint(forms)) for name, forms in _PERSONS.items()}
    return (
        found
        | {name: _CUED * value for name, value in resistance_in(sentence)}
        | {
            "asks": float(plain.rstrip().endswith("?")),
            "length": _size(len(plain.split())),
            "valence": valence(sentence),
            "first": float(first),
            "last": float(last),
        }
    )


def _beside(turns: Sequence[Heard], place: int) -> Iterator[tuple[str, float]]:
    """What the sellers say nearest before and after."""
    before = next((at for at in range(place - 1, max(-1, place - NEAR), -1) if turns[at].seller), None)
    after = next((at for at in range(place + 1, min(len(turns), place + 3)) if turns[at].seller), None)
    if before is not None:
        yield "asked", float(turns[before].ends_asking)
        yield "put", min(3, turns[before].marks["puts"]) / 3
        yield "put_length", _size(len(turns[before].said))
        yield "put_just_now", float(before == place - 1)
    if after is not None:
        yield "yielded", float(turns[after].yields)
        yield "offered", float(turns[after].marks["offers"] > 0)
        yield "answer_length", _size(len(turns[after].said))
        yield "answer_asks", float(turns[after].asks)
        yield "answered_at_once", float(after == place + 1)
    yield "early", float(len(turns) > 10 and place < 0.1 * len(turns))


def _around(turns: Sequence[Heard], place: int) -> Iterator[tuple[str, float]]:
    for name, start, end in (
        ("before", place - NEAR, place),
        ("here", place, place + 1),
        ("after", place + 1, place + 1 + NEAR),
    ):
        window = turns[max(start, 0) : end]
        buyers, sellers = [one for one in window if not one.seller], [one for one in window if one.seller]
        yield from ((f"{name}_b_{mark}", value) for mark, value in _measured(buyers, ("past", "others")))
        yield from ((f"{name}_s_{mark}", value) for mark, value in _measured(sellers, ("yields", "offers", "puts")))


def _measured(turns: Sequence[Heard], marks: Sequence[str]) -> Iterator[tuple[str, float]]:
    if not turns:
        return
    size = sum(len(one.said) for one in turns)
    counts = {mark: sum(one.marks[mark] for one in turns) for mark in ("denies", "money", "but", *marks)}
    yield "length", _size(size)
    yield "asks", float(any(one.asks for one in turns))
    yield "denies", min(4, counts.pop("denies")) / 4
    yield "money", float(counts.pop("money") > 0)
    yield "but", float(counts.pop("but") > 0)
    for mark, count in counts.items():
        yield mark, count / (size + 5) if mark in ("past", "others") else min(4, count) / 4


def _size(words: int) -> float:
    return math.log1p(words) / 5
