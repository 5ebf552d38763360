"""Extracting with a chat model: a field without its words in the text is no field."""

from enum import StrEnum
from typing import Any

import pytest
from pydantic import BaseModel

from core.errors import RejectedError, UnavailableError
from evals.outside.openai_peer import Reply, fills, says
from tests.models.chatting import call, chat

TEXT = "We pay $48,000 today, and we'd renew by March 9th.  Anna decides. It is the price that hurts."


class Reason(StrEnum):
    PRICE = "price"
    TIMING = "timing"


class Outcome(BaseModel):
    """What a call led to."""

    amount: float | None = None
    renew_by: str | None = None
    owner: str | None = None
    reason: Reason | None = None
    urgent: bool | None = None


class Strict(BaseModel):
    owner: str


async def extracted(schema: type[BaseModel], reply: Reply) -> Any:
    async with chat(reply) as (language, peer):
        found = await language.extract(schema, TEXT, call=call())
    assert peer.requests[0]["response_format"]["type"] == "json_schema"
    return found


def said(value: object, quote: str) -> dict[str, object]:
    return {"value": value, "quote": quote}


async def test_fields_come_with_the_place_of_their_words() -> None:
    found = await extracted(
        Outcome,
        fills(
            amount=said(48_000, "We pay $48,000"),
            renew_by=said("March 9th", "renew by March 9th. Anna"),
            owner=said("Anna", "Anna decides"),
            reason=said("price", "It is the price that hurts"),
            urgent=None,
        ),
    )

    assert found.value == Outcome(amount=48_000, renew_by="March 9th", owner="Anna", reason=Reason.PRICE)
    assert {name: TEXT[slice(*span)] for name, span in found.spans.items()} == {
        "amount": "We pay $48,000",
        "renew_by": "renew by March 9th.  Anna",
        "owner": "Anna decides",
        "reason": "It is the price that hurts",
    }


@pytest.mark.parametrize(
    "field",
    [
        {"amount": said(48_000, "We pay $49,000")},
        {"amount": said(52_000, "We pay $48,000")},
        {"owner": said("Ben", "Anna decides")},
        {"owner": said("Anna", "")},
        {"owner": said("Anna", "Anna decided")},
        {"reason": said("weather", "It is the price")},
        {"owner": "Anna"},
        {"elsewhere": said("Anna", "Anna")},
    ],
)
async def test_a_field_the_text_does_not_state_is_dropped(field: dict[str, object]) -> None:
    found = await extracted(Outcome, fills(**field))

    assert found.value == Outcome()
    assert found.spans == {}


async def test_a_required_field_without_its_words_is_rejected() -> None:
    with pytest.raises(RejectedError, match="owner"):
        await extracted(Strict, fills(owner=said("Ben", "Ben decides")))


async def test_an_answer_that_is_no_json_is_unavailable() -> None:
    with pytest.raises(UnavailableError):
        await extracted(Outcome, says("I would rather not."))
