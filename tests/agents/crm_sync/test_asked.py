"""What questions about the CRM want, by their words."""

from datetime import date

import pytest

from agents.crm_sync.asked import fields_in, note_in, person_in, wanted
from agents.crm_sync.intents import Intent, intent_of, submits

TODAY = date(2026, 3, 20)


@pytest.mark.parametrize(
    ("question", "intent"),
    [
        ("What stage is the Brightloom deal in?", Intent.RECORD),
        ("Who owns the Pellbrook account?", Intent.RECORD),
        ("Should the close date be moved?", Intent.RECORD),
        ("Move Halden to Contract Sent", Intent.EDIT),
        ("Marrowfield still shows 66,600 - put it at 59,940", Intent.EDIT),
        ("Log a note on Quillon: waiting for security review", Intent.NOTE),
        ("Add Ilse Varga as a contact at Ferrow", Intent.CONTACT),
        ("Which fields should change after today's Larkspur call?", Intent.CHANGES),
        ("Propose CRM updates from my latest meeting", Intent.CHANGES),
        ("Apply the field changes you proposed", Intent.CHANGES),
        ("Show the conflicts between the CRM and calls", Intent.CONFLICTS),
        ("Are there duplicate contacts at Mirefield?", Intent.DUPLICATES),
        ("Which of my deals have no next step entered?", Intent.LIST),
        ("Create a task for me to ring Tomas on Thursday", Intent.OTHER),
        ("Link Jonah Pike to the Dunmore deal", Intent.OTHER),
    ],
)
def test_a_question_is_of_one_kind(question: str, intent: Intent) -> None:
    assert intent_of(question) is intent


@pytest.mark.parametrize(
    ("command", "values"),
    [
        ("Move Halden to Contract Sent", {"stage": "Contract Sent"}),
        ("Set the close date of X to 30 June", {"expected": "2026-06-30"}),
        ("Ossery's close date has gone by, move it to the end of April", {"expected": "2026-04-30"}),
        ("Set the amount of the Solvane opportunity to 84,000", {"amount": "84000"}),
        ("fix the amount on Pinewick to 38k", {"amount": "38000"}),
        ("fix the amount on Pinewick to 1.2bn", {"amount": "1200000000"}),
        ("fix the amount on Pinewick to 1.2mm.", {"amount": "1200000"}),
        ("fix the amount on Pinewick to 84,000.50 a year, please", {"amount": "84000.5"}),
        ("Marrowfield still shows 66,600 - put it at 59,940", {"amount": "59940"}),
        ("Reassign Kestrel Foods to Noor Hale", {"owner": "Noor Hale"}),
        ("Change Priya Raman's job title to VP Operations", {"title": "VP Operations"}),
        ("Mark Corvane closed lost, reason: budget", {"stage": "lost", "lost_reason": "Budget"}),
        ("Pellam says lost on price, set it to single sign-on", {"lost_reason": "single sign-on"}),
        ("put Castellan to closed won", {"stage": "won"}),
        ("Clear the next step of Oakmere", {"next_step": None}),
        ("Change the next step of Halden to call Mo on Friday", {"next_step": "call Mo on Friday"}),
    ],
)
def test_a_command_tells_what_a_field_should_read(command: str, values: dict[str, str | None]) -> None:
    asked = wanted(command, TODAY)
    assert (dict(asked.values), asked.missing) == (values, None)


@pytest.mark.parametrize(
    "command",
    [
        "Set the amount of Solvane to a lot",
        "Set the amount of Solvane to 84.5EUR",
        "Set the amount of Solvane to 1.2zillion",
        "Set the amount of Solvane to 84,5",
        "Set the amount of Solvane to 84.000",
        "Set the amount of Solvane to US$84,000",
        "Set the amount of Solvane to 80-90k",
        "Set the amount of Solvane to 10%",
        "Set the close date of Solvane to soon",
        "Reopen Wexley",
        "Fill in the next step",
    ],
)
def test_what_a_command_leaves_open_is_asked(command: str) -> None:
    asked = wanted(command, TODAY)
    assert not asked.values
    assert asked.missing


@pytest.mark.parametrize(
    ("amount", "currency"),
    [("€84,000", "EUR"), ("$ 84,000", "USD"), ("84,000 CHF", "CHF"), ("84k euros", "EUR"), ("84,000 ARR", None)],
)
def test_the_currency_of_an_amount_is_told_with_it(amount: str, currency: str | None) -> None:
    asked = wanted(f"Set the amount of Solvane to {amount}", TODAY)
    assert (asked.values, asked.currency) == ({"amount": "84000"}, currency)


def test_the_value_names_no_record() -> None:
    assert "Castellan" not in wanted("Change the next step of Ossery to call Castellan", TODAY).about


def test_a_note_and_a_person_are_read_in_their_own_words() -> None:
    assert note_in("Log a note on Quillon: waiting for security review") == "waiting for security review"
    assert note_in("Log a note on Quillon") is None
    assert person_in("Add Ilse Varga, their CFO, as a contact at Ferrow") == ("Ilse Varga", "CFO")
    assert person_in("Add somebody as a contact at Ferrow") is None


def test_fields_are_told_by_the_words_that_people_use() -> None:
    assert fields_in("When is the deal going to close, and who owns it?") == ("expected", "owner")


def test_only_a_command_puts_changes_before_an_approver() -> None:
    assert submits("Update the CRM from the Marrowfield calls")
    assert not submits("Which fields should be updated from the Marrowfield calls?")
    assert submits("Can you apply the changes from the Marrowfield calls?")
    assert submits("Do it")
    assert not submits("What would change?")
    assert not submits("Do any calls say the stage should be changed?")
    assert not submits("do any calls say the stage should be changed")
    assert not submits("Update on the changes from calls?")
