"""A question without the names of whom it is about, which say nothing of what it asks."""

import re
from collections.abc import Sequence

_POSSESSIVE = re.compile(r"['’]s?(?![^\W_])")


def unnamed(question: str, spans: Sequence[tuple[int, int]]) -> str:
    """The question with "they" and "their" for what stands at the spans."""
    for start, end in sorted(spans, reverse=True):
        owns = _POSSESSIVE.match(question, end)
        question = f"{question[:start]}{'their' if owns else 'they'}{question[owns.end() if owns else end :]}"
    return re.sub(r"\b(?:the|our)\s+(their|they)\b", r"\1", question)
