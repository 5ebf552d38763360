"""How each speaker sounds on a call: shares of positive and negative sentences, and the sentences that show it most."""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from statistics import fmean

from memory.transcripts.model import Transcript, Turn
from models.text.sentences import sentence_spans
from tools.calls.instructions import instruction_confidence
from tools.calls.signals import objection_in
from tools.calls.speech import spoke, words
from tools.calls.valence import valence

CLEAR = 0.3
"""From this valence on, either way, a sentence counts as positive or negative."""

FEWEST_WORDS, MOST_SHOWN = 4, 3

_PLEASANTRY = re.compile(
    r"\b(?:(?:nice|good|great|lovely) to (?:see|meet|hear from|talk to)|thanks?(?: you| so much| a lot)?\b(?! to)|good (?:morning|afternoon|evening|day)"
    r"|have a (?:good|nice|great)|take care|welcome|honest(?:ly)?|oh,? (?:good|great|nice|wonderful|lovely|perfect|fantastic|terrific))",
    re.IGNORECASE,
)

Valences = Callable[[Sequence[str]], Sequence[float]]
"""Sentences to their valences, each from -1 (bad) to 1 (good), in order; the same for the same sentences."""


@dataclass(frozen=True, slots=True)
class Tone:
    """One sentence with its valence; `span` is where it stands in the transcript's text."""

    turn: int
    text: str
    span: tuple[int, int]
    valence: float


@dataclass(frozen=True, slots=True)
class Sentiment:
    """How one speaker sounds over `sentences` sentences: shares from 0 to 1, the mean valence, and the clearest of either kind.

    `change` is the mean valence of the second half of the speaker's sentences less that of the first; None below two.
    `best` and `worst` are the clearest sentences of either kind, the clearest first. Pleasantries and sentences of a few
    words count in the shares and are not among them; what sounds like an objection is not among the best, whose words may
    be meant otherwise ("Oh great, another migration").
    """

    speaker: str
    role: str | None
    sentences: int
    positive: float
    negative: float
    mean: float
    change: float | None
    best: tuple[Tone, ...]
    worst: tuple[Tone, ...]


def lexical(sentences: Sequence[str]) -> list[float]:
    """Valences by the lexicon, sentence by sentence."""
    return [valence(sentence) for sentence in sentences]


def sentiment_by_speaker(call: Transcript, *, valences: Valences = lexical) -> tuple[Sentiment, ...]:
    """The sentiment of everybody who speaks, in the order of the cast; speech that gives the reader orders is left out.

    `valences` may be any classifier; without one the lexicon tells.
    """
    said = [(turn, span) for turn in call.turns for span in sentence_spans(turn.text) if _counts(turn, span)]
    told = valences([turn.text[start:end] for turn, (start, end) in said])
    tones: dict[str, list[Tone]] = {speaker.id: [] for speaker in spoke(call)}
    for (turn, span), value in zip(said, told, strict=True):
        tones[turn.speaker].append(_tone(call, turn, span, value))
    return tuple(_sentiment(call, speaker, heard) for speaker, heard in tones.items() if heard)


def _counts(turn: Turn, span: tuple[int, int]) -> bool:
    return instruction_confidence(turn.text[span[0] : span[1]]) is None


def _tone(call: Transcript, turn: Turn, span: tuple[int, int], value: float) -> Tone:
    offset = call.utterances[turn.index].span[0]
    return Tone(turn.index, turn.text[span[0] : span[1]], (offset + span[0], offset + span[1]), value)


def _sentiment(call: Transcript, speaker: str, heard: Sequence[Tone]) -> Sentiment:
    values = [one.valence for one in heard]
    half = len(values) // 2
    ranked = sorted(filter(_may_be_shown, heard), key=lambda one: one.valence)
    return Sentiment(
        call.cast[speaker].name,
        call.cast[speaker].role,
        len(values),
        positive=fmean(value >= CLEAR for value in values),
        negative=fmean(value <= -CLEAR for value in values),
        mean=fmean(values),
        change=fmean(values[half:]) - fmean(values[:half]) if half else None,
        best=tuple(one for one in reversed(ranked) if one.valence >= CLEAR and not objection_in(one.text))[:MOST_SHOWN],
        worst=tuple(one for one in ranked if one.valence <= -CLEAR)[:MOST_SHOWN],
    )


def _may_be_shown(one: Tone) -> bool:
    return words(one.text) >= FEWEST_WORDS and not _PLEASANTRY.search(one.text)
