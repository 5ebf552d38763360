"""Making a briefing: its days, the one before it, its deadline, and that asking twice makes one."""

import asyncio
from dataclasses import dataclass
from typing import Protocol

from agents.executive_briefing.document import Briefing
from api.briefings.forms import Forms
from api.briefings.periods import Days, read_days
from api.briefings.store import Asked, Briefings
from api.security.keys import ASK, require
from core.clock import Clock
from core.errors import DeadlineError
from core.identity import Principal
from core.periods import Calendar


@dataclass(frozen=True, slots=True)
class BriefingRequest:
    """For whom, over which days."""

    audience: str
    days: Days


class Briefer(Protocol):
    """Makes briefings."""

    async def brief(self, request: BriefingRequest, *, principal: Principal, previous: Briefing | None) -> Briefing:
        """The briefing of what the principal may read, with what changed since the previous one of its kind.

        NotFoundError for an audience that there is none for.
        """
        ...


@dataclass(frozen=True, slots=True)
class Made:
    """A briefing; `again` where it was made earlier, for the same key."""

    briefing: Briefing
    again: bool


@dataclass(frozen=True, slots=True)
class Making:
    """The one way in for HTTP and for the command line.

    `today` is the company's clock, `timeout_s` the longest that a briefing may take.
    """

    briefer: Briefer
    kept: Briefings
    forms: Forms
    calendar: Calendar
    today: Clock
    timeout_s: float

    async def make(self, audience: str, period: str, *, principal: Principal, key: str | None = None) -> Made:
        """Makes and keeps a briefing, or gives the one that this key made.

        InvalidInputError for a period that is none, NotFoundError for an unknown audience, ConflictError for a key that
        asked for something else, DeadlineError, and WithheldError where the key's briefing may no longer be read.
        """
        require(principal, ASK)
        audience = audience.strip().lower()
        days = read_days(period, self.today().date(), self.calendar)
        asked = Asked(f"{audience} {period.strip().lower()}", days.kind, key)
        if earlier := await self.kept.asked_before(asked, owner=principal):
            return Made(await self.kept.one(earlier, principal=principal), again=True)
        briefing = await self._brief(BriefingRequest(audience, days), principal)
        kept = await self.kept.keep(briefing, asked, owner=principal)
        if kept != briefing.id:
            return Made(await self.kept.one(kept, principal=principal), again=True)
        return Made(briefing, again=False)

    async def _brief(self, request: BriefingRequest, principal: Principal) -> Briefing:
        days = request.days
        previous = await self.kept.last(request.audience, days.kind, before=days.period.last, principal=principal)
        try:
            async with asyncio.timeout(self.timeout_s):
                return await self.briefer.brief(request, principal=principal, previous=previous)
        except TimeoutError:
            raise DeadlineError(f"The briefing took longer than the {self.timeout_s:g} s it is allowed") from None
