"""Moments against what a listener noted down, and weights fitted to it."""

from dataclasses import replace
from datetime import date

import pytest

from evals.datasets.labelled_calls import Item, Labelled, labelled_calls, same_person
from evals.fitting.objections import Sample, fitted
from evals.suites.moments import measures
from tests.tools.calls.conversation import untimed
from tools.calls.moment import Kind, Moment
from tools.calls.objections import BIAS, Resisting, weigh

CALL = untimed("s Hello.")
STEP = Moment(Kind.NEXT_STEP, 4, (4, 5), "Sam", "I'll send it.", (0, 1), 0.8, "commitment", "Sam", date(2026, 1, 16))
OBJECTION = Moment(Kind.OBJECTION, 9, (9, 9), "Bea", "Too dear.", (0, 1), 0.8, "pricing")


def judged(*moments: Moment) -> dict[str, float]:
    items = {
        "objections": (Item(((7, 8), (10, 11)), "Too dear.", "Bea"),),
        "next_steps": (Item(((5, 6),), "I'll send it.", "Sam", date(2026, 1, 16)),),
    }
    found = {
        "objections": [one for one in moments if one.kind is Kind.OBJECTION],
        "next_steps": [one for one in moments if one.kind is Kind.NEXT_STEP],
    }
    return measures([(Labelled("one", CALL, items, heldout=False), found)])


@pytest.mark.parametrize(("turns", "f1"), [((9, 9), 0.0), ((9, 10), 1.0), ((0, 30), 1.0), ((12, 12), 0.0)])
def test_a_moment_is_right_where_its_turns_meet_the_item_s(turns: tuple[int, int], f1: float) -> None:
    assert judged(replace(OBJECTION, turns=turns))["objections_f1"] == f1


def test_a_next_step_of_the_wrong_person_is_wrong_and_its_day_counts_for_nothing() -> None:
    told = judged(replace(STEP, owner="Bea"))
    assert (told["next_steps_f1"], told["next_steps_any_owner_f1"], told["due"]) == (0.0, 1.0, 0.0)
    assert (judged(STEP)["next_steps_f1"], judged(STEP)["due"]) == (1.0, 1.0)
    assert judged(replace(STEP, due=None))["due"] == 0.0


def test_an_item_that_is_told_twice_is_found_once_and_repeated() -> None:
    told = judged(STEP, replace(STEP, turn=6, turns=(6, 6)))
    assert (told["next_steps_recall"], told["next_steps_repeated"]) == (1.0, 2.0)


def test_whoever_has_no_name_is_one_and_the_same() -> None:
    assert same_person("Unknown speaker 1", "unknown speaker (dial-in)")
    assert not same_person("Unknown speaker 1", "Bea")


def test_the_calls_to_develop_on_are_none_that_is_held_out_and_their_quotations_stand_in_their_turns() -> None:
    developed, held_out = list(labelled_calls(heldout=False)), list(labelled_calls(heldout=True))
    assert not {one.name for one in developed} & {one.name for one in held_out}
    assert len(held_out) == 6
    for one in developed:
        for item in (item for items in one.items.values() for item in items):
            said = " ".join(one.call.turns[at].text for first, last in item.turns for at in range(first, last + 1))
            assert item.quote in said, (one.name, item.quote)


def test_weights_tell_what_they_were_fitted_to_apart_and_are_the_same_each_time() -> None:
    rows = [{"s:dear": 0.5, "s:it": 0.5}, {"s:fine": 0.5, "s:it": 0.5}] * 4
    sentences = tuple(Resisting(at, (0, 1), row) for at, row in enumerate(rows))
    sample = Sample(sentences, (1, 0) * 4, (1.0,) * 8, None)
    weights = fitted([sample])
    assert weights == fitted([sample])
    assert weights.keys() == {"s:dear", "s:fine", "s:it", BIAS}
    assert weigh(rows[0], weights) > 0 > weigh(rows[1], weights)
