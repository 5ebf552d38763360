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
    assert (draft.choice, alternative.name) == (said, said)
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


@pytest.mark.parametrize(
    ("said", "title"),
    [
        ("So we decided to move the warehouse to Reno.", "Move the warehouse to Reno"),
        ("We're going with the yearly plan after all.", "Go with the yearly plan"),
        ("I'm not moving six branches in April, because it's the busy month.", "Not moving six branches in April"),
        ("A fee for carriers is off the table.", "No fee for carriers"),
        ("Anything with a subscription, we're not doing it.", "Not doing anything with a subscription"),
        ("Look, we won't sign a three-year term.", "Don't sign a three-year term"),
        ("We agreed against a second vendor.", "Not a second vendor"),
        ("Nobody signs anything over ten thousand without Ana.", "Nobody signs anything over ten thousand without Ana"),
    ],
)
def test_a_title_says_what_is_done_or_not_done_in_the_words_that_settled_it(said: str, title: str) -> None:
    [draft] = heard(f"b {said}")
    assert draft.question == title


def test_who_refuses_this_refuses_what_was_named_before_it() -> None:
    [draft] = heard("b I thought about halving the discount. I'm not going to do that.")
    assert draft.question == "Turned down: halving the discount"
    assert [one.quote for one in draft.quoted] == [
        "I thought about halving the discount.",
        "I'm not going to do that.",
    ]


def test_what_is_agreed_to_is_titled_by_what_was_put_forward() -> None:
    [draft] = heard("s To recap. Twelve months, two sites, ten percent off, and net 45.", "b That's what we're doing.")
    assert draft.question == "Twelve months, two sites, ten percent off, and net 45"


def test_a_refusal_that_is_said_twice_is_one_draft() -> None:
    [draft] = heard("b A monthly fee for carriers, we're not doing it. That's off the table.")
    assert draft.question == "Not doing a monthly fee for carriers"


@pytest.mark.parametrize(
    "lines",
    [
        ("b I'd rather pay twelve percent and wait.", "s Okay."),
        ("b We're not paying $4,500 for a set-up.", "s I hear you."),
        ("b We'll take the pilot for free.", "s No. That is not what I can do."),
        ("s What I'd rather do is take the price question off the table.", "b Go on."),
        ("b Our people won't do ninety, they turned it down in the fall.", "s I see."),
    ],
    ids=["a share that is offered", "an amount refused", "an offer not taken", "a move in the talk", "others"],
)
def test_haggling_is_no_decision(lines: tuple[str, ...]) -> None:
    assert heard(*lines) == []


def test_an_offer_that_is_not_refused_is_a_decision() -> None:
    [draft] = heard("b We'll take the pilot for a month.", "s Great, I will send the papers.")
    assert draft.question == "Take the pilot for a month"


def test_a_call_without_a_day_has_no_decisions() -> None:
    with pytest.raises(InvalidInputError, match="names no day"):
        list(decisions(untimed("b We decided to go.", held=None), label=Label.INTERNAL))
