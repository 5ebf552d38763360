"""Groups are compared by whom is picked, who is caught, what is promised; only where there is evidence."""

import numpy as np

from tools.scores.parity import Parity, parity


def compared(*groups: tuple[str, int, int, float]) -> Parity:
    """Groups of a name, rows, of which it happened to so many, and the probability said of all of them."""
    outcomes = np.concatenate([np.arange(count) < happened for _, count, happened, _ in groups])
    said = np.concatenate([np.full(count, probability) for _, count, _, probability in groups])
    names = [name for name, count, _, _ in groups for _ in range(count)]
    return parity(outcomes, said, {"region": names}, cut=0.5)


def test_the_rates_of_each_group_come_with_their_counts() -> None:
    outcomes = np.array([True, True, False, False, True])
    said = np.array([0.9, 0.2, 0.8, 0.1, 0.7])
    north, south = parity(outcomes, said, {"region": ["n", "n", "n", "s", "s"]}, cut=0.5).groups
    assert (north.count, north.selected, north.happened, north.caught) == (3, 2, 2, 1)
    assert north.true_positive_rate == 0.5
    assert (south.count, south.selection_rate, south.true_positive_rate) == (2, 0.5, 1.0)


def test_groups_that_are_treated_alike_differ_in_nothing() -> None:
    assert compared(("n", 200, 100, 0.5), ("s", 300, 150, 0.5)).differences == ()


def test_a_group_that_is_never_picked_is_told_of() -> None:
    picked, caught, promised = compared(("n", 200, 120, 0.6), ("s", 200, 120, 0.4)).differences
    assert picked == "region 's' is picked 0 %, 'n' 100 %"
    assert caught == "region 's': 0 % of those to whom it happened are picked, 'n' 100 %"
    assert promised == "region 's' is given 40 % on average, it happened to 60 %"


def test_a_difference_without_enough_evidence_is_not_told_but_the_trait_is_named() -> None:
    few = compared(("n", 200, 120, 0.6), ("s", 49, 25, 0.4))
    assert few.differences == ()
    assert few.unjudged == ("region",)
    assert [group.enough for group in few.groups] == [True, False]


def test_picked_is_who_is_likelier_than_usual_unless_told_otherwise() -> None:
    outcomes = np.array([True, False, False, False])
    assert parity(outcomes, np.array([0.3, 0.2, 0.1, 0.1]), {"region": ["n"] * 4}).cut == 0.25


def test_a_gap_that_so_few_may_have_by_chance_is_not_told() -> None:
    assert caught_of(12, 2, times=1).differences == ()
    [told] = caught_of(12, 2, times=10).differences
    assert told == "region 's': 83 % of those to whom it happened are picked, 'n' 100 %"


def caught_of(happened: int, fewer: int, *, times: int) -> Parity:
    """Two groups of 60 rows, each picked 20 times; of those to whom it happened the second has `fewer` picked."""
    outcomes, said = [], []
    for caught in (happened, happened - fewer):
        outcomes += [True] * happened + [False] * (60 - happened)
        said += [0.3] * caught + [0.1] * (happened - caught) + [0.3] * (20 - caught) + [0.1] * (40 - happened + caught)
    names = (["n"] * 60 + ["s"] * 60) * times
    return parity(np.array(outcomes * times), np.array(said * times), {"region": names}, cut=0.2)
