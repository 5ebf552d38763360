"""A score is a probability with its interval, its reasons and its evidence, or it says why there is none."""

from dataclasses import replace

import pytest

from core.errors import InvalidInputError
from tests.tools.scores.customers import customers, probability
from tools.scores.leaks import Suspect
from tools.scores.model import Model
from tools.scores.rows import Row
from tools.scores.scoring import score

NEWCOMER: Row = {"months": 2.0, "contract": "monthly", "colour": "red", "seats": 10.0}
LOYAL: Row = {"months": 55.0, "contract": "yearly", "colour": "red", "seats": 10.0}


def test_a_score_is_never_a_bare_number(model: Model) -> None:
    found = score(model, "Globex", NEWCOMER)
    assert found.subject == "Globex"
    assert found.value is not None
    assert found.interval is not None
    assert 0 <= found.interval[0] < found.interval[1] <= 1
    assert found.reasons
    bucket = found.evidence.bucket
    assert bucket is not None
    assert bucket.low <= found.value <= bucket.high
    assert f"of {bucket.count} customers that scored" in found.text
    assert f"{bucket.happened} left" in found.text
    assert found.withheld is None


def test_the_interval_holds_the_true_probability_of_nearly_all(model: Model) -> None:
    held = 0
    for one in customers(1000, seed=77):
        found = score(model, "a", one.features)
        assert found.value is not None
        assert found.interval is not None
        assert found.interval[0] < found.value < found.interval[1]
        held += found.interval[0] <= probability(one.features) <= found.interval[1]
    assert 0.8 <= held / 1000 <= 0.99


def test_a_bucket_that_was_off_is_told(model: Model) -> None:
    assert model.quality is not None
    off = tuple(replace(bucket, happened=0) for bucket in model.quality.calibration)
    found = score(replace(model, quality=replace(model.quality, calibration=off)), "a", NEWCOMER)
    assert any("scores of this size were off" in caution and "0 % left" in caution for caution in found.cautions)


def test_what_matters_is_the_reason_and_says_which_way(model: Model) -> None:
    leaves, stays = score(model, "a", NEWCOMER), score(model, "b", LOYAL)
    assert leaves.value is not None
    assert stays.value is not None
    assert leaves.value > 0.8 > 0.2 > stays.value
    assert {reason.feature for reason in leaves.reasons[:2]} == {"months", "contract"}
    months = next(reason for reason in leaves.reasons if reason.feature == "months")
    assert months.change > 0
    assert months.text.startswith("months as a customer: 2 (usually ")
    assert "raises it by" in months.text
    assert all(reason.change < 0 for reason in stays.reasons[:2])


def test_the_evidence_names_the_rarest_that_the_subject_is(model: Model) -> None:
    rarest = score(model, "a", NEWCOMER).evidence.rarest
    assert rarest is not None
    assert rarest[0] == "colour: red"
    assert rarest[1] == 134


def test_a_category_that_was_never_seen_gives_no_score(model: Model) -> None:
    found = score(model, "a", {**NEWCOMER, "contract": "barter"})
    assert (found.value, found.interval) == (None, None)
    assert "contract is 'barter', which none of the 400 fitted customers had" in found.text


def test_mostly_missing_features_give_no_score(model: Model) -> None:
    assert score(model, "a", {"months": 2.0, "contract": "monthly"}).value is not None
    assert "3 of 4 features are missing" in str(score(model, "a", {"months": 2.0}).withheld)


def test_what_was_never_missing_before_counts_as_usual_when_it_is(model: Model) -> None:
    found = score(model, "a", {**NEWCOMER, "months": None})
    assert "months" not in {reason.feature for reason in found.reasons}


def test_a_number_beyond_any_seen_is_scored_as_the_last_one_and_told(model: Model) -> None:
    far, last = score(model, "a", {**LOYAL, "months": 500.0}), score(model, "a", {**LOYAL, "months": 59.0})
    assert far.value == last.value
    assert far.cautions == ("months as a customer is 500, above any seen; scored as 59",)
    assert last.cautions == ()


def test_a_feature_that_seems_to_know_the_outcome_is_told_with_every_score(model: Model) -> None:
    suspicious = replace(model, suspects=(Suspect("seats", 0.99),))
    assert "check that it is known before" in score(suspicious, "a", NEWCOMER).cautions[0]


def test_the_largest_reason_is_told_even_where_it_is_small(model: Model) -> None:
    assert model.logit is not None
    flat = replace(model.logit, coefficients=tuple(one / 1000 for one in model.logit.coefficients))
    [reason] = score(replace(model, logit=flat), "a", NEWCOMER).reasons
    assert "by less than a point" in reason.text


@pytest.mark.parametrize("wrong", [{"months": "two"}, {"contract": 2.0}])
def test_a_value_of_the_wrong_kind_is_refused(model: Model, wrong: Row) -> None:
    with pytest.raises(InvalidInputError, match="the score was fitted on"):
        score(model, "a", {**NEWCOMER, **wrong})


def test_features_that_the_model_does_not_know_are_passed_over(model: Model) -> None:
    assert score(model, "a", {**NEWCOMER, "mood": "good"}) == score(model, "a", NEWCOMER)
