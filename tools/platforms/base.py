"""The port every platform stands behind, and what passes through it."""

from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from enum import StrEnum
from typing import Protocol

from core.errors import UnsupportedError
from core.plans import Fields, Step

SYSTEM = "platforms"
"""The system that the steps of platforms name; their target is the platform."""


class Health(StrEnum):
    """How a platform does; `UNKNOWN` where it could not be asked."""

    OK = "ok"
    DEGRADED = "degraded"
    DOWN = "down"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Reading:
    """One number that a platform told of itself. `unit` is percent, days, an ISO currency or what is counted."""

    metric: str
    title: str
    value: Decimal
    unit: str


@dataclass(frozen=True, slots=True)
class Status:
    """What a platform was like at a moment.

    `says` is told without figures, which are in `readings`; `actual` is what can be wanted otherwise, such as
    `{"instances": 2}`; that a platform is `simulated` is told with every answer.
    """

    platform: str
    title: str
    health: Health
    says: str
    at: datetime
    readings: tuple[Reading, ...] = ()
    actual: Fields = field(default_factory=dict)
    simulated: bool = False


@dataclass(frozen=True, slots=True)
class Cost:
    """What a platform costs an hour."""

    per_hour: Decimal
    currency: str


@dataclass(frozen=True, slots=True)
class Change:
    """Something to be done to a platform: `scale` with `{"instances": 3}`."""

    action: str
    arguments: Fields


@dataclass(frozen=True, slots=True)
class Planned:
    """A change as the platform would carry it out now, with what leads back, and what it would cost from then on.

    The step is void once the platform is no longer as in `step.before`. A platform that costs nothing has no costs.
    """

    step: Step
    cost_before: Cost | None = None
    cost_after: Cost | None = None


@dataclass(frozen=True, slots=True)
class Event:
    """Something that a platform reports of itself, such as the loss of an instance."""

    kind: str
    at: datetime
    detail: Fields = field(default_factory=dict)


class Platform(Protocol):
    """One platform. UnavailableError where it does not answer; whether a write has reached it is not known then.

    `key` names one application of a step: a platform that is called again with it does nothing a second time.
    """

    @property
    def name(self) -> str: ...

    @property
    def title(self) -> str: ...

    async def status(self) -> Status: ...

    async def plan(self, change: Change) -> Planned:
        """What the change would come to; nothing happens. InvalidInputError for one that the platform cannot carry out."""
        ...

    async def apply(self, step: Step, *, key: str) -> Status:
        """Carries it out. ConflictError, and nothing happens, where the platform is no longer as in `step.before`."""
        ...

    async def rollback(self, step: Step, *, key: str) -> Status:
        """Takes the platform back to `step.before`; one that is there already stays as it is."""
        ...

    async def handle_event(self, event: Event) -> Status:
        """Takes note of an event; the status after it. UnsupportedError for one that it does not know."""
        ...


class Observed:
    """What is only watched: every change is refused."""

    title: str

    async def plan(self, change: Change) -> Planned:
        raise self._refusal(change.action)

    async def apply(self, step: Step, *, key: str) -> Status:
        raise self._refusal(step.action)

    async def rollback(self, step: Step, *, key: str) -> Status:
        raise self._refusal(step.action)

    def _refusal(self, action: str) -> UnsupportedError:
        return UnsupportedError(
            f"{self.title!r} is only watched from here: {action!r} must be done where it is operated"
        )
