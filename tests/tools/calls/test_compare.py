"""Calls side by side: only what differs by more than it varies within a call is a difference."""

from dataclasses import replace

from memory.transcripts.model import Transcript
from models.entities import Entity
from tests.tools.calls.conversation import timed, untimed
from tools.calls.compare import CallComparison, compare_calls
from tools.calls.moment import Kind
from tools.calls.moments import moments

RIVALS = (Entity("competitor", "Northpier", ("North Pier",)),)


def talk(id_: str, *, seller: float, buyer: float, turns: int = 40) -> Transcript:
    """The two take turns of so many seconds each."""
    lines, at = [], 0.0
    for place in range(turns):
        who, seconds = ("s", seller) if place % 2 == 0 else ("b", buyer)
        lines.append(f"{who} {at}-{at + seconds} That is what we have seen in the building, number {place}.")
        at += seconds
    return timed(*lines, id_=id_)


def compared(*calls: Transcript, rep: str | None = None) -> CallComparison:
    return compare_calls(calls, [moments(call, competitors=RIVALS) for call in calls], rep=rep)


def different(found: CallComparison) -> set[str]:
    return {row[0].name for row in found.different}


def test_a_statistic_that_differs_throughout_is_told_with_the_value_of_each_call() -> None:
    found = compared(talk("a", seller=8, buyer=4), talk("b", seller=4, buyer=8))
    assert "talk_ratio" in different(found)
    [row] = [row for row in found.different if row[0].name == "talk_ratio"]
    assert [one.text for one in row] == ["67 %", "33 %"]


def test_a_difference_within_what_a_call_varies_is_none() -> None:
    """One long answer moves the share of the call, and of no other part of it."""
    steady = talk("a", seller=6, buyer=6)
    last = steady.turns[-1]
    assert last.start_ms is not None
    uneven = replace(steady, id="b", turns=(*steady.turns[:-1], replace(last, end_ms=last.start_ms + 60_000)))
    found = compared(steady, uneven)
    assert "talk_ratio" not in different(found)
    assert "talk_ratio" in {row[0].name for row in found.alike}


def test_the_same_call_twice_differs_in_nothing() -> None:
    found = compared(talk("a", seller=6, buyer=4), talk("b", seller=6, buyer=4))
    assert different(found) == set()


def test_a_longest_stretch_is_longer_from_half_as_much_again() -> None:
    calls = [timed("s 0-20 This is it.", "b 20-30 I see that.", id_="a")]
    for id_, end in (("near", 48), ("far", 52)):
        calls.append(timed(f"s 20-{end} This is it.", f"b {end}-{end + 10} I see that.", id_=id_))
    assert "longest_monologue" not in different(compared(calls[0], calls[1]))
    assert "longest_monologue" in different(compared(calls[0], calls[2]))


def test_what_a_call_cannot_give_or_gives_in_another_unit_is_not_compared() -> None:
    found = compared(talk("a", seller=6, buyer=4), untimed("s This is what it does.", "b I see what it does.", id_="b"))
    assert "patience" in found.incomparable
    assert "longest_monologue" in found.incomparable
    assert not {row[0].name for row in (*found.different, *found.alike)} & set(found.incomparable)


def test_a_rep_s_own_part_is_compared_where_the_rep_is_on_every_call() -> None:
    first = timed("s 0-30 One. Two.", "e 30-60 Three. Four.", "b 60-90 Five. Six.", id_="a")
    again = timed("s 0-10 One. Two.", "e 10-60 Three. Four.", "b 60-90 Five. Six.", id_="b")
    own = compared(first, again, rep="Sam Seller")
    rows = {row[0].name: row for row in own.different + own.alike}
    assert [one.subject for one in rows["talk_ratio"]] == ["Sam Seller", "Sam Seller"]
    without = compared(first, timed("e 0-60 Three. Four.", "b 60-90 Five.", id_="c"), rep="Sam Seller")
    [shares] = [row for row in without.different + without.alike if row[0].name == "talk_ratio"]
    assert [one.subject for one in shares] == ["Sellers", "Sellers"]


def test_only_what_the_other_call_has_nothing_of_came_up_on_one_alone() -> None:
    first = untimed("b Security won't sign off without it.", "b We looked at North Pier.", id_="a")
    second = untimed("b Our security people won't sign off.", "b We're on a budget freeze until April.", id_="b")
    only = [(one.call, one.moment.kind, one.moment.detail) for one in compared(first, second).only]
    assert ("a", Kind.COMPETITOR, "Northpier") in only
    assert ("b", Kind.OBJECTION) in {(call, kind) for call, kind, _ in only}
    assert "security" not in {detail for _, kind, detail in only if kind is Kind.OBJECTION}


def test_a_next_step_with_a_day_is_of_its_own_call_whatever_the_other_has() -> None:
    first = untimed("s I'll send you the worksheet by Friday.", id_="a")
    second = untimed("s I'll send you the contract by Monday.", id_="b")
    only = [
        (one.call, one.moment.due_text) for one in compared(first, second).only if one.moment.kind is Kind.NEXT_STEP
    ]
    assert [call for call, _ in only] == ["a", "b"]
