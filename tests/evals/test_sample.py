import pytest

from evals.product import Reply
from evals.suites.sample import Judged, marked

GOLD = (frozenset({("c1", 4), ("c1", 5)}), frozenset({("c1", 9)}))


def answer(*turns: tuple[str, int, int]) -> Reply:
    sources = [{"document": document, "turns": [first, last]} for document, first, last in turns]
    return Reply(answered=bool(turns), text="", sentences=({"sources": sources, "figures": []},))


def judged(reply: Reply) -> Judged:
    return Judged("objections", "?", heldout=False, answer=reply, gold=GOLD)


@pytest.mark.parametrize(
    ("reply", "cites", "found", "precision"),
    [
        (answer(("c1", 4, 4), ("c1", 9, 9)), True, 1.0, 1.0),
        (answer(("c1", 3, 4)), True, 0.5, 0.5),
        (answer(("c2", 4, 4)), False, 0.0, 0.0),
        (answer(), False, 0.0, 0.0),
    ],
)
def test_an_answer_is_judged_by_the_turns_it_cites_of_the_right_call(
    reply: Reply, cites: bool, found: float, precision: float
) -> None:
    one = judged(reply)
    assert (one.cites, one.found, one.precision) == (cites, found, precision)


def test_a_question_is_held_out_where_all_its_calls_are_and_one_about_none_is_like_the_one_before() -> None:
    asked = [["old"], [], ["new"], [], ["new", "old"], []]

    told = [heldout for _, heldout in marked([{"calls": calls} for calls in asked], frozenset({"new"}))]

    assert told == [False, False, True, True, False, False]
