"""Keep asking a service that answers, stop asking one that does not: a breaker, and retries for reads."""

import asyncio
import random
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from enum import StrEnum
from typing import TypeVar

from core.errors import DeadlineError, RateLimitedError, SophiaError, UnavailableError

T = TypeVar("T")
Monotonic = Callable[[], float]
Sleep = Callable[[float], Awaitable[None]]


class State(StrEnum):
    """Closed lets everything through, open nothing, half-open a few probes."""

    CLOSED = "closed"
    OPEN = "open"
    HALF_OPEN = "half_open"


@dataclass(slots=True)
class Breaker:
    """Opens after `failures` failures in a row, and lets `probes` calls at a time try again after `cooldown` seconds.

    Only UnavailableError is a failure: any other error proves that the service answers. A call that was admitted
    before the state last changed no longer changes it.
    """

    name: str
    monotonic: Monotonic
    failures: int = 5
    cooldown: float = 30.0
    probes: int = 1
    _failed: int = field(default=0, init=False)
    _opened: float | None = field(default=None, init=False)
    _probing: int = field(default=0, init=False)
    _era: int = field(default=0, init=False)

    @property
    def state(self) -> State:
        """Where it stands at this moment."""
        if self._opened is None:
            return State.CLOSED
        return State.HALF_OPEN if self.monotonic() - self._opened >= self.cooldown else State.OPEN

    @contextmanager
    def guard(self) -> Iterator[None]:
        """Runs the block if the breaker admits it, and learns from how it ends. UnavailableError when it does not."""
        probing = self._admit()
        era = self._era
        try:
            yield
        except UnavailableError:
            self._learn(era, failed=True)
            raise
        except SophiaError:
            self._learn(era, failed=False)
            raise
        else:
            self._learn(era, failed=False)
        finally:
            if probing and era == self._era:
                self._probing -= 1

    def _admit(self) -> bool:
        state = self.state
        if state is State.CLOSED:
            return False
        if state is State.OPEN or self._probing >= self.probes:
            raise UnavailableError(f"{self.name} failed {self._failed} times in a row: {self._retry_hint()}")
        self._probing += 1
        return True

    def _retry_hint(self) -> str:
        left = self.cooldown - (self.monotonic() - (self._opened or 0.0))
        return f"try again in {left:.0f} s" if left > 0 else "it is being tried, ask again in a moment"

    def _learn(self, era: int, *, failed: bool) -> None:
        if era != self._era:
            return
        if not failed:
            self._failed = 0
            if self._opened is not None:
                self._turn(opened=None)
            return
        self._failed += 1
        if self._opened is not None or self._failed >= self.failures:
            self._turn(opened=self.monotonic())

    def _turn(self, *, opened: float | None) -> None:
        self._opened, self._probing, self._era = opened, 0, self._era + 1


@dataclass(frozen=True, slots=True)
class Backoff:
    """How often and how far apart: before attempt n + 1 a random part of `base * 2 ** (n - 1)` seconds, at most `cap`."""

    attempts: int = 3
    base: float = 0.1
    cap: float = 2.0
    jitter: Callable[[], float] = random.random
    sleep: Sleep = asyncio.sleep

    def pause(self, attempt: int) -> float:
        """Seconds to wait after the given attempt, counted from 1, has failed."""
        return float(self.jitter() * min(self.cap, self.base * 2 ** (attempt - 1)))


async def retry(read: Callable[[], Awaitable[T]], backoff: Backoff) -> T:
    """The result of an idempotent read, tried again while the service is unavailable or asks for patience.

    The last error is raised, and DeadlineError at once: time does not come back. Never for writes: a write whose
    outcome is unknown is looked up, not repeated.
    """
    for attempt in range(1, backoff.attempts):
        try:
            return await read()
        except RateLimitedError as refused:
            await backoff.sleep(max(refused.retry_after, backoff.pause(attempt)))
        except DeadlineError:
            raise
        except UnavailableError:
            await backoff.sleep(backoff.pause(attempt))
    return await read()
