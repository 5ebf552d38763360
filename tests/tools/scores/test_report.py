from dataclasses import replace

from tests.tools.scores.customers import customers
from tools.scores.leaks import Suspect
from tools.scores.model import Model
from tools.scores.report import report


def test_a_report_has_the_spread_the_calibration_the_groups_and_the_drift(model: Model) -> None:
    later = [{**one.features, "months": 59.0} for one in customers(400, seed=7)]
    text = "\n".join(report(model, model.drift(later)))
    assert model.quality is not None
    assert f"AUC {model.quality.auc:.3f} over 25 folds" in text
    assert f"{model.happened} of 400 customers left" in text
    assert text.count("% to") >= len(model.quality.calibration)
    assert "| region | north | 200 |" in text
    assert "fit it again" in text
    assert "Nobody is scored" not in text


def test_a_report_without_new_rows_says_nothing_of_drift(model: Model) -> None:
    assert "Since it was fitted" not in "\n".join(report(model))


def test_what_a_model_lacks_and_what_is_suspicious_come_first(model: Model) -> None:
    lacking = replace(model, lacks="too few customers", suspects=(Suspect("seats", 0.99),))
    assert report(lacking)[3:5] == [
        "Nobody is scored: too few customers.",
        "Suspicious: 'seats' alone tells the outcome (AUC 0.990): check that it is known before it.",
    ]


def test_a_model_that_was_not_fitted_still_has_a_report(model: Model) -> None:
    empty = Model(model.use, 0, 0, "0 customers with a known outcome")
    assert report(empty) == [
        "# Churn",
        "",
        "0 of 0 customers left.",
        "Nobody is scored: 0 customers with a known outcome.",
    ]
