"""What may be changed about platforms: rules as data, evaluated to a verdict that names the rule that decided.

A change needs a permission. Then every other rule may refuse it: what is forbidden, ceilings, windows, blast radius. No
rule lets anything through without an approval: a verdict says who may give it.
"""

from abc import abstractmethod
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, time
from decimal import Decimal
from enum import StrEnum
from fnmatch import fnmatchcase

from pydantic import BaseModel, ConfigDict, Field, model_validator

from core.plans import Step
from tools.platforms.base import Planned

NO_PERMISSION = "no_permission"


@dataclass(frozen=True, slots=True)
class Proposal:
    """A change as rules look at it: who asks, what would happen, what depends on the platform, and when."""

    roles: frozenset[str]
    planned: Planned
    dependents: tuple[str, ...]
    at: datetime

    @property
    def step(self) -> Step:
        """The change itself."""
        return self.planned.step

    def sizes(self) -> tuple[int, int] | None:
        """Instances before and after, of a change of these."""
        before, after = self.step.before.get("instances"), self.step.after.get("instances")
        return (before, after) if isinstance(before, int) and isinstance(after, int) else None


@dataclass(frozen=True, slots=True)
class Verdict:
    """Whether a change may be made once it is approved; `approver` is the role that may approve it."""

    allowed: bool
    rule: str
    because: str
    approver: str | None = None


class Day(StrEnum):
    """A day of the week, in the order in which they come."""

    MONDAY = "mon"
    TUESDAY = "tue"
    WEDNESDAY = "wed"
    THURSDAY = "thu"
    FRIDAY = "fri"
    SATURDAY = "sat"
    SUNDAY = "sun"


class Rule(BaseModel):
    """A rule for some actions on some platforms, named by patterns (`*`, `gpu-*`)."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    name: str
    platforms: tuple[str, ...] = ("*",)
    actions: tuple[str, ...] = ("*",)

    def covers(self, platform: str, action: str) -> bool:
        """Whether the rule is about this action on this platform."""
        return _any(self.platforms, platform) and _any(self.actions, action)


class Permission(Rule):
    """Whoever has one of the roles may propose such a change; the approver's role may approve it."""

    roles: tuple[str, ...]
    approver: str


class Refusing(Rule):
    """A rule that may speak against a change."""

    @abstractmethod
    def objection(self, proposal: Proposal) -> str | None:
        """Why the change may not be made; None where nothing speaks against it."""


class Forbidden(Refusing):
    """Nobody may do this."""

    because: str

    def objection(self, proposal: Proposal) -> str | None:
        """Its reason, whatever the change."""
        return self.because


class Ceiling(Refusing):
    """How many instances there may be, and what they may cost an hour; a change towards what is allowed is let through."""

    instances: int | None = Field(default=None, ge=0)
    least_instances: int | None = Field(default=None, ge=0)
    cost_per_hour: Decimal | None = None
    currency: str | None = Field(default=None, pattern="^[A-Z]{3}$")

    @model_validator(mode="after")
    def _money_has_a_currency(self) -> "Ceiling":
        if (self.cost_per_hour is None) != (self.currency is None):
            raise ValueError("cost_per_hour and currency belong together")
        return self

    @property
    def sizes(self) -> str | None:
        """How many instances it allows, in words; None where it sets no bound to them."""
        least, most = self.least_instances, self.instances
        if most is None:
            return None if least is None else f"at least {least}"
        return f"at most {most}" if least is None else f"{least} to {most}"

    def objection(self, proposal: Proposal) -> str | None:
        """Too many, too few, too dear, or of a cost that cannot be compared."""
        return self._of_size(proposal) or self._of_cost(proposal)

    def _of_size(self, proposal: Proposal) -> str | None:
        before, after = proposal.sizes() or (0, 0)
        if self.instances is not None and after > max(before, self.instances):
            return f"at most {self.instances} instances are allowed, and this would make {after}"
        if self.least_instances is not None and after < min(before, self.least_instances):
            return f"at least {self.least_instances} must stay, and this would leave {after}"
        return None

    def _of_cost(self, proposal: Proposal) -> str | None:
        after, before = proposal.planned.cost_after, proposal.planned.cost_before
        if self.cost_per_hour is None or after is None:
            return None
        if after.currency != self.currency:
            return f"its cost is in {after.currency}, and the ceiling in {self.currency}"
        cheaper = before is not None and after.per_hour < before.per_hour
        if after.per_hour > self.cost_per_hour and not cheaper:
            return f"it would cost {after.per_hour} {after.currency} an hour, above the ceiling of {self.cost_per_hour}"
        return None


class Window(Refusing):
    """Such a change may only be made on these days between two times, in UTC; one that passes midnight belongs to its first day."""

    days: tuple[Day, ...] = tuple(Day)
    begins: time
    ends: time

    def objection(self, proposal: Proposal) -> str | None:
        """Outside the window."""
        if self._admits(proposal.at):
            return None
        days = ", ".join(self.days)
        return f"it may be done between {self.begins:%H:%M} and {self.ends:%H:%M} UTC on {days}"

    def _admits(self, at: datetime) -> bool:
        now, today = at.time().replace(tzinfo=None), at.weekday()
        days = [list(Day).index(day) for day in self.days]
        if self.begins <= self.ends:
            return today in days and self.begins <= now < self.ends
        return (today in days and now >= self.begins) or ((today - 1) % 7 in days and now < self.ends)


class Radius(Refusing):
    """How much one change may touch: instances more or fewer at once, and platforms that depend on this one."""

    instances: int | None = Field(default=None, ge=0)
    dependents: int | None = Field(default=None, ge=0)

    def objection(self, proposal: Proposal) -> str | None:
        """Too much at once."""
        before, after = proposal.sizes() or (0, 0)
        if self.instances is not None and abs(after - before) > self.instances:
            return f"at most {self.instances} instances may change at once, and this would change {abs(after - before)}"
        if self.dependents is not None and len(proposal.dependents) > self.dependents:
            return f"{', '.join(proposal.dependents)} depend on it, and at most {self.dependents} may"
        return None


class Policies(BaseModel):
    """All rules. The names are unique, because verdicts tell them."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    permissions: tuple[Permission, ...] = ()
    forbidden: tuple[Forbidden, ...] = ()
    ceilings: tuple[Ceiling, ...] = ()
    windows: tuple[Window, ...] = ()
    blast_radius: tuple[Radius, ...] = ()

    @model_validator(mode="after")
    def _names_are_unique(self) -> "Policies":
        names = [rule.name for rule in (*self.permissions, *self.refusing())]
        twice = sorted({name for name in names if names.count(name) > 1})
        if twice:
            raise ValueError(f"two rules are named {twice[0]!r}")
        return self

    def sizes(self, platform: str, action: str) -> tuple[str, ...]:
        """What rules allow of the size of a platform, in words that name the rule."""
        about = [one for one in self.ceilings if one.covers(platform, action) and one.sizes]
        return tuple(f"rule {one.name!r} allows {one.sizes} instances" for one in about)

    def refusing(self) -> Iterator[Refusing]:
        """The rules that may refuse, in the order in which they are asked."""
        yield from (*self.forbidden, *self.ceilings, *self.windows, *self.blast_radius)

    def refusal(self, proposal: Proposal) -> Verdict | None:
        """The first rule that objects, if any does; whoever asks."""
        for rule in self.refusing():
            objection = rule.objection(proposal) if rule.covers(proposal.step.target, proposal.step.action) else None
            if objection:
                return Verdict(False, rule.name, objection)
        return None

    def verdict(self, proposal: Proposal) -> Verdict:
        """The first rule that objects decides, or the permission."""
        if refusal := self.refusal(proposal):
            return refusal
        for permission in self.permissions:
            if permission.covers(proposal.step.target, proposal.step.action) and not proposal.roles.isdisjoint(
                permission.roles
            ):
                because = f"it may be done once somebody with the role {permission.approver!r} has approved it"
                return Verdict(True, permission.name, because, permission.approver)
        return Verdict(False, NO_PERMISSION, f"no rule lets you {proposal.step.action} {proposal.step.target}")


def _any(patterns: tuple[str, ...], name: str) -> bool:
    return any(fnmatchcase(name, pattern) for pattern in patterns)
