"""Outside systems that are written to: the port that an adapter fills, and what it promises."""

from dataclasses import dataclass, field
from datetime import timedelta
from typing import Protocol

from core.plans import Fields


@dataclass(frozen=True, slots=True)
class Order:
    """One outside write that was decided on. The key is the same each time that the same write is meant."""

    key: str
    tenant: str
    plan_hash: str
    system: str
    action: str
    target: str
    principal: str
    arguments: Fields = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Promises:
    """What a remote keeps to.

    `keyed`: a call under a key that it has seen does nothing again. `searchable`: it can be asked what came of a key.
    `settles`: how long a call that was sent may take until it is found.
    """

    keyed: bool = False
    searchable: bool = False
    settles: timedelta = timedelta(seconds=60)


class Remote(Protocol):
    """An outside system. A call that it refused is a RejectedError, ForbiddenError or RateLimitedError; any other error
    leaves open whether it was done.
    """

    @property
    def promises(self) -> Promises: ...

    async def read(self, target: str, fields: frozenset[str]) -> Fields:
        """What the fields of the target read now; a field that it has not is left out."""
        ...

    async def call(self, order: Order) -> Fields:
        """Does it under the order's key; what the system answered."""
        ...

    async def look_up(self, key: str) -> Fields | None:
        """What the call under the key answered, None where there was none. Only asked where `searchable`."""
        ...
