"""Scores one subject from a model's coefficients: a probability with its interval, reasons and evidence, or why not.

Nothing is fitted here; scikit-learn is not needed.
"""

import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

import numpy as np

from core.errors import InvalidInputError
from tools.scores.arrays import Numbers
from tools.scores.encoding import Category, Encoding, Number, matrix
from tools.scores.leaks import words_of
from tools.scores.model import Logit, Model, logistic
from tools.scores.quality import Bucket, Z, percent
from tools.scores.rows import Row, Value, columns_of

MOST_MISSING = 0.5
"""Of a subject's features; where more are missing it is not scored."""
MOST_REASONS = 5
SMALLEST_REASON = 0.01


@dataclass(frozen=True, slots=True)
class Reason:
    """What one feature did to a score: `change` is by how much the probability would differ had it been as usual.

    `value` and `usual` are written for people. As usual means the mean of the model's columns over all fitted rows.
    """

    feature: str
    words: str
    value: str
    usual: str
    change: float

    @property
    def text(self) -> str:
        """`contract: Month-to-month (most often Month-to-month, 55 %), raises it by 12 points`."""
        direction = "raises" if self.change > 0 else "lowers"
        return f"{self.words}: {self.value} ({self.usual}), {direction} it by {_points(abs(self.change))}"


@dataclass(frozen=True, slots=True)
class Evidence:
    """What a score rests on: all outcomes fitted on, and the calibration `bucket` that the score falls in.

    The bucket's rows are those like the subject in what matters to the model. `rarest` is how often the subject's least
    frequent category was seen, with its words.
    """

    outcomes: int
    happened: int
    bucket: Bucket | None = None
    rarest: tuple[str, int] | None = None


@dataclass(frozen=True, slots=True)
class Score:
    """How likely it is for one subject; never a bare number. Where `withheld` says why not, there is no `value`.

    `interval` is where the probability is at 95 %, if the model's form is right: it comes from the coefficients'
    covariance. Whether it is right, the bucket of the evidence shows. `cautions` are features that seem to know the
    outcome, a bucket that was off, and values beyond anything seen.
    """

    subject: str
    use: str
    evidence: Evidence
    value: float | None = None
    interval: tuple[float, float] | None = None
    reasons: tuple[Reason, ...] = ()
    cautions: tuple[str, ...] = ()
    withheld: str | None = None
    text: str = ""


def score(model: Model, subject: str, features: Row) -> Score:
    """The subject's score. Features that the model does not know are passed over.

    Withheld where the model lacks evidence, more than half of its features are missing, or a category was never seen.
    Raises InvalidInputError for a word where the model has a number, and the other way round.
    """
    evidence = Evidence(model.outcomes, model.happened)
    if model.lacks or model.logit is None or model.quality is None:
        return _withheld(model, subject, evidence, model.lacks or "nothing was fitted")
    known = _known(model.logit.encoding, features)
    if reason := _unscorable(model, model.logit.encoding, known):
        return _withheld(model, subject, evidence, reason)
    row = _row(model.logit, known)
    log_odds = model.logit.intercept + float(np.dot(model.logit.coefficients, row))
    value, interval = _probability(log_odds), _interval(model.logit, row, log_odds)
    bucket = _bucket(model.quality.calibration, value)
    return Score(
        subject,
        model.use.name,
        Evidence(model.outcomes, model.happened, bucket, _rarest(model, known)),
        value,
        interval,
        tuple(_reasons(model, model.logit, known, row)),
        tuple(_cautions(model, model.logit.encoding, known, bucket)),
        text=_text(model, value, interval, bucket),
    )


def _withheld(model: Model, subject: str, evidence: Evidence, reason: str) -> Score:
    return Score(subject, model.use.name, evidence, withheld=reason, text=f"No {model.use.name} score: {reason}")


def _known(encoding: Encoding, features: Row) -> dict[str, Value]:
    """The model's features and their values, missing ones among them."""
    names = [*encoding.numbers, *encoding.categories]
    plain = columns_of([{name: features.get(name) for name in names}])
    known: dict[str, Value] = {name: values[0] for name, values in plain.items()}
    for name, value in known.items():
        if value is not None and isinstance(value, str) is not (name in encoding.categories):
            kind = "a category" if name in encoding.categories else "a number"
            raise InvalidInputError(f"The feature {name!r} is {value!r}, but the score was fitted on {kind}")
    return known


def _unscorable(model: Model, encoding: Encoding, known: Row) -> str | None:
    missing = [name for name, value in known.items() if value is None]
    if len(missing) > MOST_MISSING * len(known):
        return f"{len(missing)} of {len(known)} features are missing, at most half may be"
    for name, category in encoding.categories.items():
        value = known[name]
        if value is not None and value not in category.levels:
            return f"{_words(model, name)} is {value!r}, which none of the {model.outcomes} fitted {model.use.subjects} had"
    return None


def _row(logit: Logit, known: Row) -> Numbers:
    """The subject in the model's columns; the mean of all stands for what is missing and was never missing before."""
    seen: Mapping[str, Number | Category] = {**logit.encoding.numbers, **logit.encoding.categories}
    unknown = [known[column.feature] is None and not seen[column.feature].missing for column in logit.encoding.columns]
    row: Numbers = np.where(unknown, logit.means, matrix(logit.encoding, columns_of([known]))[0])
    return row


def _interval(logit: Logit, row: Numbers, log_odds: float) -> tuple[float, float]:
    point = np.concatenate([[1.0], row])
    half = Z * math.sqrt(float(point @ np.array(logit.covariance) @ point))
    return _probability(log_odds - half), _probability(log_odds + half)


def _reasons(model: Model, logit: Logit, known: Row, row: Numbers) -> Iterator[Reason]:
    """The largest ones; those of less than a point only where there is no larger."""
    contributions = dict.fromkeys((column.feature for column in logit.encoding.columns), 0.0)
    added = np.array(logit.coefficients) * (row - np.array(logit.means))
    for column, part in zip(logit.encoding.columns, added.tolist(), strict=True):
        contributions[column.feature] += part
    log_odds = logit.intercept + float(np.dot(logit.coefficients, row))
    value = _probability(log_odds)
    ordered = sorted(contributions.items(), key=lambda item: -abs(item[1]))
    changes = {name: value - _probability(log_odds - contribution) for name, contribution in ordered[:MOST_REASONS]}
    told = [name for name, change in changes.items() if abs(change) >= SMALLEST_REASON]
    for name in told or list(changes)[:1]:
        yield Reason(name, _words(model, name), _written(known[name]), _usual(logit.encoding, name), changes[name])


def _cautions(model: Model, encoding: Encoding, known: Row, bucket: Bucket) -> Iterator[str]:
    yield from (suspect.text for suspect in model.suspects)
    if not bucket.interval[0] <= bucket.predicted <= bucket.interval[1]:
        said, seen = percent(bucket.predicted), percent(bucket.observed)
        yield f"scores of this size were off: {said} on average were said, {seen} {model.use.happened}"
    for name, number in encoding.numbers.items():
        value = known[name]
        if isinstance(value, str) or value is None or number.low <= value <= number.high:
            continue
        end = number.low if value < number.low else number.high
        side = "below" if value < number.low else "above"
        yield f"{_words(model, name)} is {_written(value)}, {side} any seen; scored as {_written(end)}"


def _rarest(model: Model, known: Row) -> tuple[str, int] | None:
    assert model.logit is not None
    seen = [
        (f"{_words(model, name)}: {known[name]}", category.levels[str(known[name])])
        for name, category in model.logit.encoding.categories.items()
        if known[name] is not None
    ]
    return min(seen, key=lambda item: item[1], default=None)


def _bucket(calibration: tuple[Bucket, ...], value: float) -> Bucket:
    return next((bucket for bucket in calibration if value < bucket.high), calibration[-1])


def _text(model: Model, value: float, interval: tuple[float, float], bucket: Bucket) -> str:
    low, high = interval
    return (
        f"{percent(value)} (likely {percent(low)} to {percent(high)}): of {bucket.count} {model.use.subjects} that scored "
        f"{percent(bucket.low)} to {percent(bucket.high)}, {bucket.happened} {model.use.happened}; "
        f"of all {model.outcomes}, {percent(model.happened / model.outcomes)} {model.use.happened}"
    )


def _usual(encoding: Encoding, name: str) -> str:
    usual: Number | Category | None = encoding.numbers.get(name)
    if isinstance(usual, Number):
        first, _, third = usual.quartiles
        return f"usually {_written(first)} to {_written(third)}"
    levels = encoding.categories[name].levels
    level, count = next(iter(levels.items()))
    return f"most often {level}, {percent(count / (sum(levels.values()) + encoding.categories[name].missing))}"


def _words(model: Model, name: str) -> str:
    return model.use.words.get(name) or " ".join(words_of(name))


def _written(value: Value) -> str:
    if value is None:
        return "not known"
    return value if isinstance(value, str) else f"{value:,.6g}"


def _points(share: float) -> str:
    points = round(100 * share)
    if not points:
        return "less than a point"
    return f"{points} point{'' if points == 1 else 's'}"


def _probability(log_odds: float) -> float:
    return float(logistic(np.array(log_odds)))
