"""Shares of speech told from words alone, against the seconds in which each speaker of real earnings calls is heard.

Nothing is fitted to a call. How far the pause that `tools.calls.pace` counts was chosen on these calls is measured by
leaving out one call at a time: the pause that does best on the others is used on it (`left_out_difference`).
"""

from collections.abc import Callable, Mapping, Sequence
from functools import partial
from statistics import fmean

from evals.datasets.earnings21 import Call, calls
from evals.run import Materials, Measures
from tools.calls import pace, speech

PAUSES = (0.0, 0.5, 1.0, 1.5, 2.0, 3.0)
"""What else a mark might have counted for."""


async def run(materials: Materials) -> Measures:
    """Mean absolute differences between a speaker's share of the estimate and of the seconds, call by call."""
    assert materials.data is not None
    heard = list(calls(materials.data))
    ours, words = _differences(heard, pace.syllables), _differences(heard, lambda text: float(speech.words(text)))
    return {
        "calls": len(heard),
        "speakers": sum(len(one.seconds) for one in heard),
        "difference": fmean(ours),
        "words_difference": fmean(words),
        "left_out_difference": fmean(_left_out(heard)),
        "worst_call": max(ours),
        "calls_nearer_than_words": fmean(a < b for a, b in zip(ours, words, strict=True)),
    }


def _differences(heard: Sequence[Call], measure: Callable[[str], float]) -> list[float]:
    return [_difference(one, measure) for one in heard]


def _difference(call: Call, measure: Callable[[str], float]) -> float:
    said = dict.fromkeys(call.seconds, 0.0)
    for turn in call.transcript.turns:
        said[turn.speaker] += measure(turn.text)
    told, real = _shares(said), _shares(call.seconds)
    return fmean(abs(told[speaker] - real[speaker]) for speaker in real)


def _shares(amounts: Mapping[str, float]) -> dict[str, float]:
    whole = sum(amounts.values())
    return {speaker: amount / whole for speaker, amount in amounts.items()}


def _left_out(heard: Sequence[Call]) -> list[float]:
    """Each call's difference under the pause that is best on all others."""
    table = [_differences(heard, partial(pace.syllables, pause=pause)) for pause in PAUSES]
    others = range(len(heard))
    return [
        min(table, key=lambda row: fmean(row[other] for other in others if other != place))[place] for place in others
    ]
