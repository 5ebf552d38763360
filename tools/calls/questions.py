"""Which sentences ask something."""

import re
from collections.abc import Iterator

from models.text.sentences import sentence_spans

_WORDS = re.compile(r"[^\W_]+(?:['’][^\W_]+)*")
#: Sentences that only ask for a nod, or to hear it again.
_TAGS = frozenset(
    ("right", "okay", "ok", "yeah", "yes", "no", "huh", "hm", "hmm", "you know", "sorry", "pardon", "make sense")
)
_ASKS = re.compile(
    r"(?:(?:so|and|but|well|okay|ok|um|uh|now)[, ]+)*"
    r"(?:(?:what|who|whose|which|when|where|why|how)\b(?!ever)"
    r"|(?:do|does|did|are|is|was|were|have|has|had|can|could|will|would|should|may|isn't|aren't|don't|doesn't|didn't|can't|won't)"
    r" (?:you|we|i|he|she|it|they|there|this|that|the|your|our|anyone|anybody|somebody|someone)\b)",
    re.IGNORECASE,
)


def question_spans(text: str) -> Iterator[tuple[int, int]]:
    """The ranges of the sentences that end in a question mark and are more than a tag ("right?")."""
    for start, end in sentence_spans(text):
        sentence = text[start:end]
        if "?" in sentence[-3:] and " ".join(_WORDS.findall(sentence)).lower() not in _TAGS:
            yield start, end


def unpunctuated_question_spans(text: str) -> Iterator[tuple[int, int]]:
    """The ranges of the sentences that begin as questions do, for transcripts that have no question marks at all."""
    for start, end in sentence_spans(text):
        if _ASKS.match(text, start, end):
            yield start, end
