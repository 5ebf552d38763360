"""Which parts of a sentence stand on its figures, and which on the sources that it cites."""

import re
from collections.abc import Callable, Iterator, Sequence

from models.claims import folded, stands_verbatim, words
from models.evidence import Figure

_MARKS = re.compile(r"(?:\s?\[\d{1,3}\])+")
_CLAUSE = re.compile(r"[,;:](?=\s)|[()]|\s(?:and|but|while|whereas)\s")


def told_apart(text: str, figures: Sequence[Figure], cited: Callable[[str], bool]) -> tuple[str, str]:
    """The figures' part of a folded text and the sources' part, the other blanked out in each and lengths kept.

    What stands before a `[n]` is the source's, but for clauses that tell a figure or that the sources do not bear
    (`cited` says whether they do). What stands behind the last `[n]` is the figures'.
    """
    theirs = [
        span
        for span, sourced in _clauses(text)
        if not sourced or not cited(text[slice(*span)]) or _tells(text[slice(*span)], figures)
    ]
    ours = "".join(one if any(a <= at < b for a, b in theirs) else " " for at, one in enumerate(text))
    rest = "".join(" " if any(a <= at < b for a, b in theirs) else one for at, one in enumerate(text))
    return ours, rest


def _clauses(text: str) -> Iterator[tuple[tuple[int, int], bool]]:
    """The ranges of the clauses without their marks, each with whether a mark follows its part of the sentence."""
    start = 0
    for match in [*_MARKS.finditer(text), None]:
        end = match.start() if match else len(text)
        for span in _cut(text, start, end):
            yield span, match is not None
        start = match.end() if match else end


def _cut(text: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    for match in _CLAUSE.finditer(text, start, end):
        yield start, match.start()
        start = match.start()
    yield start, end


def _tells(clause: str, figures: Sequence[Figure]) -> bool:
    return any(
        stands_verbatim(folded(told), clause)
        for figure in figures
        for told in (figure.name, figure.text, *figure.synonyms)
        if words(folded(told))
    )
