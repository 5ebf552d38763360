"""Sentiment told from a lexicon, beside the plainest baselines; nothing was chosen on these sets.

MELD's lines are from a comedy, where tone, not words, makes most of what is felt; the satisfaction dialogues are customers
and a booking service, who are polite.
"""

from collections.abc import Sequence

import numpy as np

from evals.datasets.sentiment import lines, turns
from evals.run import Materials, Measures
from tools.calls.sentiment import CLEAR, lexical
from tools.scores.quality import auc

POSITIVE, NEGATIVE, NEUTRAL = "positive", "negative", "neutral"
DISCONTENT, CONTENT = 2.5, 3.5
"""Below the one a customer is discontent, above the other content; three is neither."""


async def run(materials: Materials) -> Measures:
    """The measures on both sets."""
    assert materials.data is not None
    return _meld(materials) | _satisfaction(materials)


def _meld(materials: Materials) -> dict[str, float]:
    assert materials.data is not None
    labelled = lines(materials.data)
    gold = [one.sentiment for one in labelled]
    values = np.array(lexical([one.text for one in labelled]))
    told = [POSITIVE if value >= CLEAR else NEGATIVE if value <= -CLEAR else NEUTRAL for value in values]
    felt = np.array([label != NEUTRAL for label in gold])
    return {
        "meld_lines": len(labelled),
        "meld_accuracy": _accuracy(gold, told),
        "meld_accuracy_of_always_neutral": _accuracy(gold, [NEUTRAL] * len(gold)),
        "meld_macro_f1": _macro_f1(gold, told),
        "meld_macro_f1_of_always_neutral": _macro_f1(gold, [NEUTRAL] * len(gold)),
        "meld_positive_over_negative_auc": auc(np.array(gold)[felt] == POSITIVE, values[felt]),
    }


def _satisfaction(materials: Materials) -> dict[str, float]:
    assert materials.data is not None
    rated = turns(materials.data)
    values = np.array(lexical([one.text for one in rated]))
    ratings = np.array([one.satisfaction for one in rated])
    longest = np.array([len(one.text) for one in rated], dtype=float)
    return {
        "satisfaction_turns": len(rated),
        "discontent": float(np.mean(ratings < DISCONTENT)),
        "discontent_auc": auc(ratings < DISCONTENT, -values),
        "discontent_auc_of_length": auc(ratings < DISCONTENT, longest),
        "content_auc": auc(ratings > CONTENT, values),
        "content_auc_of_length": auc(ratings > CONTENT, -longest),
    }


def _accuracy(gold: Sequence[str], told: Sequence[str]) -> float:
    return sum(a == b for a, b in zip(gold, told, strict=True)) / len(gold)


def _macro_f1(gold: Sequence[str], told: Sequence[str]) -> float:
    scores = []
    for label in (POSITIVE, NEGATIVE, NEUTRAL):
        both = sum(a == b == label for a, b in zip(gold, told, strict=True))
        scores.append(2 * both / max(gold.count(label) + told.count(label), 1))
    return sum(scores) / len(scores)
