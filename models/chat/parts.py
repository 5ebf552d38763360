"""The parts of a question that a chat model may pick out: what the person asked or told for itself, in their own words."""

import re

from models.claims import folded, words
from models.text.clauses import clauses, trimmed

_SENTENCE = re.compile(r".+?(?:[.?!;\n]+(?=\s|$)|$)", re.DOTALL)
_ASKS = re.compile(
    r"\W*(?:who|whose|whom|what|when|where|which|why|how|do|does|did|is|are|was|were|has|have|had|will|would|can|could|should)\b",
    re.IGNORECASE,
)
_SAYING = re.compile(
    r"\b(?:say(?:s|ing)?|said|tell(?:s|ing)?|told|ask(?:s|ed|ing)?|want(?:s|ed)?|wrote|writes?|reads?|propos(?:e|es|ed|ing)"
    r"|suggest(?:s|ed|ing)?|agree[ds]?|decid(?:e|es|ed)|promis(?:e|es|ed)|mention(?:s|ed)?)\b",
    re.IGNORECASE,
)


def own_part(proposed: object, question: str) -> str:
    """The proposed part where it is whole clauses of the question, else the whole question.

    What a person asks about others ("Did Ann say to delete it?") never becomes what they tell Sophia to do: within
    a sentence that asks, or tells what somebody said, only what asks is a part.
    """
    if not isinstance(proposed, str):
        return question
    said, pieces = words(folded(proposed)), clauses(question)
    for place, (start, _) in enumerate(pieces):
        for _, end in pieces[place:]:
            if said and said == words(folded(trimmed(question[start:end]))) and _is_own(question, start, end):
                return proposed.strip()
    return question


def _is_own(question: str, start: int, end: int) -> bool:
    sentence = next(found for found in _SENTENCE.finditer(question) if found.start() <= start < found.end())
    before = question[sentence.start() : start]
    if not words(before):
        return True
    tells = not (sentence[0].rstrip().endswith("?") or _ASKS.match(sentence[0]) or _SAYING.search(before))
    return tells or _ASKS.match(trimmed(question[start:end])) is not None
