"""How many instances a pool should have: a pure rule over its load, its limits and the time since its last change."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal


@dataclass(frozen=True, slots=True)
class Limits:
    """Utilisation in percent, exclusive bounds; instances, both included. `cost_ceiling` and `price` are an hour, in one currency."""

    up_above: Decimal = Decimal(80)
    down_below: Decimal = Decimal(20)
    least: int = 1
    most: int = 5
    cool_down: timedelta = timedelta(minutes=10)
    price: Decimal = Decimal(0)
    cost_ceiling: Decimal | None = None

    @property
    def affordable(self) -> int:
        """The most instances that bound and ceiling admit; never fewer than `least`."""
        if self.cost_ceiling is None or self.price <= 0:
            return self.most
        return max(self.least, min(self.most, int(self.cost_ceiling // self.price)))


@dataclass(frozen=True, slots=True)
class Load:
    """What is known of a pool: its size, its utilisation in percent, and when its size last changed."""

    instances: int
    utilisation: Decimal
    changed_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Scaling:
    """The size that the pool should have, and the rule that says so."""

    instances: int
    rule: str


def scaling(load: Load, limits: Limits, now: datetime) -> Scaling:
    """One instance more above the upper bound, one fewer below the lower, none within the cool-down.

    A pool outside its limits, or dearer than its ceiling, is brought inside at once: the cool-down calms load, it
    does not keep what is not allowed.
    """
    if load.instances < limits.least:
        return Scaling(limits.least, "least")
    if load.instances > limits.affordable:
        return Scaling(limits.affordable, "most" if load.instances > limits.most else "cost_ceiling")
    wanted = _wanted(load, limits)
    if wanted == load.instances:
        return Scaling(wanted, "within_bounds")
    if load.changed_at is not None and now - load.changed_at < limits.cool_down:
        return Scaling(load.instances, "cool_down")
    if wanted < limits.least:
        return Scaling(load.instances, "least")
    if wanted > limits.affordable:
        return Scaling(load.instances, "most" if wanted > limits.most else "cost_ceiling")
    return Scaling(wanted, "up_above" if wanted > load.instances else "down_below")


def _wanted(load: Load, limits: Limits) -> int:
    if load.utilisation > limits.up_above:
        return load.instances + 1
    return load.instances - 1 if load.utilisation < limits.down_below else load.instances
