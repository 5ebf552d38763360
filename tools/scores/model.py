"""A fitted score as plain data: what was seen, the coefficients, and how good it proved. JSON and back, no pickle."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from pydantic import TypeAdapter, ValidationError

from core.errors import InvalidInputError
from tools.scores.arrays import Numbers
from tools.scores.drift import Drift, Reference, drift
from tools.scores.encoding import Encoding, matrix
from tools.scores.leaks import Suspect
from tools.scores.parity import Parity
from tools.scores.quality import Bucket
from tools.scores.rows import Columns, Row
from tools.scores.uses import Use


@dataclass(frozen=True, slots=True)
class Logit:
    """A logistic regression: a coefficient and the mean over the fitted rows for each column of the encoding.

    `covariance` is of the intercept and the coefficients, in this order.
    """

    encoding: Encoding
    intercept: float
    coefficients: tuple[float, ...]
    means: tuple[float, ...]
    covariance: tuple[tuple[float, ...], ...] = ()

    def probabilities(self, columns: Columns) -> Numbers:
        """The probability of each row."""
        return logistic(self.intercept + matrix(self.encoding, columns) @ np.array(self.coefficients))


@dataclass(frozen=True, slots=True)
class Quality:
    """How a score did on rows it was not fitted on, by cross-validation.

    `folds` are the AUC of every fold, `low` to `high` is where the AUC is likely to be for so many rows. `brier_skill`
    is how much better than always saying the base rate, 0 for not at all. `calibration_error` is the mean over the
    repetitions. `calibration` is the first repetition's table, each row once.
    """

    auc: float
    low: float
    high: float
    folds: tuple[float, ...]
    brier: float
    brier_skill: float
    calibration_error: float
    calibration: tuple[Bucket, ...]

    @property
    def spread(self) -> float:
        """The standard deviation of the AUC over the folds."""
        return float(np.std(self.folds))


@dataclass(frozen=True, slots=True)
class Model:
    """A score that was fitted, or why not: `lacks` says what it would need before it may score anything.

    `outcomes` rows were given, to `happened` of them it happened.
    """

    use: Use
    outcomes: int
    happened: int
    lacks: str | None = None
    logit: Logit | None = None
    quality: Quality | None = None
    suspects: tuple[Suspect, ...] = ()
    parity: Parity | None = None
    references: dict[str, Reference] | None = None

    @property
    def base_rate(self) -> float | None:
        """The share to whom it happened."""
        return self.happened / self.outcomes if self.outcomes else None

    def drift(self, now: Sequence[Row]) -> list[Drift]:
        """How each feature moved between the rows fitted on and these, the largest first; nothing where none are."""
        if self.logit is None or self.references is None or not now:
            return []
        return drift(self.references, self.logit.encoding, now)

    def to_json(self) -> str:
        """The model as JSON."""
        return _ADAPTER.dump_json(self).decode()


def logistic(log_odds: Numbers) -> Numbers:
    """Probabilities of log-odds."""
    probabilities: Numbers = 1 / (1 + np.exp(-log_odds))
    return probabilities


def from_json(text: str) -> Model:
    """The model that `to_json` wrote. InvalidInputError where it is none."""
    try:
        return _ADAPTER.validate_json(text)
    except ValidationError as error:
        raise InvalidInputError(f"This is no fitted score; fit it again: {error}") from None


_ADAPTER = TypeAdapter(Model)
