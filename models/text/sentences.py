"""Sentences and words of spoken text as ranges of characters, so that what is quoted can be pointed at."""

import re
from collections.abc import Iterator

_END = re.compile(r"[.!?]+[\"'”’)\]]*\s+")
_WORD = re.compile(r"\S+")
#: Words whose full stop ends no sentence; a single letter ("J. Smith") is one too.
_ABBREVIATIONS = frozenset(re.findall(r"\S+", "mr mrs ms dr prof hon st sr jr vs inc ltd co corp approx etc e.g i.e"))


def sentence_spans(text: str) -> Iterator[tuple[int, int]]:
    """The half-open ranges of the sentences, without the white space around them."""
    start = 0
    for end in _END.finditer(text):
        if _abbreviated(text[start : end.start()]) and text[end.start()] == ".":
            continue
        yield from _stripped(text, start, end.end())
        start = end.end()
    yield from _stripped(text, start, len(text))


def word_spans(text: str) -> Iterator[tuple[int, int]]:
    """The half-open ranges of the words, cut at white space."""
    return (word.span() for word in _WORD.finditer(text))


def word_count(text: str) -> int:
    """How many words a reader is shown: runs of characters between white space."""
    return len(text.split())


def _abbreviated(before: str) -> bool:
    word = before.rsplit(maxsplit=1)[-1].lower().lstrip("(\"'“‘") if before.strip() else ""
    return word in _ABBREVIATIONS or (len(word) == 1 and word.isalpha() and word != "i" and before[-1].isupper())


def _stripped(text: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    while start < end and text[start].isspace():
        start += 1
    while end > start and text[end - 1].isspace():
        end -= 1
    if start < end:
        yield start, end
