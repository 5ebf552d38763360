"""Briefings without a warehouse: the sample's, for the days that are asked for."""

import asyncio
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime

from agents.executive_briefing.document import Briefing
from agents.executive_briefing.wanted import audience_named
from api.briefings.making import BriefingRequest
from core.clock import new_id
from core.identity import Label, Principal
from tests.agents.executive_briefing.briefings import quiet, tallowby


@dataclass
class FakeBriefer:
    """Remembers what it was asked for; what it makes rests on `documents` and is as secret as `label`."""

    label: Label = Label.INTERNAL
    documents: tuple[str, ...] = ()
    rich: bool = False
    hangs: bool = False
    asked: list[tuple[BriefingRequest, Principal, Briefing | None]] = field(default_factory=list)

    async def brief(self, request: BriefingRequest, *, principal: Principal, previous: Briefing | None) -> Briefing:
        if self.hangs:
            await asyncio.Event().wait()
        audience = audience_named(request.audience)
        self.asked.append((request, principal, previous))
        made_at = datetime(2026, 3, 20, 12, minute=len(self.asked), tzinfo=UTC)
        return replace(
            tallowby() if self.rich else quiet(),
            id=new_id("briefing"),
            audience=audience.name,
            first=request.days.period.start,
            last=request.days.period.last,
            period=request.days.told,
            label=self.label,
            documents=self.documents,
            sources=(),
            made_at=made_at,
        )
