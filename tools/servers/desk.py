"""Where plans of tools wait for whoever may approve them."""

from dataclasses import dataclass
from typing import Protocol

from core.identity import Principal
from core.plans import Plan


@dataclass(frozen=True, slots=True)
class Submitted:
    """What became of a plan: `rule` is the standing rule that let it run at once, and `state` how that ended."""

    approval: str
    state: str
    rule: str | None = None


class Desk(Protocol):
    """Where a plan waits for whoever may approve it."""

    async def submit(self, plan: Plan, role: str, principal: Principal) -> Submitted:
        """Puts it before those with the role; one within a standing rule has run when this returns."""
        ...
