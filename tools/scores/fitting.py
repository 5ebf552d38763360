"""Fits a score and proves it: enough outcomes, no feature that knows the answer, cross-validated on unseen rows."""

import asyncio
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
from pydantic import TypeAdapter

from core.apart import run_apart
from core.errors import InvalidInputError, UnsupportedError
from tools.scores.arrays import Flags, Numbers
from tools.scores.drift import reference
from tools.scores.leaks import refuse_what_comes_after, suspects
from tools.scores.model import Logit, Model, Quality
from tools.scores.parity import Parity, parity
from tools.scores.quality import Z, auc, auc_error, brier, buckets, calibration_error, percent
from tools.scores.rows import Columns, Example, columns_of, is_number
from tools.scores.uses import Use

FEWEST_OUTCOMES, FEWEST_OF_EITHER = 50, 10
TELLING_AUC = 0.55
"""A score whose AUC may well be lower (its interval at 95 % reaches below) knows too little to be shown for anybody."""
REPEATS, FOLDS = 5, 5
_WORKER = "tools.scores.regression"


async def fit(examples: Sequence[Example], use: Use, *, seed: int, timeout_s: float = 120) -> Model:
    """The model of these examples; where they are too few or tell nothing, it scores nobody and `lacks` says why.

    Cross-validated five times over in five stratified folds, drawn by `seed`. Raises InvalidInputError for features that
    come after the outcome (leaks.py) or are no features (rows.py), UnsupportedError without the extra `scores`.
    """
    columns, outcomes = await asyncio.to_thread(_checked, examples, use)
    if lacks := _too_few(outcomes, columns, use):
        return Model(use, len(outcomes), int(outcomes.sum()), lacks)
    answer = await _apart(columns, outcomes, seed=seed, timeout_s=timeout_s)
    return await asyncio.to_thread(_proved_model, examples, use, columns, outcomes, answer)


def _checked(examples: Sequence[Example], use: Use) -> tuple[Columns, Flags]:
    columns = columns_of([example.features for example in examples])
    refuse_what_comes_after(tuple(columns), use)
    _refuse_groups(examples, columns)
    return columns, np.array([example.outcome for example in examples], dtype=bool)


def _proved_model(
    examples: Sequence[Example], use: Use, columns: Columns, outcomes: Flags, answer: Mapping[str, Any]
) -> Model:
    predicted, folds = np.array(answer["predicted"]), np.array(answer["folds"])
    quality, happened = proved(outcomes, predicted, folds), int(outcomes.sum())
    return Model(
        use,
        len(outcomes),
        happened,
        _tells_nothing(quality, use, happened / len(outcomes)),
        TypeAdapter(Logit).validate_python(answer["logit"]),
        quality,
        tuple(suspects(columns, outcomes)),
        _parity(examples, outcomes, predicted[0]),
        {name: reference(values, number=is_number(values)) for name, values in columns.items()},
    )


def proved(outcomes: Flags, predicted: Numbers, folds: Numbers) -> Quality:
    """The quality of predictions for unseen rows; `predicted` and `folds` have a row a repetition, a column an example."""
    areas = tuple(
        auc(outcomes[fold == number], said[fold == number])
        for said, fold in zip(predicted, folds, strict=True)
        for number in np.unique(fold)
    )
    area, base = float(np.mean(areas)), float(outcomes.mean())
    half = Z * auc_error(area, int(outcomes.sum()), int((~outcomes).sum()))
    score = float(np.mean([brier(outcomes, said) for said in predicted]))
    return Quality(
        auc=area,
        low=max(0.0, area - half),
        high=min(1.0, area + half),
        folds=areas,
        brier=score,
        brier_skill=1 - score / (base * (1 - base)),
        calibration_error=float(np.mean([calibration_error(outcomes, said) for said in predicted])),
        calibration=buckets(outcomes, predicted[0]),
    )


async def _apart(columns: Columns, outcomes: Flags, *, seed: int, timeout_s: float) -> Mapping[str, Any]:
    request = {
        "columns": {name: list(values) for name, values in columns.items()},
        "outcomes": outcomes.astype(int).tolist(),
        "repeats": REPEATS,
        "folds": FOLDS,
        "seed": seed,
    }
    try:
        return await run_apart(_WORKER, request, timeout_s=timeout_s)
    except UnsupportedError as error:
        raise UnsupportedError(f"{error}; install it with: pip install 'sophia-orchestrator[scores]'") from None


def _refuse_groups(examples: Sequence[Example], columns: Columns) -> None:
    traits = {trait for example in examples for trait in example.groups}
    if both := sorted(traits & columns.keys()):
        raise InvalidInputError(f"{both[0]!r} is both a feature and a group to compare: leave it out of the features")


def _too_few(outcomes: Flags, columns: Columns, use: Use) -> str | None:
    rarer = min(int(outcomes.sum()), int((~outcomes).sum()))
    if len(outcomes) < FEWEST_OUTCOMES:
        return f"{len(outcomes)} {use.subjects} with a known outcome, at least {FEWEST_OUTCOMES} are needed"
    if rarer < FEWEST_OF_EITHER:
        return f"{rarer} {use.subjects} of the rarer outcome, at least {FEWEST_OF_EITHER} are needed"
    return None if columns else f"nothing is known about the {use.subjects}"


def _tells_nothing(quality: Quality, use: Use, base: float) -> str | None:
    if quality.low > TELLING_AUC:
        return None
    return (
        f"what is known of {use.subjects} hardly tells which {use.happened} "
        f"(AUC {quality.auc:.2f}, likely {quality.low:.2f} to {quality.high:.2f}; 0.5 is chance): "
        f"all that can be said is that {percent(base)} {use.happened}"
    )


def _parity(examples: Sequence[Example], outcomes: Flags, predicted: Numbers) -> Parity | None:
    traits = dict.fromkeys(trait for example in examples for trait in example.groups)
    groups = {trait: [example.groups.get(trait, "(unknown)") for example in examples] for trait in traits}
    return parity(outcomes, predicted, groups) if groups else None
