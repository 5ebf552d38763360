"""A rep over several calls."""

from dataclasses import replace

import pytest

from memory.transcripts.model import Speaker, Transcript
from tests.tools.calls.conversation import timed
from tools.calls.reps import rep_statistics, seller_called
from tools.calls.statistics import Statistic


def call(id_: str, seller: str, seconds: int, wait: float) -> Transcript:
    """The seller asks for some seconds, the buyer tells 60 seconds, the seller replies after a wait."""
    told = seconds + 61
    return timed(
        f"{seller} 0-{seconds} How are things?",
        f"b {seconds + 1}-{told} It is a long story.",
        f"{seller} {told + wait}-{told + wait + 10} Thank you for that story.",
        id_=id_,
    )


def by_name(statistics: tuple[Statistic, ...]) -> dict[str, Statistic]:
    return {one.name: one for one in statistics}


def test_shares_and_waits_are_added_up_before_dividing() -> None:
    found = by_name(rep_statistics("Sam Seller", [call("1", "s", 10, 1.0), call("2", "s", 110, 2.0)]).statistics)
    # 20 of 80 s and 120 of 180 s are 140 of 260 s, not the mean of 25 % and 67 %
    assert found["talk_ratio"].value == pytest.approx(100 * 140 / 260)
    assert (found["patience"].value, found["patience"].count) == (1.5, 2)
    assert found["questions"].text == "1.0 questions a call"


def test_the_longest_stretch_is_that_of_all_calls_and_says_where_it_stands() -> None:
    found = by_name(rep_statistics("u1", [call("1", "s", 10, 1.0), call("2", "s", 110, 2.0)]).statistics)
    longest = found["longest_monologue"]
    assert (longest.value, longest.call, longest.turns) == (110.0, "2", (0, 0))


def test_few_calls_are_shown_with_their_number_but_not_compared() -> None:
    found = rep_statistics("Sam Seller", [call(str(n), "s", 10, 1.0) for n in range(2)])
    assert found.calls == ("0", "1")
    assert found.comparison == ()
    assert found.not_compared == "Sam Seller speaks with buyers on 2 of these calls: a comparison needs 3"


def test_enough_calls_on_both_sides_are_compared_but_for_maxima() -> None:
    calls = [call(str(n), "s", 10, 1.0) for n in range(3)] + [call(str(n), "e", 10, 3.0) for n in range(3, 6)]
    found = rep_statistics("sam seller", calls)
    patience = next(one for one in found.comparison if one.name == "patience")
    assert (patience.value, patience.others, patience.difference, patience.others_calls) == (1.0, 3.0, -2.0, 3)
    assert not [one for one in found.comparison if one.name.startswith("longest")]


def test_a_review_among_colleagues_is_not_counted() -> None:
    internal = timed("s 0-60 We lost it.", "e 60-120 Why is that?", id_="review")
    assert rep_statistics("Sam Seller", [internal, call("1", "s", 10, 1.0)]).calls == ("1",)


def test_a_buyer_of_the_same_name_is_no_rep() -> None:
    namesake = timed(
        "s 0-60 Hello.", "b 60-90 Hello.", cast=(Speaker("s", "Sam Seller", "buyer"), Speaker("b", "B", "seller"))
    )
    assert seller_called(namesake, "Sam Seller") is None


def test_somebody_who_is_on_no_call_has_no_statistics() -> None:
    found = rep_statistics("Nobody", [call("1", "s", 10, 1.0)])
    assert (found.calls, found.statistics) == ((), ())


def test_calls_without_times_are_left_out_where_others_have_them_and_the_figure_says_so() -> None:
    plain = call("1", "s", 10, 1.0)
    bare = replace(plain, id="2", turns=tuple(replace(turn, start_ms=None, end_ms=None) for turn in plain.turns))
    found = by_name(rep_statistics("Sam Seller", [plain, bare]).statistics)
    assert found["talk_ratio"].value == pytest.approx(25)
    assert found["talk_ratio"].note == "over 1 of 2 calls"
