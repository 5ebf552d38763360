"""Two groups of numbers are told apart by their order alone."""

import random
from itertools import combinations

import pytest

from tools.calls.ranks import MOST_COUNTED, apart


def dealt(first: list[int], second: list[int]) -> float:
    """The share of all ways to deal the numbers whose lead is at least as great, one way at a time."""

    def lead(mine: list[int], theirs: list[int]) -> int:
        return abs(sum((one > other) - (one < other) for one in mine for other in theirs))

    numbers = first + second
    ways = list(combinations(range(len(numbers)), len(first)))
    leads = [lead([numbers[n] for n in way], [numbers[n] for n in range(len(numbers)) if n not in way]) for way in ways]
    return sum(one >= lead(first, second) for one in leads) / len(ways)


def test_chance_is_the_share_of_all_ways_to_deal_the_numbers_ties_included() -> None:
    drawn = random.Random(7)
    for _ in range(20):
        first, second = ([drawn.randint(0, 4) for _ in range(drawn.randint(3, 5))] for _ in range(2))
        assert apart(first, second).chance == pytest.approx(dealt(first, second))


def test_three_above_three_is_one_way_in_twenty_on_each_side() -> None:
    found = apart([4, 5, 6], [1, 2, 3])
    assert (found.delta, found.chance) == (1.0, 0.1)
    assert apart([1, 2, 3], [4, 5, 6]).delta == -1.0


def test_equal_numbers_are_no_difference() -> None:
    found = apart([1, 1, 1], [1, 1, 1, 1])
    assert (found.delta, found.chance) == (0.0, 1.0)


def test_one_number_far_from_all_others_counts_as_one_that_is_near() -> None:
    assert apart([1, 2, 900], [3, 4, 5]) == apart([1, 2, 6], [3, 4, 5])


def test_many_numbers_are_approximated_near_to_what_is_counted() -> None:
    few = [n % 11 for n in range(20)], [2 + n % 11 for n in range(20)]
    many = [*few[0], 5], [*few[1], 7]
    assert len(many[0]) + len(many[1]) > MOST_COUNTED
    assert apart(*many).chance == pytest.approx(apart(*few).chance, abs=0.02)
    assert apart([1.0] * 30, [1.0] * 30).chance == 1.0
