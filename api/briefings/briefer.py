"""Briefings by the graph that gathers their parts."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass

from agents.base import Turn
from agents.executive_briefing.document import Briefing
from agents.executive_briefing.wanted import Wanted, audience_named
from api.briefings.making import BriefingRequest
from core.clock import Clock, NewId
from core.identity import Principal
from graphs.briefing import Graph, make_briefing


@dataclass(frozen=True, slots=True)
class GraphBriefer:
    """Runs the graph in a turn of whoever asks; `company` is whom the briefing is about."""

    graph: Graph
    turns: Callable[[Principal], Awaitable[Turn]]
    company: str
    clock: Clock
    new_id: NewId

    async def brief(self, request: BriefingRequest, *, principal: Principal, previous: Briefing | None) -> Briefing:
        """The briefing; NotFoundError for an audience that there is none for."""
        audience, turn = audience_named(request.audience), await self.turns(principal)
        wanted = Wanted(
            id=self.new_id("briefing"),
            company=self.company,
            audience=audience,
            period=request.days.period,
            told=request.days.told,
            compared=request.days.compared,
            compared_told=request.days.compared_told,
            as_of=turn.now.date(),
            made_at=self.clock(),
            previous=previous,
        )
        return await make_briefing(self.graph, wanted, turn)
