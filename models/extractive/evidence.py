"""Whether the material says anything about the question at all."""

from collections.abc import Mapping, Sequence
from types import MappingProxyType

from models.evidence import Source
from models.extractive.quotes import asked_about
from models.text.words import content_stems, named_speakers

#: What the best source's similarity and a share of the coverage must reach, by embedder: cosines of two embedders do
#: not compare. Fitted on half of QMSum's meetings so that 5 % of the questions put to their own meeting are refused.
ENOUGH: Mapping[str, float] = MappingProxyType({"all-MiniLM-L6-v2": 0.465, "lexical-hashing-v1-512": 0.311})
COVERAGE = 0.25


def enough_for(embedder: str) -> float:
    """The evidence asked for where this embedder gave the similarities; of one not fitted yet, the least of all."""
    return ENOUGH.get(embedder.split("@")[0], min(ENOUGH.values()))


def says_something(question: str, sources: Sequence[Source], *, enough: float) -> bool:
    """Whether the sources are evidence enough to quote from.

    A source that was found carries its similarity to the question as its score. Sources without scores were picked by
    other means than search, and are taken as they are.
    """
    if not sources:
        return False
    nearest = max(source.score for source in sources)
    return nearest <= 0 or nearest + COVERAGE * coverage(question, sources) >= enough


def coverage(question: str, sources: Sequence[Source]) -> float:
    """The largest share of what is asked that one source mentions, 0 to 1."""
    speakers = {said.speaker for source in sources for said in source.utterances}
    asked = asked_about(question, named_speakers(question, speakers))
    return max((len(asked & frozenset(content_stems(source.text))) / len(asked) for source in sources), default=0.0)
