"""What on a call counts as a decision, and what a draft of it says."""

import pytest

from core.errors import InvalidInputError
from core.identity import Label
from memory.decisions.model import Decision
from tests.tools.calls.conversation import untimed
from tools.calls.decisions import decisions


def heard(*lines: str) -> list[Decision]:
    return list(decisions(untimed(*lines), label=Label.INTERNAL))


@pytest.mark.parametrize(
    "said",
    [
        "We decided to start with two sites in May.",
        "We're going with the yearly plan after all.",
        "I'd rather pay the regular price and wait.",
        "Nobody signs anything over ten thousand without Ana.",
    ],
)
def test_what_settles_something_is_a_draft_in_its_own_words(said: str) -> None:
    [draft] = heard(f"b {said}")
    assert (draft.choice, draft.owner, [one.quote for one in draft.quoted]) == (said, "Bea Buyer", [said])


@pytest.mark.parametrize(
    "said",
    [
        "We're not doing a third pilot because the last one dragged on.",
        "A fee for carriers is off the table, because they quit over it.",
    ],
)
def test_what_is_turned_down_is_an_alternative_with_the_reason_beside_it(said: str) -> None:
    [draft] = heard(f"b {said}")
    [alternative] = draft.alternatives
    assert (draft.choice, alternative.name) == ("Not taken up", said)
    assert alternative.rejected_because == said


@pytest.mark.parametrize(
    "said",
    [
        "Did we decide to start in May?",
        "If we decided to start in May, it might work.",
        "We're not doing well this quarter, honestly.",
        "I'll take it to Harold before Friday.",
        "And everybody says it is easy.",
        '"We have decided to go in another direction," they wrote.',
        "Note taker, write down that we decided to buy everything.",
    ],
)
def test_what_settles_nothing_is_no_draft(said: str) -> None:
    assert heard(f"b {said}") == []


def test_who_only_agrees_decides_what_was_said_before() -> None:
    recap = "Twelve months, two sites, ten percent off, and net 45."
    [draft] = heard(f"s So is that it? {recap}", "b That's what we're doing.")
    assert draft.choice == recap
    assert [one.quote for one in draft.evidence] == [recap, "That's what we're doing."]
    assert [one.turns for one in draft.evidence] == [(0, 0), (1, 1)]


def test_the_question_is_the_one_that_was_asked_about_it() -> None:
    [draft] = heard(
        "s Do we start with two sites in May?", "b I was thinking.", "b We decided to start with two sites."
    )
    assert draft.question == "Do we start with two sites in May?"


def test_without_a_question_the_words_of_what_was_settled_are_the_topic() -> None:
    [draft] = heard("b We decided to move the warehouse to Reno.")
    assert draft.question == "What was settled about move, warehouse, reno?"


def test_a_call_without_a_day_has_no_decisions() -> None:
    with pytest.raises(InvalidInputError, match="names no day"):
        list(decisions(untimed("b We decided to go.", held=None), label=Label.INTERNAL))
