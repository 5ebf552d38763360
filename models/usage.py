"""What endpoints took: tokens and their price, told of every call to a chat model, and nothing of what was said."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Protocol

from core.identity import Label

_A_MILLION = 6


@dataclass(frozen=True, slots=True)
class Price:
    """What a million tokens cost that go in and that come out, in a currency's ISO code."""

    input: Decimal
    output: Decimal
    currency: str

    def of(self, *, input_tokens: int, output_tokens: int) -> Decimal:
        """What so many tokens cost, exactly."""
        return (input_tokens * self.input + output_tokens * self.output).scaleb(-_A_MILLION)


@dataclass(frozen=True, slots=True, kw_only=True)
class Usage:
    """What one call took of an endpoint, on a UTC day, over material of a label.

    `cost` and `currency` are None where no price is known, and where the endpoint did not say how many tokens there were:
    then they are estimated.
    """

    tenant: str
    day: date
    endpoint: str
    label: Label
    input_tokens: int
    output_tokens: int
    cost: Decimal | None = None
    currency: str | None = None


class Ledger(Protocol):
    """Keeps what was used. It is told in the middle of a call, so it returns at once and raises nothing."""

    def record(self, usage: Usage) -> None: ...


class Unrecorded:
    """Keeps nothing."""

    def record(self, usage: Usage) -> None:
        """Forgets it."""


UNRECORDED = Unrecorded()
