"""Discounts that nobody asked for, and what is none."""

import pytest

from tests.tools.calls.conversation import untimed
from tools.calls.discounts import asks_for_less, offers_discount, unasked_discounts


@pytest.mark.parametrize(
    "said",
    [
        "I can do 15 percent off if we sign this week.",
        "Ten percent off the list.",
        "I'll knock two thousand off, just for you.",
        "We could waive the setup fee.",
        "What if I do you three months, free?",
        "I'm going to throw it in at no charge.",
    ],
)
def test_less_money_on_the_table_is_an_offer(said: str) -> None:
    assert offers_discount(said)


@pytest.mark.parametrize(
    "said",
    [
        "I can't do 15 percent off.",
        "Nobody gets a discount from us.",
        "I'll take ten minutes on us and then we go on.",
        "So what if we take the budget off the table?",
        "Five percent of our customers do that.",
        "I can send you the price list.",
    ],
)
def test_what_only_sounds_like_an_offer_is_none(said: str) -> None:
    assert not offers_discount(said)


@pytest.mark.parametrize(
    "said", ["Can you do any better on price?", "I need 25 percent off.", "That's too expensive for us."]
)
def test_a_buyer_who_wants_to_pay_less_asks(said: str) -> None:
    assert asks_for_less(said)


def test_a_buyer_who_says_that_nobody_asked_does_not_ask() -> None:
    assert not asks_for_less("I didn't ask for a discount, Sam.")


def offered(*lines: str) -> list[int]:
    return [turn.index for turn, _ in unasked_discounts(untimed(*lines), "s")]


def test_offers_count_until_a_buyer_asks_and_only_those_of_the_seller() -> None:
    asked = "b Can you do any better on price?"
    assert offered("s I can do 10 percent off.", "b Okay.", asked, "s I can do 20 percent off.") == [0]
    assert offered(asked, "s I can do 10 percent off.") == []
    assert offered("e I can do 10 percent off.") == []


def test_a_turn_with_two_offers_is_one_and_its_place_is_the_first() -> None:
    call = untimed("s So. I can do 10 percent off. And I'll waive the setup fee.")
    [(turn, span)] = unasked_discounts(call, "s")
    assert turn.text[slice(*span)] == "I can do 10 percent off."
