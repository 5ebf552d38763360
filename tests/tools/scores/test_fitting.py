"""A model proves itself on rows it has not seen, travels as JSON, and says what it lacks."""

import json
import sys
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from sklearn.linear_model import LogisticRegression

from core.errors import InvalidInputError, UnsupportedError
from tests.interpreters import interpreter_without
from tests.tools.scores.customers import LEAVES, customers
from tools.scores.encoding import matrix
from tools.scores.fitting import fit
from tools.scores.model import Model, from_json
from tools.scores.quality import auc
from tools.scores.regression import fitted
from tools.scores.rows import Example, columns_of
from tools.scores.scoring import score


def test_our_probabilities_are_scikit_learns(model: Model) -> None:
    assert model.logit is not None
    examples = customers(400)
    columns = columns_of([example.features for example in examples])
    rows = matrix(model.logit.encoding, columns)
    theirs = LogisticRegression(C=1.0, max_iter=2000).fit(rows, [example.outcome for example in examples])
    assert np.allclose(model.logit.probabilities(columns), theirs.predict_proba(rows)[:, 1], atol=1e-9)


def test_the_figures_are_of_rows_that_were_not_fitted_on(model: Model) -> None:
    assert model.lacks is None
    assert model.quality is not None
    assert model.logit is not None
    assert len(model.quality.folds) == 25
    assert model.quality.low < model.quality.auc < model.quality.high
    fresh = customers(3000, seed=99)
    said = model.logit.probabilities(columns_of([example.features for example in fresh]))
    truth = auc(np.array([example.outcome for example in fresh]), said)
    assert model.quality.low < truth < model.quality.high
    assert sum(bucket.count for bucket in model.quality.calibration) == model.outcomes == 400
    assert model.quality.brier_skill > 0.2
    assert model.quality.calibration_error < 0.1


def test_a_model_is_the_same_after_json(model: Model) -> None:
    again = from_json(model.to_json())
    assert again == model
    assert score(again, "c", customers(1)[0].features) == score(model, "c", customers(1)[0].features)


def test_what_is_no_model_is_refused() -> None:
    with pytest.raises(InvalidInputError, match="fit it again"):
        from_json(json.dumps({"use": "churn"}))


async def test_with_the_outcomes_dealt_out_anew_nothing_is_found_and_nobody_scored() -> None:
    examples = customers(300)
    order = np.random.default_rng(4).permutation(len(examples))
    dealt = [replace(example, outcome=examples[other].outcome) for example, other in zip(examples, order, strict=True)]
    chance = await fit(dealt, LEAVES, seed=3)
    assert chance.quality is not None
    assert abs(chance.quality.auc - 0.5) < 0.1
    assert chance.lacks is not None
    assert "hardly tells which left" in chance.lacks
    found = score(chance, "c", examples[0].features)
    assert found.value is None
    assert "all that can be said is that" in found.text


def test_the_same_features_for_everybody_give_everybody_the_base_rate() -> None:
    outcomes = np.array([number % 4 == 0 for number in range(60)])
    alike = fitted({"plan": ["free"] * 60}, outcomes)
    assert np.allclose(alike.probabilities({"plan": ["free", "paid"]}), 0.25)


async def test_without_scikit_learn_the_remedy_is_named(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(sys, "executable", str(interpreter_without("sklearn", tmp_path / "python")))
    with pytest.raises(UnsupportedError, match=r"'sklearn\S*' is not installed.*sophia-orchestrator\[scores\]"):
        await fit(customers(100), LEAVES, seed=3)


@pytest.mark.parametrize(
    ("examples", "lacks"),
    [
        ([], "0 customers with a known outcome, at least 50"),
        (customers(49), "49 customers with a known outcome, at least 50"),
        ([replace(one, outcome=number < 9) for number, one in enumerate(customers(200))], "9 customers of the rarer"),
        ([replace(one, outcome=number >= 9) for number, one in enumerate(customers(200))], "9 customers of the rarer"),
        ([Example({}, number % 2 == 0) for number in range(100)], "nothing is known about the customers"),
    ],
)
async def test_below_the_minimum_of_evidence_nothing_is_fitted(examples: list[Example], lacks: str) -> None:
    model = await fit(examples, LEAVES, seed=3)
    assert lacks in str(model.lacks)
    assert model.logit is None
    assert from_json(model.to_json()) == model
    assert lacks in str(score(model, "c", {}).withheld)


async def test_a_feature_from_after_the_outcome_is_refused_before_anything_is_fitted() -> None:
    leaking = [replace(one, features={**one.features, "exit_survey": "sent"}) for one in customers(100)]
    with pytest.raises(InvalidInputError, match="'exit_survey' is known only after"):
        await fit(leaking, LEAVES, seed=3)


async def test_a_trait_that_groups_are_compared_by_is_no_feature() -> None:
    both = [replace(one, features={**one.features, "region": "north"}) for one in customers(100)]
    with pytest.raises(InvalidInputError, match="'region' is both"):
        await fit(both, LEAVES, seed=3)


def test_a_model_carries_its_parity_and_watches_its_features(model: Model) -> None:
    assert model.parity is not None
    assert {group.group: group.count for group in model.parity.groups} == {"north": 200, "south": 200}
    later = [{**one.features, "months": 59.0} for one in customers(400, seed=7)]
    first, *others = model.drift(later)
    assert (first.feature, first.shift) == ("months", "shifted")
    assert all(one.shift == "steady" for one in others if one.feature in ("contract", "colour"))
