"""All platforms of an installation: how each does, what a change would come to, and whether policy lets it be made."""

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from core.clock import Clock
from core.errors import ConflictError, InvalidInputError, NotFoundError, UnavailableError
from core.identity import Label, Principal
from core.plans import Plan
from tools.platforms.base import Change, Cost, Event, Health, Planned, Platform, Status
from tools.platforms.deadlines import WithinTime
from tools.platforms.policies import Policies, Proposal, Verdict
from tools.platforms.store import Known, Line, PlatformStore

LABEL = Label.INTERNAL
"""How secret what platforms tell is."""


@dataclass(frozen=True, slots=True)
class Proposed:
    """A change as it may be submitted: the plan, what it comes to, and what policy says of it."""

    plan: Plan
    planned: Planned
    verdict: Verdict
    status: Status


class Estate:
    """The platforms of one tenant; nobody else has any. `seconds` is what a call of a platform may take."""

    def __init__(
        self,
        platforms: Sequence[Platform],
        policies: Policies,
        store: PlatformStore,
        *,
        tenant: str,
        clock: Clock,
        seconds: float = 5.0,
    ) -> None:
        self._platforms: Mapping[str, Platform] = {one.name: WithinTime(one, seconds) for one in platforms}
        self.policies, self.store = policies, store
        self._tenant, self._clock = tenant, clock

    def names(self, principal: Principal) -> tuple[tuple[str, str], ...]:
        """Name and title of each platform that the principal may see."""
        return tuple((one.name, one.title) for one in self._seen(principal).values())

    def platform(self, name: str, principal: Principal) -> Platform:
        """NotFoundError that names those there are."""
        seen = self._seen(principal)
        if name not in seen:
            raise NotFoundError(
                f"There is no platform {name!r}: there are {', '.join(seen) or 'none that you may see'}"
            )
        return seen[name]

    async def statuses(self, principal: Principal, names: Sequence[str] = ()) -> tuple[Status, ...]:
        """How the platforms do, all asked at once; one that does not answer is unknown and keeps nobody waiting."""
        wanted = [self.platform(name, principal) for name in names] or list(self._seen(principal).values())
        found = await asyncio.gather(*(self._asked(one) for one in wanted))
        await self.store.observe(found)
        return tuple(found)

    async def known(self, name: str, principal: Principal) -> Known:
        """What is wanted of the platform, and what it was when it was last looked at."""
        return await self.store.known(self.platform(name, principal).name)

    async def history(self, principal: Principal, name: str | None = None) -> tuple[Line, ...]:
        """What happened to the platform, or to all, the newest first."""
        if name is not None:
            self.platform(name, principal)
        return await self.store.history(name) if self._seen(principal) else ()

    async def heard(self, name: str, event: Event, principal: Principal) -> Status:
        """The platform's status after an event that it reported; its history has what changed."""
        status = await self.platform(name, principal).handle_event(event)
        await self.store.observe([status])
        return status

    async def proposed(self, name: str, change: Change, principal: Principal) -> Proposed:
        """The plan of a change with its verdict; nothing happens.

        ConflictError where there is nothing to change, InvalidInputError for what cannot be, with what policy allows.
        """
        platform = self.platform(name, principal)
        try:
            planned, (status,) = await asyncio.gather(platform.plan(change), self.statuses(principal, [name]))
        except InvalidInputError as error:
            allowed = self.policies.sizes(name, change.action)
            raise InvalidInputError("; ".join([str(error), *allowed])) from None
        if planned.step.before == planned.step.after:
            raise ConflictError(f"The {platform.title} is as wanted already: there is nothing to change")
        verdict = self.policies.verdict(await self.proposal(planned, principal.roles))
        plan = Plan(
            tenant=self._tenant,
            purpose=f"{change.action.capitalize()} the {platform.title}",
            steps=(planned.step,),
            because=(_cost_effect(planned), f"Policy: rule {verdict.rule!r}, {verdict.because}"),
            label=LABEL,
        )
        return Proposed(plan, planned, verdict, status)

    async def proposal(self, planned: Planned, roles: frozenset[str]) -> Proposal:
        """The change as rules look at it now."""
        return Proposal(roles, planned, await self.store.dependents(planned.step.target), self._clock())

    def _seen(self, principal: Principal) -> Mapping[str, Platform]:
        return self._platforms if principal.tenant == self._tenant and principal.clearance >= LABEL else {}

    async def _asked(self, platform: Platform) -> Status:
        try:
            return await platform.status()
        except UnavailableError as error:
            return Status(platform.name, platform.title, Health.UNKNOWN, str(error), self._clock())


def _cost_effect(planned: Planned) -> str:
    before, after = planned.cost_before, planned.cost_after
    if before is None or after is None:
        return "It costs nothing"
    return f"Cost: {_told(before)} an hour before, {_told(after)} after"


def _told(cost: Cost) -> str:
    return f"{cost.per_hour} {cost.currency}"
