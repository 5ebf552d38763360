"""Where a question may fall into several: at sentence ends, commas and connecting words, without deciding yet."""

import re

from models.claims import folded, outer_quotations

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
_CONDITION = re.compile(r"\b(?:if\s+(?:so|not|yes|no)|otherwise|in\s+that\s+case)$", re.IGNORECASE)
_TRAILING = re.compile(r"[\s,;:]+$")
_WORD = re.compile(r"\w")


def clauses(question: str) -> tuple[Span, ...]:
    """The smallest pieces a question may be cut into, in order, as half-open ranges of characters.

    Too small on purpose ("What did Anna", "Tom say"): whoever reads them joins what belongs together. Quoted words are
    never cut.
    """
    cuts = [match.span() for match in _BOUNDARY.finditer(_without_quoted(question))]
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
    """Whether it is the condition or circumstance of another clause: it begins like one ("if I lose it", "in Spanish"), or
    it ends as one of what follows ("Is it overdue? If so").
    """
    return _SUBORDINATE.match(clause) is not None or _CONDITION.search(clause) is not None


def _without_quoted(question: str) -> str:
    """The question with letters for whatever is quoted, lengths kept."""
    for _, (start, end) in outer_quotations(folded(question)):
        question = question[:start] + "q" * (end - start) + question[end:]
    return question
