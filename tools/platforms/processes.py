"""Sophia's own processes as a platform: who owns the data directory, what is in flight, and what is left of disk and memory."""

import asyncio
import shutil
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path

from core.clock import Clock
from core.errors import UnsupportedError
from tools.platforms.base import Event, Health, Observed, Reading, Status

NAME, TITLE = "sophia", "Sophia"
LOW_DISK, HIGH_QUEUE = Decimal("0.05"), 100
_MIB = 1024 * 1024
_MEMORY = Path("/proc/self/status")


@dataclass(frozen=True, slots=True)
class Vitals:
    """What Sophia tells of herself. `owner` is the process that holds the data directory, a server if `serving`."""

    owner: int
    serving: bool
    database: bool
    running: int
    waiting: int


class OwnProcesses(Observed):
    """The process that runs this, and the folder it owns."""

    name, title = NAME, TITLE

    def __init__(self, directory: Path, vitals: Callable[[], Awaitable[Vitals]], clock: Clock) -> None:
        self._directory, self._vitals, self._clock = directory, vitals, clock

    async def status(self) -> Status:
        """Runs in flight and waiting, disk and memory; down where the database does not answer."""
        vitals = await self._vitals()
        disk = await asyncio.to_thread(shutil.disk_usage, self._directory)
        resident = await asyncio.to_thread(_resident_mib)
        free = Decimal(disk.free) / Decimal(disk.total)
        health, says = _judged(vitals, free)
        readings = [
            Reading("runs_in_flight", "runs in flight", Decimal(vitals.running), "runs"),
            Reading("runs_waiting", "runs waiting", Decimal(vitals.waiting), "runs"),
            Reading("disk_free", "free disk space", round(free * 100, 1), "percent"),
        ]
        if resident is not None:
            readings.append(Reading("memory_mib", "memory in use, MiB", resident, "MiB"))
        return Status(NAME, TITLE, health, says, self._clock(), tuple(readings), {"serving": vitals.serving})

    async def handle_event(self, event: Event) -> Status:
        """Nothing reports events of this process."""
        raise UnsupportedError(f"Sophia knows no event {event.kind!r} of her own: her log has what happened")


def _judged(vitals: Vitals, free: Decimal) -> tuple[Health, str]:
    if not vitals.database:
        return Health.DOWN, "the database does not answer"
    holder = f"{'a server' if vitals.serving else 'a command'} owns the data directory"
    if free < LOW_DISK:
        return Health.DEGRADED, f"{holder}; the disk is almost full"
    if vitals.waiting > HIGH_QUEUE:
        return Health.DEGRADED, f"{holder}; questions queue up"
    return Health.OK, holder


def _resident_mib() -> Decimal | None:
    """MiB of memory that this process holds; None where the system does not tell."""
    try:
        lines = _MEMORY.read_text(encoding="ascii").splitlines()
    except OSError:
        return None
    kib = next((int(line.split()[1]) for line in lines if line.startswith("VmRSS:")), None)
    return None if kib is None else round(Decimal(kib * 1024) / _MIB, 1)
