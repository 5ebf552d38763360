"""Fits the logistic regression with scikit-learn; run in a process of its own (`core.apart`).

Asked `columns`, `outcomes` (0 or 1), `repeats`, `folds` and `seed`, it answers the fit over all rows and, for each
repetition of a stratified cross-validation, every row's fold and its probability from the fit that had not seen it.
scikit-learn is imported where it is used, so that the process can answer that it is not installed.
"""

import math
from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Any

import numpy as np
from pydantic import TypeAdapter

from core.apart import answer_once
from tools.scores.arrays import Flags, Numbers
from tools.scores.encoding import learn, matrix
from tools.scores.model import Logit
from tools.scores.rows import Columns

PENALTY = 1.0
"""scikit-learn's C with an L2 penalty; numbers are standardised, so one size fits all columns."""
_STEPS = 2000


def handle(request: Mapping[str, Any]) -> Mapping[str, Any]:
    """The answer to one request, as plain data."""
    columns, outcomes = request["columns"], np.array(request["outcomes"], dtype=bool)
    repeats = [
        _unseen(columns, outcomes, folds=request["folds"], seed=request["seed"] + number)
        for number in range(request["repeats"])
    ]
    return {
        "logit": TypeAdapter(Logit).dump_python(_measured(fitted(columns, outcomes), columns), mode="json"),
        "predicted": [predicted.tolist() for _, predicted in repeats],
        "folds": [fold.tolist() for fold, _ in repeats],
    }


def fitted(columns: Columns, outcomes: Flags) -> Logit:
    """The regression over these rows; where no feature tells two rows apart, everybody has the base rate."""
    from sklearn.linear_model import LogisticRegression  # noqa: PLC0415

    encoding = learn(columns)
    if not encoding.columns:
        base = float(outcomes.mean())
        return Logit(encoding, math.log(base / (1 - base)), (), ())
    rows = matrix(encoding, columns)
    regression = LogisticRegression(C=PENALTY, max_iter=_STEPS).fit(rows, outcomes)
    return Logit(
        encoding,
        float(regression.intercept_[0]),
        tuple(regression.coef_[0].tolist()),
        tuple(rows.mean(axis=0).tolist()),
    )


def _measured(logit: Logit, columns: Columns) -> Logit:
    """The regression with its covariance: the inverse of the penalised information, XᵀWX + 1/C, W = p(1 - p).

    Laplace's approximation (Bishop 2006, "Pattern Recognition and Machine Learning", 4.5.1); the intercept is not
    penalised.
    """
    rows = np.column_stack([np.ones(len(next(iter(columns.values())))), matrix(logit.encoding, columns)])
    said = logit.probabilities(columns)
    penalty = np.diag([0.0, *(1 / PENALTY for _ in logit.coefficients)])
    covariance = np.linalg.inv((rows * (said * (1 - said))[:, None]).T @ rows + penalty)
    return replace(logit, covariance=tuple(tuple(row) for row in covariance.tolist()))


def _unseen(columns: Columns, outcomes: Flags, *, folds: int, seed: int) -> tuple[Numbers, Numbers]:
    predicted, fold = np.empty(len(outcomes)), np.empty(len(outcomes))
    for number, (seen, unseen) in enumerate(_splits(outcomes, folds, seed)):
        logit = fitted(_at(columns, seen), outcomes[seen])
        predicted[unseen], fold[unseen] = logit.probabilities(_at(columns, unseen)), number
    return fold, predicted


def _splits(outcomes: Flags, folds: int, seed: int) -> Iterator[tuple[Any, Any]]:
    from sklearn.model_selection import StratifiedKFold  # noqa: PLC0415

    yield from StratifiedKFold(folds, shuffle=True, random_state=seed).split(np.zeros((len(outcomes), 1)), outcomes)


def _at(columns: Columns, rows: Any) -> Columns:
    return {name: [values[row] for row in rows] for name, values in columns.items()}


if __name__ == "__main__":
    answer_once(handle)
