"""A decision in passages: the choice, the rationale, and each alternative and each part of its reason by itself."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from memory.decisions.history import Kept
from models.text.sentences import sentence_spans, word_count

WORDS = 60
"""About so many words make a passage: enough for a thought, few enough for one vector."""


@dataclass(frozen=True, slots=True)
class Passage:
    """Some words of a decision; `alternative` is the place of the one that they are about, None for the choice itself.

    `text` is what is searched: the words under the heading that they stand under.
    """

    decision: str
    alternative: int | None
    text: str


def passages(kept: Kept) -> Iterator[Passage]:
    """All passages of a decision."""
    decision = kept.decision
    yield Passage(kept.id, None, f"{decision.question} {decision.choice}")
    for part in _parts(decision.rationale):
        yield Passage(kept.id, None, f"{decision.question} {part}")
    for place, alternative in enumerate(decision.alternatives):
        yield Passage(kept.id, place, f"{decision.question} {alternative.name}")
        for part in _parts(alternative.rejected_because):
            yield Passage(kept.id, place, f"{alternative.name} {part}")


def _parts(text: str) -> Iterator[str]:
    """Consecutive sentences of about WORDS words together."""
    flat = re.sub(r"\s+", " ", text)
    part: list[str] = []
    for start, end in sentence_spans(flat):
        part.append(flat[start:end])
        if word_count(" ".join(part)) >= WORDS:
            yield " ".join(part)
            part = []
    if part:
        yield " ".join(part)
