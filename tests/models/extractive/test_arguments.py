"""Arguments from a question: what is said is filled, what is not said is missing, what is unclear is not guessed."""

from collections.abc import Mapping
from datetime import UTC, datetime
from decimal import Decimal
from enum import StrEnum
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import BaseModel, JsonValue

from core.identity import Principal
from models.entities import Entity
from models.extractive.amounts import amounts
from models.extractive.arguments import fill
from models.language import Call

ENTITIES = (
    Entity("account", "Kestrel Foods", ("KF",)),
    Entity("account", "Northwind GmbH"),
    Entity("person", "Anna Meyer"),
    Entity("person", "Anna Schmidt"),
    Entity("person", "Priya Raman"),
)
STAGES: JsonValue = ["closed_won", "closed_lost", "negotiation"]
ACCOUNT: JsonValue = {"type": "string", "x-entity": "account"}
PERSON: JsonValue = {"type": "string", "x-entity": "person"}
DATE: JsonValue = {"type": "string", "format": "date"}


def asked(question: str, previous: Mapping[str, JsonValue] | None = None, **properties: JsonValue) -> dict[str, Any]:
    schema: dict[str, JsonValue] = {"type": "object", "properties": properties, "required": list(properties)}
    call = Call(
        Principal("acme", "eva"), "test", datetime(2026, 11, 21, tzinfo=UTC), entities=ENTITIES, previous=previous or {}
    )
    filled = fill(schema, question, call=call)
    assert set(filled.missing) == set(properties) - set(filled.arguments)
    return dict(filled.arguments)


def test_a_name_is_known_by_alias_or_by_the_part_only_one_bearer_has() -> None:
    for question in ("What did KF want?", "the kestrel call", "Kestrel Foods's objections"):
        assert asked(question, account=ACCOUNT) == {"account": "Kestrel Foods"}


def test_a_name_of_two_people_is_missing_and_not_guessed() -> None:
    assert asked("What did Anna say?", person=PERSON) == {}
    assert asked("What did Anna Schmidt say?", person=PERSON) == {"person": "Anna Schmidt"}


def test_two_accounts_are_no_single_account_but_a_list_takes_both() -> None:
    question = "Compare Kestrel and Northwind"
    assert asked(question, account=ACCOUNT) == {}
    assert asked(question, accounts={"type": "array", "items": ACCOUNT}) == {
        "accounts": ["Kestrel Foods", "Northwind GmbH"]
    }


def test_a_member_of_a_list_is_read_with_spaces_and_in_any_inflection() -> None:
    assert asked("Move it to closed won", stage={"enum": STAGES}) == {"stage": "closed_won"}
    assert asked("deals in negotiations", stage={"enum": STAGES}) == {"stage": "negotiation"}
    assert asked("closed won or closed lost?", stage={"enum": STAGES}) == {}


def test_a_stretch_fills_its_ends_and_only_a_day_fills_a_plain_date() -> None:
    assert asked("last week", since=DATE, until=DATE, on=DATE) == {"since": "2026-11-09", "until": "2026-11-15"}
    assert asked("set it to next Thursday", close_date=DATE) == {"close_date": "2026-11-26"}


def test_a_date_that_lies_ahead_by_its_name_is_the_coming_one() -> None:
    assert asked("closes on 30 June", close_date=DATE) == {"close_date": "2027-06-30"}
    assert asked("the call on 30 June", held_on=DATE) == {"held_on": "2026-06-30"}


def test_a_number_beside_the_property_is_its_number() -> None:
    integer: JsonValue = {"type": "integer"}
    assert asked("scale to four", replicas=integer) == {"replicas": 4}
    assert asked("set replicas to 4 within 10 minutes", replicas=integer) == {"replicas": 4}
    assert asked("4 or 10", replicas=integer) == {}
    assert asked("since Q3 2025 on 2026-01-02", replicas=integer) == {}


def test_a_number_outside_the_bounds_is_not_taken() -> None:
    assert asked("show 500", limit={"type": "integer", "maximum": 100}) == {}
    assert asked("amount 45.5k", amount={"type": "number"}) == {"amount": 45500}


def test_free_words_are_taken_only_from_quotation_marks() -> None:
    assert asked("log a note: “waiting for legal”", note={"type": "string"}) == {"note": "waiting for legal"}
    assert asked("log a note that they wait", note={"type": "string"}) == {}


def test_the_previous_turn_fills_what_a_follow_up_leaves_out() -> None:
    assert asked("and what about pricing?", {"account": "Kestrel Foods"}, account=ACCOUNT) == {
        "account": "Kestrel Foods"
    }
    assert asked("and Northwind?", {"account": "Kestrel Foods"}, account=ACCOUNT) == {"account": "Northwind GmbH"}


def test_an_optional_argument_is_not_carried_into_a_new_question() -> None:
    call = Call(Principal("a", "e"), "t", datetime(2026, 11, 21, tzinfo=UTC), previous={"account": "Kestrel Foods"})
    schema: dict[str, JsonValue] = {"properties": {"account": ACCOUNT}}

    assert fill(schema, "What is our win rate?", call=call).arguments == {}
    assert fill(schema, "and their objections?", call=call).arguments == {"account": "Kestrel Foods"}


def test_references_and_optionals_of_pydantic_are_followed() -> None:
    class Stage(StrEnum):
        WON = "closed_won"
        OPEN = "negotiation"

    class Move(BaseModel):
        stage: Stage | None = None

    call = Call(Principal("a", "e"), "t", datetime(2026, 11, 21, tzinfo=UTC))
    assert fill(Move.model_json_schema(), "move to negotiation", call=call).arguments == {"stage": "negotiation"}


@given(st.integers(0, 10**9), st.sampled_from(["{:d}", "{:,d}", "${:,d}", "{:d} euros"]))
def test_a_written_number_is_read_back(number: int, form: str) -> None:
    text = f"about {form.format(number)} for them"
    assert [amount.value for amount in amounts(text)] == [Decimal(number)]


@given(st.text(max_size=60))
def test_amounts_lie_where_they_say(text: str) -> None:
    for amount in amounts(text):
        assert 0 <= amount.span[0] < amount.span[1] <= len(text)


@pytest.mark.parametrize("text", ["at 14:30", "version 2.3.1", "the H100", "one of them"])
def test_times_codes_and_pronouns_are_no_numbers(text: str) -> None:
    assert amounts(text) == ()


def test_quoted_words_are_of_the_property_that_introduces_them() -> None:
    text: JsonValue = {"type": "string"}

    said = "send a mail titled 'Catch up?' saying 'We haven't met - are you free?'"
    assert asked(said, subject=text, body=text) == {"subject": "Catch up?", "body": "We haven't met - are you free?"}
    assert asked("reply with 'Got it, thank you!'", subject=text, body=text) == {"body": "Got it, thank you!"}
    assert asked("a mail saying 'A' or saying 'B'", subject=text, body=text) == {}


def test_what_is_quoted_is_no_number_or_member_while_something_else_is() -> None:
    integer: JsonValue = {"type": "integer"}
    stage: JsonValue = {"enum": STAGES}
    said = "move it to negotiation with the note 'closed won by 7' within 3 days"
    assert asked(said, stage=stage) == {"stage": "negotiation"}
    assert asked("scale to 4, title 'the 7 dwarfs'", replicas=integer) == {"replicas": 4}
    assert asked("move it to 'closed won'", stage=stage) == {"stage": "closed_won"}


def test_most_words_of_a_member_that_no_other_has_stand_for_it() -> None:
    metric: JsonValue = {"enum": ["total_visits", "session_duration_seconds", "user_engaged", "visits_direct"]}
    assert asked("plot engaged users", metric=metric) == {"metric": "user_engaged"}
    assert asked("plot the average session duration", metric=metric) == {"metric": "session_duration_seconds"}
    assert asked("plot total visits and the session duration", metric=metric) == {}
    assert asked("who were the users?", metric=metric) == {}
    far = "a session with everybody who was here in the office over its whole duration"
    assert asked(far, metric=metric) == {}


def test_the_ends_of_a_stretch_are_its_least_and_greatest_day() -> None:
    assert asked("since 14 October", time_min=DATE, time_max=DATE) == {
        "time_min": "2026-10-14",
        "time_max": "2026-11-21",
    }
