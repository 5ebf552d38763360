"""The suites of the scores count as they say, and read the public sets as these are written."""

import os
from collections import Counter
from pathlib import Path

import pytest

from core.errors import InvalidInputError
from evals.datasets.crm_maven import deals
from evals.datasets.telco_churn import customers as telco
from evals.run import Materials
from evals.suites import churn, outcome
from tests.tools.scores.customers import customers

needs_data = pytest.mark.skipif("SOPHIA_EVAL_DATA" not in os.environ, reason="SOPHIA_EVAL_DATA is not set")


async def test_the_churn_suite_finds_what_is_there_and_nothing_where_the_outcomes_are_shuffled() -> None:
    figures = await churn.measure(customers(300))
    assert figures["auc"] > 0.75
    assert abs(figures["shuffled_auc"] - 0.5) < 0.1
    assert (figures["shuffled_shown"], figures["bare"], figures["scored"]) == (0, 0, 1)


def test_shuffling_keeps_the_rows_and_the_number_of_outcomes() -> None:
    before, after = customers(100), churn.shuffled(customers(100))
    assert [one.features for one in before] == [one.features for one in after]
    assert Counter(one.outcome for one in before) == Counter(one.outcome for one in after)
    assert before != after


@pytest.mark.parametrize(("suite", "file"), [(churn.run, "Telco-Customer-Churn"), (outcome.run, "accounts")])
async def test_a_missing_file_is_named(suite: object, file: str, tmp_path: Path) -> None:
    assert callable(suite)
    with pytest.raises(InvalidInputError, match=file):
        await suite(Materials(tmp_path, tmp_path))


@needs_data
def test_telcos_blank_charges_are_missing_and_its_traits_are_no_features() -> None:
    read = telco(Path(os.environ["SOPHIA_EVAL_DATA"]))
    assert (len(read), sum(one.outcome for one in read)) == (7043, 1869)
    unbilled = [one for one in read if one.features["TotalCharges"] is None]
    assert [one.features["tenure"] for one in unbilled] == [0.0] * 11
    assert not {"gender", "SeniorCitizen", "customerID", "Churn"} & read[0].features.keys()
    assert read[0].groups == {"gender": "Female", "SeniorCitizen": "0"}


@needs_data
def test_mavens_deals_are_joined_to_what_was_known_while_they_were_open() -> None:
    read = deals(Path(os.environ["SOPHIA_EVAL_DATA"]))
    assert Counter(deal.won for deal in read) == {True: 4238, False: 2473, None: 2089}
    pro = next(deal for deal in read if deal.id == "Z063OYW0")
    assert (pro.features["product"], pro.features["list_price"]) == ("GTX Pro", 4821.0)
    assert (str(pro.engaged), pro.afterwards["days_to_close"]) == ("2016-10-25", 137.0)
    assert not pro.features.keys() & pro.afterwards.keys()
