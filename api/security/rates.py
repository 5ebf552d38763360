"""How often, and how many at once, a principal may ask.

What is counted here is counted in this process and forgotten with it; several processes would each count for themselves.
"""

import math
from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol

from core.errors import RateLimitedError
from core.identity import Principal

MOST_REMEMBERED = 10_000


class Rates(Protocol):
    """Hands out permissions by name, so many a time."""

    async def take(self, who: str) -> float:
        """Takes one for `who`: 0 when there was one, else the seconds until there is."""
        ...


class TokenBuckets:
    """A bucket a name, which holds `burst` tokens and gets `per_minute` new ones, one after the other.

    What is kept of a bucket is the moment at which it is full again (the generic cell rate algorithm); `monotonic` tells
    seconds.
    """

    def __init__(self, *, per_minute: float, burst: int, monotonic: Callable[[], float]) -> None:
        self._interval = 60.0 / per_minute
        self._spared = self._interval * (burst - 1)
        self._monotonic = monotonic
        self._full_at: dict[str, float] = {}

    async def take(self, who: str) -> float:
        now = self._monotonic()
        full_at = max(now, self._full_at.get(who, now))
        if (wait := full_at - now - self._spared) > 0:
            return wait
        if len(self._full_at) >= MOST_REMEMBERED:
            self._full_at = {name: at for name, at in self._full_at.items() if at > now}
        self._full_at[who] = full_at + self._interval
        return 0.0


class Unlimited:
    """There is always one."""

    async def take(self, who: str) -> float:
        return 0.0


@dataclass(frozen=True, slots=True)
class Quotas:
    """What each principal may ask. The owner of the data directory, whose machine it is, is not limited."""

    rates: Rates
    at_once: int | None
    owner: str

    async def admit(self, principal: Principal) -> None:
        """Takes one question from what the principal may ask now; RateLimitedError when that is spent."""
        wait = 0.0 if principal.id == self.owner else await self.rates.take(principal.id)
        if wait > 0:
            raise RateLimitedError(
                f"You have asked too much in too short a time: wait {math.ceil(wait)} s (SOPHIA_QUESTIONS_A_MINUTE)",
                retry_after=wait,
            )

    def room(self, principal: Principal) -> int | None:
        """How many unfinished questions the principal may have; None for as many as he likes."""
        return None if principal.id == self.owner else self.at_once


def quotas(per_minute: int, burst: int, at_once: int, *, owner: Principal, monotonic: Callable[[], float]) -> Quotas:
    """Quotas in this process; 0 questions a minute, or 0 at once, stand for no limit."""
    rates = TokenBuckets(per_minute=per_minute, burst=burst, monotonic=monotonic) if per_minute else Unlimited()
    return Quotas(rates, at_once or None, owner.id)
