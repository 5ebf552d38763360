"""Tickets: how a call inside this process says for whom it is made, in a way that its receiver need not trust.

A ticket is a random name for a principal, valid only while the call runs and only in this process. Whoever makes one
up, or keeps one, resolves to nobody.
"""

import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

from core.errors import UnauthenticatedError
from core.identity import Principal

TICKET_META = "sophia/ticket"
"""The key of a request's `_meta` that carries the ticket."""


@dataclass(frozen=True, slots=True)
class Tickets:
    """The tickets in use; one object is shared by the gateway and by the servers in its process."""

    _holders: dict[str, Principal] = field(default_factory=dict, repr=False)

    @contextmanager
    def issued(self, principal: Principal) -> Iterator[str]:
        """A ticket for the time of the block: 256 random bits."""
        ticket = secrets.token_urlsafe(32)
        self._holders[ticket] = principal
        try:
            yield ticket
        finally:
            del self._holders[ticket]

    def principal(self, ticket: object) -> Principal:
        """Whose ticket this is; UnauthenticatedError for anything that was not issued here or is no longer in use."""
        holder = self._holders.get(ticket) if isinstance(ticket, str) else None
        if holder is None:
            raise UnauthenticatedError("The call carries no valid principal: make it through the tool gateway")
        return holder
