"""Speech as it was meant: without fillers and words said twice."""

import re

_FILLER = re.compile(
    r"\b(?:u[hm]+|e[rh]m?|hm+|mm+|(?<!let )(?<!do )(?<!did )you know|i mean|sort of"
    r"|(?<!this )(?<!that )(?<!what )(?<!some )(?<!any )(?<!a )kind of)\b[,.]? ?",
    re.IGNORECASE,
)
_TWICE = re.compile(r"\b((?:[\w']+ ){0,2}[\w']+)(?:,? \1\b)+", re.IGNORECASE)
_OPENING = re.compile(
    r"(?:(?:so|and|but|well|yeah|yes|okay|ok|or|right|anyway|now|then|no|oh|actually|see|because|also|just|first of all"
    r"|probably|presumably|basically|on the other hand|i (?:just )?think|i guess|i said|that),? )+",
    re.IGNORECASE,
)


def fluent(sentence: str) -> str:
    """The sentence with straight apostrophes, without fillers, and with what is repeated at once said once."""
    plain = _FILLER.sub("", sentence.strip().replace("’", "'"))
    return _TWICE.sub(r"\1", _TWICE.sub(r"\1", plain))


def without_opening(sentence: str) -> str:
    """A fluent sentence without the words that only take the floor: "So, okay, let's go" is "let's go"."""
    return sentence[found.end() :] if (found := _OPENING.match(sentence)) else sentence
