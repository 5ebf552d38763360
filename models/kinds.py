"""The kinds a field of an extraction schema may declare, so that it can be filled without a language model too.

class Outcome(BaseModel):
    budget: Money | None = None
    decided_on: date | None = None
    decider: Person | None = None
    account: Account | None = None
    reason: Literal["price", "timing"] | None = None
    objection: Quote | None = Field(default=None, description="what speaks against buying")
"""

from decimal import Decimal
from typing import Annotated

from pydantic import BaseModel, ConfigDict, WithJsonSchema

#: Words of the text itself; the field's description says about what.
Quote = Annotated[str, WithJsonSchema({"type": "string", "x-kind": "quote"})]
#: A known name of that kind (`Call.entities`), as the system writes it.
Person = Annotated[str, WithJsonSchema({"type": "string", "x-entity": "person"})]
Account = Annotated[str, WithJsonSchema({"type": "string", "x-entity": "account"})]


class Money(BaseModel):
    """A sum; `currency` is an ISO 4217 code, or None where the text names none."""

    model_config = ConfigDict(frozen=True, json_schema_extra={"x-kind": "money"})

    amount: Decimal
    currency: str | None = None
