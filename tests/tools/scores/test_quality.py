"""The measures agree with scikit-learn's, with hand reckoning, or with published figures."""

import numpy as np
import pytest
from sklearn.metrics import brier_score_loss, roc_auc_score

from tools.scores.quality import auc, auc_error, brier, buckets, calibration_error, percent, wilson

RANDOM = np.random.default_rng(11)
SAID = np.round(RANDOM.random(500), 2)
HAPPENED = RANDOM.random(500) < SAID


def test_auc_and_brier_are_scikit_learns_ties_among_them() -> None:
    assert len(set(SAID.tolist())) < len(SAID)
    assert auc(HAPPENED, SAID) == pytest.approx(roc_auc_score(HAPPENED, SAID), abs=1e-12)
    assert brier(HAPPENED, SAID) == pytest.approx(brier_score_loss(HAPPENED, SAID), abs=1e-12)


def test_one_outcome_alone_tells_nothing() -> None:
    assert auc(np.array([True, True]), np.array([0.1, 0.9])) == 0.5


def test_the_error_of_an_auc_is_hanley_and_mcneils() -> None:
    assert auc_error(0.893, 51, 58) == pytest.approx(0.032, abs=0.001)


def test_the_buckets_share_the_rows_and_cover_all_probabilities() -> None:
    table = buckets(HAPPENED, SAID)
    assert len(table) == 10
    assert (table[0].low, table[-1].high) == (0.0, 1.0)
    assert [one.high for one in table[:-1]] == [one.low for one in table[1:]]
    assert sum(one.count for one in table) == 500
    assert all(35 <= one.count <= 65 for one in table)
    assert sum(one.happened for one in table) == HAPPENED.sum()


def test_few_rows_share_fewer_buckets_and_equal_probabilities_one() -> None:
    assert len(buckets(HAPPENED[:60], SAID[:60])) == 2
    [only] = buckets(HAPPENED[:400], np.full(400, 0.5))
    assert only.count == 400


def test_the_calibration_error_is_the_weighted_distance_of_said_and_seen() -> None:
    outcomes = np.array([True] * 10 + [False] * 30 + [True] * 30 + [False] * 10)
    said = np.array([0.2] * 40 + [0.9] * 40)
    assert calibration_error(outcomes, said) == pytest.approx((0.05 + 0.15) / 2)
    assert calibration_error(HAPPENED, SAID) < 0.06 < calibration_error(HAPPENED, 1 - SAID)


def test_the_interval_of_a_share_is_wilsons() -> None:
    assert wilson(0, 10) == pytest.approx((0.0, 0.2775), abs=1e-3)
    assert wilson(5, 10) == pytest.approx((0.2366, 0.7634), abs=1e-3)


def test_a_share_is_written_with_a_space() -> None:
    assert percent(0.634) == "63 %"
