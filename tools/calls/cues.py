"""Weighted patterns: a light way to say how much a sentence sounds like something."""

import re
from collections.abc import Iterable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Cue:
    """A pattern and what finding it is worth."""

    pattern: re.Pattern[str]
    weight: float
    name: str = ""


def cue(pattern: str, weight: float, name: str = "") -> Cue:
    """A cue of whole words in any case; `x*` in the pattern stands as in regular expressions."""
    return Cue(re.compile(rf"(?<!\w)(?:{pattern})(?!\w)", re.IGNORECASE), weight, name)


def score(sentence: str, cues: Iterable[Cue]) -> float:
    """The weights of all cues found, each once."""
    plain = sentence.replace("’", "'")
    return sum(one.weight for one in cues if one.pattern.search(plain))


def strongest(sentence: str, cues: Iterable[Cue]) -> Cue | None:
    """The first of the heaviest cues found."""
    plain = sentence.replace("’", "'")
    return max((one for one in cues if one.pattern.search(plain)), key=lambda one: one.weight, default=None)
