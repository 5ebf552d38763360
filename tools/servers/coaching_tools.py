"""The tools of `sophia-business-intelligence` that coach: what sets a rep's calls apart from those won, and the playbook."""

import asyncio
from collections.abc import Mapping, Sequence
from typing import Any, Protocol

from mcp.server import MCPServer

from core.errors import NotFoundError
from core.identity import Label, Principal
from memory.crm.records import Deal
from memory.documents import Entry
from models.evidence import highest
from tools.calls.coaching import Attempt, Outcome, coach
from tools.calls.compliance import compliance
from tools.calls.playbook import Playbook
from tools.servers.call_reader import CallReader, of_seller, seller_called
from tools.servers.call_tools import READS, CallId, Ctx, Rep
from tools.servers.coaching_results import PlaybookCheck, RepCoaching
from tools.servers.principals import PrincipalOf, tells_why

NO_PLAYBOOK = "There is no playbook to hold calls against: SOPHIA_PLAYBOOK names one (docs/coaching.md)"


class CameOut(Protocol):
    """The outcome of a call, the label of the records that tell it, and the deal that came out so, where it is known."""

    @property
    def outcome(self) -> Outcome: ...

    @property
    def label(self) -> Label: ...

    @property
    def deal(self) -> Deal | None: ...


class Outcomes(Protocol):
    """How calls came out, by id, as far as the principal may know."""

    async def of(self, calls: Sequence[Entry], principal: Principal) -> Mapping[str, CameOut]: ...


class CoachingTools:
    """The tools; each asks `principal_of` first."""

    def __init__(
        self, calls: CallReader, outcomes: Outcomes, playbook: Playbook | None, principal_of: PrincipalOf
    ) -> None:
        self._calls, self._outcomes, self._playbook, self._principal_of = calls, outcomes, playbook, principal_of

    async def coach_rep(self, rep: Rep, context: Ctx) -> RepCoaching:
        """Coaches a seller: what differs between the seller's calls and the calls that were won, anybody's, with turns to
        listen to on both sides. With too few calls it says how many are needed, and gives the seller's own figures.
        """
        principal = self._principal_of(context)
        entries = await self._calls.catalogue(principal)
        seller = seller_called(entries, rep)
        came_out = await self._outcomes.of(entries, principal)
        own = {one.id for one in of_seller(entries, seller)}
        wanted = [one for one in entries if one.id in own or came_out[one.id].outcome is Outcome.WON]
        transcripts = await self._calls.transcripts(wanted, principal)
        outcomes = {one.id: came_out[one.id].outcome for one in wanted}
        attempts = [Attempt(call, outcomes[call.id], await self._calls.moments(call)) for call in transcripts]
        found = await asyncio.to_thread(coach, seller.user or seller.name, attempts)
        read = {entry.id: (entry, call) for entry, call in zip(wanted, transcripts, strict=True)}
        label = highest([*(one.label for one in wanted), *(one.label for one in came_out.values())])
        return RepCoaching.of(found, read, outcomes, label=label)

    async def check_playbook(self, call: CallId, context: Ctx) -> PlaybookCheck:
        """Holds a call against the company's playbook: what was said of it and where, what was left out, what was out of
        order, and what was said that must not be.
        """
        principal = self._principal_of(context)
        if self._playbook is None:
            raise NotFoundError(NO_PLAYBOOK)
        entry, transcript = await self._calls.read(call, principal)
        found = await asyncio.to_thread(compliance, transcript, self._playbook)
        return PlaybookCheck.of(found, entry, transcript)


def add_coaching_tools(server: MCPServer[Any], tools: CoachingTools) -> None:
    """Adds the tools to a server."""
    for tool in (tools.coach_rep, tools.check_playbook):
        server.add_tool(tells_why(tool), annotations=READS)
