import math

import pytest

from core.errors import InvalidInputError
from tools.scores.rows import MOST_LEVELS, Row, columns_of


def test_rows_are_turned_on_their_side_and_what_one_does_not_name_is_missing() -> None:
    assert columns_of([{"plan": "free", "seats": 2}, {"plan": "paid", "trial": True}]) == {
        "plan": ("free", "paid"),
        "seats": (2, None),
        "trial": (None, "yes"),
    }


@pytest.mark.parametrize(
    ("rows", "told"),
    [
        ([{"seats": 2.0}, {"seats": "two"}], "both numbers and words"),
        ([{"seats": math.nan}], "not finite"),
        ([{"seats": math.inf}], "not finite"),
        ([{"id": str(number)} for number in range(MOST_LEVELS + 1)], "identifier"),
    ],
)
def test_what_is_no_feature_is_refused_by_name(rows: list[Row], told: str) -> None:
    with pytest.raises(InvalidInputError, match=told):
        columns_of(rows)
