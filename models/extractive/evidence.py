"""Whether the material says anything about the question at all."""

from collections.abc import Sequence

from models.evidence import Source
from models.extractive.quotes import asked_about
from models.extractive.words import content_stems, named_speakers

#: The best source's similarity and a share of its coverage must reach this; fitted on questions put to wrong meetings.
ENOUGH = 0.45
COVERAGE = 0.25


def says_something(question: str, sources: Sequence[Source]) -> bool:
    """Whether the sources are evidence enough to quote from.

    A source that was found carries its similarity to the question as its score. Sources without scores were picked by
    other means than search, and are taken as they are.
    """
    if not sources:
        return False
    nearest = max(source.score for source in sources)
    return nearest <= 0 or nearest + COVERAGE * coverage(question, sources) >= ENOUGH


def coverage(question: str, sources: Sequence[Source]) -> float:
    """The largest share of what is asked that one source mentions, 0 to 1."""
    speakers = {said.speaker for source in sources for said in source.utterances}
    asked = asked_about(question, named_speakers(question, speakers))
    return max((len(asked & frozenset(content_stems(source.text))) / len(asked) for source in sources), default=0.0)
