"""The tools of `sophia-business-intelligence` that study calls: side by side, what overcame objections, moods, threats."""

import asyncio
from collections.abc import Sequence
from typing import Annotated, Any

from mcp.server import MCPServer
from pydantic import Field

from core.identity import Principal
from memory.documents import Entry
from memory.transcripts.model import Transcript
from models.evidence import highest
from tools.calls.coaching import Outcome
from tools.calls.compare import compare_calls
from tools.calls.competitors import Gazetteer
from tools.calls.moment import Kind, Moment
from tools.calls.sentiment import sentiment_by_speaker
from tools.calls.speech import SELLER
from tools.calls.talk_tracks import SURE, is_about, surest, talk_tracks
from tools.calls.threat import threats
from tools.servers.call_reader import CallReader, about, entry_of, folded, seller_called
from tools.servers.call_results import Marked
from tools.servers.call_study_results import (
    CallSentiment,
    Comparison,
    CompetitorThreat,
    Raised,
    SpeakerTone,
    TalkTracks,
    Threats,
    Track,
)
from tools.servers.call_tools import READS, CallId, Ctx, Rep
from tools.servers.coaching_tools import Outcomes
from tools.servers.principals import PrincipalOf, tells_why

MOST_COMPARED = 4
MOST_RAISED = 6
Only = Annotated[list[str] | None, Field(description="Only these calls, by id or exact title")]
Competitor = Annotated[
    str | None, Field(description="Only this competitor", json_schema_extra={"x-entity": "competitor"})
]


class CallStudyTools:
    """The tools; each asks `principal_of` first. Without `outcomes` an objection is overcome by what was said alone."""

    def __init__(self, calls: CallReader, principal_of: PrincipalOf, outcomes: Outcomes | None = None) -> None:
        self._calls, self._principal_of, self._outcomes = calls, principal_of, outcomes
        self._competitors = Gazetteer(calls.competitors)

    async def compare_calls(
        self,
        calls: Annotated[
            list[CallId], Field(min_length=2, max_length=MOST_COMPARED, description="The calls, by id or exact title")
        ],
        context: Ctx,
        rep: Annotated[Rep | None, Field(description="Compare this seller's part; else that of our side")] = None,
    ) -> Comparison:
        """Compares calls: the statistics that differ notably, and objections, competitors, prices and next steps that came up
        on one of them alone.
        """
        principal = self._principal_of(context)
        catalogue = await self._calls.catalogue(principal)
        entries = list(dict.fromkeys(entry_of(catalogue, call) for call in calls))
        seller = seller_called(entries, rep).name if rep else None
        read = await self._read(entries, principal)
        having = [await self._calls.moments(call) for _, call in read]
        found = await asyncio.to_thread(compare_calls, [call for _, call in read], having, rep=seller)
        of_rep = f", rep={seller!r}" if seller else ""
        query = f"compare_calls(calls={[call.id for _, call in read]!r}{of_rep})"
        label = highest([entry.label for entry, _ in read])
        return Comparison.of(found, read, label=label, queries=[query] * len(read))

    async def talk_tracks(
        self,
        context: Ctx,
        objection: Annotated[
            str | None,
            Field(description="What was objected to, in a few words, such as price; all where it is left out"),
        ] = None,
        calls: Only = None,
    ) -> TalkTracks:
        """Finds what overcame an objection: its words, the seller's replies, and what shows that it was overcome. Where
        nothing did, only where it was raised.
        """
        principal, wanted = self._principal_of(context), objection or ""
        entries = await self._entries(calls, principal)
        came_out = await self._outcomes.of(entries, principal) if self._outcomes else {}
        won = {call: one.deal for call, one in came_out.items() if one.outcome is Outcome.WON}
        tracks: list[Track] = []
        raised: list[Raised] = []
        for entry, call in await self._read(entries, principal):
            found = await self._calls.moments(call)
            overcome = [
                one
                for one in talk_tracks(call, found, won=entry.id in won)
                if is_about(wanted, one.objection, call, self._competitors)
            ]
            tracks += [Track.of_track(one, entry, call, won.get(entry.id)) for one in overcome]
            turns = {one.objection.turn for one in overcome}
            left = [one for one in self._raised(wanted, call, found) if one.turn not in turns]
            raised += [Raised.at(Marked.of(one, call), entry, call) for one in left]
        tracks.sort(key=lambda one: (one.accepted is None, one.won is None, -one.objection.marked.confidence))
        label = highest([*(entry.label for entry in entries), *(one.label for one in came_out.values())])
        ids = tuple(entry.id for entry in entries)
        return TalkTracks(label=str(label), read=ids, tracks=tuple(tracks), raised=tuple(raised[:MOST_RAISED]))

    async def call_sentiment(self, call: CallId, context: Ctx) -> CallSentiment:
        """Tells how each speaker sounds on a call: shares of positive and negative sentences, and the clearest of either."""
        entry, transcript = await self._calls.read(call, self._principal_of(context))
        found = await asyncio.to_thread(sentiment_by_speaker, transcript)
        query = f"call_sentiment(call={entry.id!r})"
        return CallSentiment(
            **about(entry, transcript),
            speakers=tuple(SpeakerTone.of(one, transcript, query) for one in found),
        )

    async def competitor_threats(self, context: Ctx, competitor: Competitor = None, calls: Only = None) -> Threats:
        """Tells how serious competitors are on each call, from 1 to 5, with the sentences that the level rests on."""
        principal = self._principal_of(context)
        entries = await self._entries(calls, principal)
        known = self._calls.competitors
        chosen = [
            one
            for one in known
            if competitor is None or folded(competitor) in {folded(name) for name in (one.name, *one.aliases)}
        ]
        found = [
            CompetitorThreat.on(one, entry, call)
            for entry, call in await self._read(entries, principal)
            for one in await asyncio.to_thread(threats, call, chosen)
        ]
        found.sort(key=lambda one: -one.level.value)
        label = highest([entry.label for entry in entries])
        return Threats(label=str(label), read=tuple(entry.id for entry in entries), threats=tuple(found))

    async def _entries(self, calls: Sequence[str] | None, principal: Principal) -> list[Entry]:
        """These calls, or all of them; latest first."""
        catalogue = await self._calls.catalogue(principal)
        wanted = None if calls is None else {entry_of(catalogue, call).id for call in calls}
        return [entry for entry in catalogue if wanted is None or entry.id in wanted]

    async def _read(self, entries: Sequence[Entry], principal: Principal) -> list[tuple[Entry, Transcript]]:
        return list(zip(entries, await self._calls.transcripts(entries, principal), strict=True))

    def _raised(self, wanted: str, call: Transcript, found: Sequence[Moment]) -> list[Moment]:
        """Objections of the kind that is wanted; where a competitor is named, also what others than sellers say of it."""
        rivals = {named.name for named in self._competitors.named(wanted)}
        sellers = {speaker.name for speaker in call.speakers if speaker.role == SELLER}
        return surest(
            [
                one
                for one in found
                if (
                    one.kind is Kind.OBJECTION
                    and one.confidence >= SURE
                    and is_about(wanted, one, call, self._competitors)
                )
                or (one.kind is Kind.COMPETITOR and one.detail in rivals and one.speaker not in sellers)
            ]
        )


def add_call_study_tools(server: MCPServer[Any], tools: CallStudyTools) -> None:
    """Adds the tools to a server."""
    for tool in (tools.compare_calls, tools.talk_tracks, tools.call_sentiment, tools.competitor_threats):
        server.add_tool(tells_why(tool), annotations=READS)
