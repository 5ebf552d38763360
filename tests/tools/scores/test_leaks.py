"""A feature that knows the outcome is refused by its name, or reported where its name hides it."""

import numpy as np
import pytest

from core.errors import InvalidInputError
from tests.tools.scores.customers import customers
from tools.scores.leaks import alone, refuse_what_comes_after, suspects
from tools.scores.rows import Value, columns_of
from tools.scores.uses import CHURN, DEAL_OUTCOME, Use


@pytest.mark.parametrize(
    ("feature", "use"),
    [
        ("close_value", DEAL_OUTCOME),
        ("closeDate", DEAL_OUTCOME),
        ("DealStage", DEAL_OUTCOME),
        ("primary-loss-reason", DEAL_OUTCOME),
        ("hs_is_closed_won", DEAL_OUTCOME),
        ("CLOSE_QUARTER", DEAL_OUTCOME),
        ("Churn Score", CHURN),
        ("exit_survey_sent", CHURN),
        ("CustomerStatus", CHURN),
    ],
)
def test_what_only_the_outcome_brings_about_is_refused_by_name(feature: str, use: Use) -> None:
    with pytest.raises(InvalidInputError, match="known only after the outcome"):
        refuse_what_comes_after(["product", feature], use)


def test_a_name_that_only_looks_alike_is_no_reason() -> None:
    refuse_what_comes_after(["closeness", "wonderful_calls", "MonthlyCharges", "engaged_month"], DEAL_OUTCOME)


@pytest.mark.parametrize("kind", ["larger", "smaller", "zero in the middle", "a word", "missing"])
def test_a_feature_that_alone_tells_the_outcome_is_reported(kind: str) -> None:
    random = np.random.default_rng(5)
    outcome = random.random(300) < 0.4
    noise = random.normal(size=300)
    values: dict[str, list[Value]] = {
        "larger": [float(n + 9 * told) for n, told in zip(noise, outcome, strict=True)],
        "smaller": [float(n - 9 * told) for n, told in zip(noise, outcome, strict=True)],
        "zero in the middle": [0.0 if told else float(n) for n, told in zip(noise, outcome, strict=True)],
        "a word": ["signed" if told else "silent" for told in outcome],
        "missing": [float(n) if told else None for n, told in zip(noise, outcome, strict=True)],
    }
    [found] = suspects({"harmless": noise.tolist(), "telling": values[kind]}, outcome)
    assert found.feature == "telling"
    assert found.auc > 0.98
    assert "'telling' alone tells the outcome" in found.text


def test_an_identifier_tells_nothing_of_rows_it_has_not_seen() -> None:
    outcome = np.random.default_rng(5).random(150) < 0.4
    assert abs(alone([f"row {number}" for number in range(150)], outcome) - 0.5) < 0.1


def test_honest_features_are_no_suspects() -> None:
    examples = customers(300)
    columns = columns_of([example.features for example in examples])
    assert list(suspects(columns, np.array([example.outcome for example in examples]))) == []
