"""Who leaves: the churn score of Telco's customers, cross-validated five times over in five folds.

Controls: with the outcomes dealt out anew nothing may be found, and nobody scored; every score that is shown says why.
"""

from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from evals.datasets.telco_churn import customers
from evals.run import Materials, Measures
from tools.scores.fitting import fit
from tools.scores.model import Model, Quality
from tools.scores.rows import Example
from tools.scores.scoring import Score, score
from tools.scores.uses import CHURN

SEED = 20260309
EVERY = 10
"""One customer in so many is scored to look at the score itself."""


async def run(materials: Materials) -> Measures:
    """The measures over all customers."""
    assert materials.data is not None
    return await measure(customers(materials.data))


async def measure(examples: Sequence[Example]) -> Measures:
    """`bare` is the share of scores without interval, reasons or evidence that are not withheld."""
    model = await fit(examples, CHURN, seed=SEED)
    control = await fit(shuffled(examples), CHURN, seed=SEED)
    assert model.quality is not None
    assert control.quality is not None
    scores, guesses = _scores(model, examples), _scores(control, examples)
    return {
        **of(model.quality),
        "shuffled_auc": control.quality.auc,
        "shuffled_shown": sum(one.withheld is None for one in guesses) / len(guesses),
        "scored": sum(one.withheld is None for one in scores) / len(scores),
        "bare": sum(_bare(one) for one in scores) / len(scores),
        "suspects": len(model.suspects),
        "parity_differences": len(model.parity.differences) if model.parity else 0,
        "customers": len(examples),
    }


def of(quality: Quality) -> Measures:
    """The figures of a cross-validation."""
    return {
        "auc": quality.auc,
        "auc_spread": quality.spread,
        "auc_of_the_worst_fold": min(quality.folds),
        "calibration_error": quality.calibration_error,
        "brier": quality.brier,
        "brier_skill": quality.brier_skill,
    }


def shuffled(examples: Sequence[Example]) -> list[Example]:
    """The same rows, each with the outcome of another."""
    order = np.random.default_rng(SEED).permutation(len(examples))
    return [replace(example, outcome=examples[other].outcome) for example, other in zip(examples, order, strict=True)]


def _scores(model: Model, examples: Sequence[Example]) -> list[Score]:
    return [score(model, str(number), one.features) for number, one in enumerate(examples) if number % EVERY == 0]


def _bare(one: Score) -> bool:
    said = bool(one.interval and one.reasons and one.evidence.bucket and one.text)
    return one.withheld is None and not said
