"""Rows become numbers the same way when fitting and when scoring."""

import numpy as np

from tools.scores.encoding import Column, learn, matrix
from tools.scores.rows import Columns, Value

SEEN: dict[str, list[Value]] = {
    "months": [1.0, 10.0, 20.0, 30.0, 59.0, None],
    "internet": ["no", "fibre", "fibre", "dsl", "dsl", "no"],
    "backup": ["no internet", "yes", "no", "yes", "no", "no internet"],
    "country": ["Chile"] * 6,
}


def test_what_repeats_another_column_or_is_always_so_is_left_out() -> None:
    columns = learn(SEEN).columns
    assert Column("internet", level="no") in columns
    assert Column("backup", level="no internet") not in columns
    assert not [column for column in columns if column.feature == "country"]
    assert Column("months", missing=True) in columns


def test_numbers_are_standardised_and_bend_at_their_quartiles() -> None:
    encoding = learn({"months": [float(number) for number in range(101)]})
    rows = matrix(encoding, {"months": [0.0, 25.0, 75.0, 100.0]})
    line, first, second, third = rows.T
    deviation = encoding.numbers["months"].deviation
    assert np.allclose(line * deviation, [-50, -25, 25, 50])
    assert np.allclose(first * deviation, [0, 0, 50, 75])
    assert np.allclose(second * deviation, [0, 0, 25, 50])
    assert np.allclose(third * deviation, [0, 0, 0, 25])


def test_a_number_beyond_what_was_seen_counts_as_its_end() -> None:
    encoding = learn(SEEN)
    far: Columns = {name: [values[4], values[4]] for name, values in SEEN.items()} | {"months": [59.0, 5000.0]}
    first, second = matrix(encoding, far)
    assert np.array_equal(first, second)


def test_a_missing_number_is_its_median_and_says_that_it_is_missing() -> None:
    encoding = learn(SEEN)
    place = encoding.columns.index(Column("months", missing=True))
    row: Columns = {name: [values[5]] for name, values in SEEN.items()}
    [absent], [median] = matrix(encoding, row), matrix(encoding, {**row, "months": [20.0]})
    assert (absent[place], median[place]) == (1, 0)
    assert np.array_equal(np.delete(absent, place), np.delete(median, place))
