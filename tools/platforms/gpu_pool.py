"""A simulated pool of GPU instances: it keeps its size in a file, and its load follows a curve over the clock.

No machine is behind it, and every answer says so. It stands in where no real pool is connected, and for tests.
"""

import asyncio
import json
import math
import os
from dataclasses import dataclass, field, replace
from datetime import datetime
from decimal import ROUND_HALF_UP, Decimal
from pathlib import Path

from core.clock import Clock
from core.errors import ConflictError, InvalidInputError, UnavailableError, UnsupportedError
from core.plans import Fields, Inverse, Step
from tools.platforms.base import SYSTEM, Change, Cost, Event, Health, Planned, Reading, Status
from tools.platforms.scaler import Limits, Load, scaling

SCALE, LOST = "scale", "instance_lost"
REMEMBERED = 1000
_SATURATED = Decimal(95)
_QUIET, _BUSY, _DAWN, _DAYLIGHT = 0.3, 2.6, 7, 12
_WEEKEND = 5


@dataclass(frozen=True, slots=True)
class PoolSettings:
    """A pool as it is described: its names, its first size, and what an instance costs an hour."""

    name: str = "gpu-pool"
    title: str = "GPU pool"
    instances: int = 2
    price: Cost = field(default_factory=lambda: Cost(Decimal("2.50"), "EUR"))
    limits: Limits = field(default_factory=Limits)


@dataclass(frozen=True, slots=True)
class _Kept:
    """What the pool's file holds. `applied` are the keys it was called with and the size each led to, the newest last."""

    instances: int
    changed_at: datetime | None = None
    applied: tuple[tuple[str, int], ...] = ()


class SimulatedGpuPool:
    """One pool. Whatever happens to it is in its file, whole, before it is told."""

    def __init__(self, settings: PoolSettings, file: Path, clock: Clock) -> None:
        self._settings, self._file, self._clock = settings, file, clock
        self._lock = asyncio.Lock()

    @property
    def name(self) -> str:
        """As policies and plans name it."""
        return self._settings.name

    @property
    def title(self) -> str:
        """As people name it."""
        return self._settings.title

    async def status(self) -> Status:
        """Instances, utilisation, cost an hour, and the size that the scaler advises."""
        return self._status(await asyncio.to_thread(self._read))

    async def plan(self, change: Change) -> Planned:
        """A step to `instances`, a whole number from 0."""
        instances, kept = self._checked(change.action, change.arguments), await asyncio.to_thread(self._read)
        step = Step(
            system=SYSTEM,
            action=SCALE,
            target=self.name,
            arguments={"instances": instances},
            before={"instances": kept.instances},
            after={"instances": instances},
            inverse=Inverse(SCALE, {"instances": kept.instances}),
        )
        return Planned(step, self._cost(kept.instances), self._cost(instances))

    async def apply(self, step: Step, *, key: str) -> Status:
        """Sets the size, once a key."""
        instances = self._checked(step.action, step.arguments)
        async with self._lock:
            kept = await asyncio.to_thread(self._read)
            if key in dict(kept.applied):
                return self._status(kept)
            if step.before != {"instances": kept.instances}:
                raise ConflictError(
                    f"The {self.title} has {kept.instances} instances by now, not {step.before.get('instances')}: "
                    "make a new plan"
                )
            return self._status(await self._resized(kept, instances, key))

    async def rollback(self, step: Step, *, key: str) -> Status:
        """Sets the size back to what it was before the step."""
        assert step.inverse is not None
        instances = self._checked(step.inverse.action, step.inverse.arguments)
        async with self._lock:
            kept = await asyncio.to_thread(self._read)
            if key in dict(kept.applied) or kept.instances == instances:
                return self._status(kept)
            return self._status(await self._resized(kept, instances, key))

    async def handle_event(self, event: Event) -> Status:
        """`instance_lost`: the pool is one instance smaller."""
        if event.kind != LOST:
            raise UnsupportedError(f"The {self.title} knows no event {event.kind!r}: it knows {LOST!r}")
        async with self._lock:
            kept = await asyncio.to_thread(self._read)
            return self._status(await self._resized(kept, max(0, kept.instances - 1), None))

    async def look_up(self, key: str) -> Fields | None:
        """What the call with this key led to; None where there was no such call."""
        size = dict((await asyncio.to_thread(self._read)).applied).get(key)
        return None if size is None else {"instances": size}

    def _status(self, kept: _Kept) -> Status:
        used, cost = utilisation(self._clock(), kept.instances), self._cost(kept.instances)
        health, says = _judged(kept.instances, used)
        advised = self._advised(Load(kept.instances, used, kept.changed_at))
        return Status(
            platform=self.name,
            title=self.title,
            health=health,
            says=says,
            at=self._clock(),
            readings=(
                Reading("instances", "instances", Decimal(kept.instances), "instances"),
                Reading("utilisation", "utilisation", used, "percent"),
                Reading("cost_per_hour", "cost per hour", cost.per_hour, cost.currency),
                Reading("advised_instances", "instances that its load asks for", Decimal(advised), "instances"),
            ),
            actual={"instances": kept.instances},
            simulated=True,
        )

    def _checked(self, action: str, arguments: Fields) -> int:
        if action != SCALE:
            raise UnsupportedError(f"The {self.title} can only be scaled, and {action!r} was asked for")
        instances = arguments.get("instances")
        if not isinstance(instances, int) or isinstance(instances, bool) or instances < 0:
            raise InvalidInputError(
                f"The {self.title} cannot have {instances!r} instances: 'instances' is a whole number from 0"
            )
        return instances

    def _advised(self, load: Load) -> int:
        limits = replace(self._settings.limits, price=self._settings.price.per_hour)
        return scaling(load, limits, self._clock()).instances

    def _cost(self, instances: int) -> Cost:
        return replace(self._settings.price, per_hour=self._settings.price.per_hour * instances)

    async def _resized(self, kept: _Kept, instances: int, key: str | None) -> _Kept:
        applied = kept.applied if key is None else (*kept.applied, (key, instances))[-REMEMBERED:]
        changed = _Kept(instances, self._clock(), applied)
        await asyncio.shield(asyncio.to_thread(self._write, changed))
        return changed

    def _read(self) -> _Kept:
        try:
            found = json.loads(self._file.read_text(encoding="utf-8"))
            changed_at = found["changed_at"] and datetime.fromisoformat(found["changed_at"])
            return _Kept(int(found["instances"]), changed_at, tuple((key, int(size)) for key, size in found["applied"]))
        except FileNotFoundError:
            return _Kept(self._settings.instances)
        except (OSError, ValueError, KeyError, TypeError) as error:
            raise UnavailableError(f"The {self.title}'s file {str(self._file)!r} cannot be read: {error!r}") from error

    def _write(self, kept: _Kept) -> None:
        changed_at = kept.changed_at.isoformat() if kept.changed_at else None
        draft = self._file.with_suffix(".new")
        with draft.open("w", encoding="utf-8") as file:
            json.dump({"instances": kept.instances, "changed_at": changed_at, "applied": kept.applied}, file)
            file.flush()
            os.fsync(file.fileno())
        draft.replace(self._file)


def utilisation(now: datetime, instances: int) -> Decimal:
    """Percent of the pool in use: on weekdays a half wave of work from 7 to 19 o'clock, of the clock's own zone; little else."""
    if instances <= 0:
        return Decimal(0)
    hour = now.hour + now.minute / 60
    wave = max(0.0, math.sin(math.pi * (hour - _DAWN) / _DAYLIGHT)) if now.weekday() < _WEEKEND else 0.0
    used = Decimal(str(100 * (_QUIET + _BUSY * wave) / instances))
    return min(Decimal(100), used).quantize(Decimal("0.1"), ROUND_HALF_UP)


def _judged(instances: int, used: Decimal) -> tuple[Health, str]:
    if instances == 0:
        return Health.DOWN, "no instance is running"
    if used >= _SATURATED:
        return Health.DEGRADED, "it runs, and all of it is in use"
    return Health.OK, "it runs"
