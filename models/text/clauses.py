"""Where a question may fall into several: at sentence ends, commas and connecting words, without deciding yet."""

import re

Span = tuple[int, int]

_BOUNDARY = re.compile(
    r"[.?!;]+\s+|:\s+|\s[-–—+&]\s|,\s+|\s+(?:and|plus|also|then|but)\s+|\s+as\s+well\s+as\s+", re.IGNORECASE
)
_LEADING = re.compile(
    r"(?:(?:and|plus|also|then|but|oh|ok|okay|so|next|finally|afterwards|after\s+that|while\s+you\s+are\s+at\s+it)\b[\s,]*)+",
    re.IGNORECASE,
)
_SUBORDINATE = re.compile(
    r"(?:if|when|after|because|since|while|once|before|as|from|for|in|on|near|with|at)\b", re.IGNORECASE
)
_TRAILING = re.compile(r"[\s,;:]+$")
_WORD = re.compile(r"\w")


def clauses(question: str) -> tuple[Span, ...]:
    """The smallest pieces a question may be cut into, in order, as half-open ranges of characters.

    Too small on purpose ("What did Anna", "Tom say"): whoever reads them joins what belongs together.
    """
    cuts = [match.span() for match in _BOUNDARY.finditer(question)]
    starts = [0, *(end for _, end in cuts)]
    ends = [*(start for start, _ in cuts), len(question)]
    return tuple(
        (start, end) for start, end in zip(starts, ends, strict=True) if _WORD.search(question[start:end]) is not None
    )


def trimmed(clause: str) -> str:
    """A piece that stands on its own, without the words that tied it to the one before."""
    leading = _LEADING.match(clause.strip())
    bare = clause.strip()[leading.end() if leading else 0 :]
    return _TRAILING.sub("", bare) or clause.strip()


def is_subordinate(clause: str) -> bool:
    """Whether it begins like a condition or circumstance of another clause ("if I lose it", "in Spanish")."""
    return _SUBORDINATE.match(clause) is not None
