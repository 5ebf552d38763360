"""Which messages tell of a decision, and what they say of it."""

from datetime import date

import pytest

from core.identity import Label
from memory.decisions.told import NO_REASON, NOT_TAKEN_UP, told_decision


@pytest.mark.parametrize(
    ("message", "choice", "reason", "other"),
    [
        ("We decided to drop the pilot because it ties up the engineer.", "drop the pilot", "it ties up the engineer", None),
        ("Today we agreed on net 45 rather than net 90 because finance can wait.", "net 45", "finance can wait", "net 90"),
        ("We've settled on Berthly instead of Northpier, since it is cheaper", "Berthly", "it is cheaper", "Northpier"),
        ("For the record: we have decided against a paid pilot.", NOT_TAKEN_UP, "", "a paid pilot"),
        ("I decided not to renew Acme because they never paid.", NOT_TAKEN_UP, "they never paid", "renew Acme"),
        ("We agreed with Bev that the fee stays.", "the fee stays", "", None),
    ],
)  # fmt: skip
def test_a_decision_is_read_in_its_own_words(message: str, choice: str, reason: str, other: str | None) -> None:
    told = told_decision(message)
    assert told is not None
    assert (told.choice, told.reason, told.other) == (choice, reason, other)
    assert told.quote in message


@pytest.mark.parametrize(
    "message",
    [
        "Did we decide to drop the pilot?",
        "Why did we decide to drop the pilot?",
        "What did we decide about pilots",
        "We decided to drop the pilot, didn't we",
        "We decided what about pilots?",
        "If we decided to drop the pilot, what would it cost?",
        "We haven't decided to drop the pilot.",
        "We decided nothing.",
        "Bev decided to leave.",
        "Bev: We decided to leave.",
        "Remind me what we decided",
        "We decided to go. " * 60,
    ],
)
def test_a_question_about_deciding_and_the_words_of_others_are_no_decision(message: str) -> None:
    assert told_decision(message) is None


def test_what_was_not_chosen_is_an_alternative_with_the_words_as_evidence() -> None:
    told = told_decision("Good news! We decided against a paid pilot.")
    assert told is not None
    draft = told.draft("chat:run_1", "h", owner="Ada", on=date(2026, 3, 20), label=Label.INTERNAL)
    [other] = draft.alternatives
    assert (draft.question, other.name, other.rejected_because) == ("A paid pilot?", "a paid pilot", NO_REASON)
    assert [one.quote for one in draft.quoted] == ["We decided against a paid pilot."] * 2
