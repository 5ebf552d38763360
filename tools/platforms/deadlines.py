"""A platform that hangs: each call of it ends within a time of its own."""

import asyncio
from collections.abc import Awaitable
from typing import TypeVar

from core.errors import DeadlineError
from core.plans import Step
from tools.platforms.base import Change, Event, Planned, Platform, Status

T = TypeVar("T")


class WithinTime:
    """The platform, whose every call that takes longer than `seconds` is given up with DeadlineError.

    Whether a write that was given up has reached the platform is not known: it is asked again under its key.
    """

    def __init__(self, platform: Platform, seconds: float) -> None:
        self._platform, self._seconds = platform, seconds

    @property
    def name(self) -> str:
        """As the platform's."""
        return self._platform.name

    @property
    def title(self) -> str:
        """As the platform's."""
        return self._platform.title

    async def status(self) -> Status:
        """As the platform's, in time."""
        return await self._in_time(self._platform.status())

    async def plan(self, change: Change) -> Planned:
        """As the platform's, in time."""
        return await self._in_time(self._platform.plan(change))

    async def apply(self, step: Step, *, key: str) -> Status:
        """As the platform's, in time."""
        return await self._in_time(self._platform.apply(step, key=key))

    async def rollback(self, step: Step, *, key: str) -> Status:
        """As the platform's, in time."""
        return await self._in_time(self._platform.rollback(step, key=key))

    async def handle_event(self, event: Event) -> Status:
        """As the platform's, in time."""
        return await self._in_time(self._platform.handle_event(event))

    async def _in_time(self, call: Awaitable[T]) -> T:
        try:
            async with asyncio.timeout(self._seconds):
                return await call
        except TimeoutError:
            raise DeadlineError(f"{self.title!r} did not answer within {self._seconds:g} s: look at it") from None
