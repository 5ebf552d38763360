"""Filling a schema from a text: each value with the words that say it, and a clear refusal of what has no kind."""

from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any, Literal

import pytest
from pydantic import BaseModel, Field

from core.errors import RejectedError, UnsupportedError
from core.identity import Principal
from models.embeddings import LexicalHashing
from models.entities import Entity
from models.extractive.language import Extractive
from models.kinds import Account, Money, Person, Quote
from models.language import Call, Extracted

TEXT = (
    "We pay $48,000 today at Kestrel. Our budget for next year is 60k. The contract renews on 9 March 2027. "
    "Priya decides. Frankly, the price speaks against buying now."
)
CALL = Call(
    Principal("acme", "eva"),
    "test",
    datetime(2026, 11, 21, tzinfo=UTC),
    entities=(Entity("account", "Kestrel Foods"), Entity("person", "Priya Raman"), Entity("person", "Tom Hale")),
)


class Outcome(BaseModel):
    budget: Money | None = None
    renewal: date | None = Field(default=None, description="when the contract renews")
    decider: Person | None = None
    account: Account | None = None
    reason: Literal["price", "timing"] | None = None
    objection: Quote | None = Field(default=None, description="what speaks against buying")


async def extracted(schema: type[BaseModel], text: str = TEXT) -> Extracted[Any]:
    return await Extractive(LexicalHashing()).extract(schema, text, call=CALL)


async def test_every_kind_is_filled_with_the_words_that_say_it() -> None:
    found = await extracted(Outcome)

    assert found.value == Outcome(
        budget=Money(amount=Decimal(60_000)),
        renewal=date(2027, 3, 9),
        decider="Priya Raman",
        account="Kestrel Foods",
        reason="price",
        objection="Frankly, the price speaks against buying now.",
    )
    assert {name: TEXT[slice(*span)] for name, span in found.spans.items()} == {
        "budget": "60k",
        "renewal": "9 March 2027",
        "decider": "Priya",
        "account": "Kestrel",
        "reason": "price",
        "objection": "Frankly, the price speaks against buying now.",
    }


async def test_what_the_text_does_not_say_stays_empty_and_has_no_span() -> None:
    found = await extracted(Outcome, "Good morning everyone.")

    assert found.value == Outcome()
    assert found.spans == {}


async def test_two_sums_that_nothing_tells_apart_are_not_guessed() -> None:
    found = await extracted(Outcome, "Some pay $10k, others pay $20k.")

    assert found.value.budget is None


async def test_a_sum_keeps_its_currency() -> None:
    found = await extracted(Outcome, "The budget is 1,250 euros.")

    assert found.value.budget == Money(amount=Decimal(1250), currency="EUR")


async def test_a_field_without_a_kind_is_refused_with_its_name_and_the_remedy() -> None:
    class Free(BaseModel):
        budget: Money | None = None
        mood: str | None = None

    with pytest.raises(UnsupportedError, match=r"Free\.mood.*models/kinds\.py.*chat model"):
        await extracted(Free)


async def test_a_required_field_that_is_not_said_is_rejected_by_name() -> None:
    class Strict(BaseModel):
        renewal: date

    with pytest.raises(RejectedError, match="renewal"):
        await extracted(Strict, "Nobody knows.")
