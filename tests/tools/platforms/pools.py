"""A simulated pool on a Wednesday noon, and what is wanted of it."""

from datetime import UTC, datetime
from pathlib import Path

from core.clock import Clock
from tools.platforms.base import Change
from tools.platforms.gpu_pool import PoolSettings, SimulatedGpuPool

NOON = datetime(2026, 3, 18, 12, tzinfo=UTC)


def clock() -> datetime:
    return NOON


def pool(folder: Path, at: Clock = clock) -> SimulatedGpuPool:
    return SimulatedGpuPool(PoolSettings(), folder / "gpu-pool.json", at)


def to(instances: object) -> Change:
    return Change("scale", {"instances": instances})  # type: ignore[dict-item]
