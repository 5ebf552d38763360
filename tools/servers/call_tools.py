"""The tools of `sophia-business-intelligence` that read calls: what was said on them, and what shows in them."""

import asyncio
from collections.abc import Collection, Sequence
from datetime import date
from typing import Annotated, Any, Literal, Protocol

from mcp.server import MCPServer
from mcp.server.mcpserver import Context
from mcp_types import ToolAnnotations
from pydantic import Field

from core.errors import InvalidInputError
from core.identity import Principal
from memory.retrieval.recipes import RECIPES, Recipe
from memory.retrieval.retriever import Passage as Retrieved
from memory.transcripts.model import Transcript
from models.evidence import highest
from tools.calls.moment import Kind
from tools.calls.moments import EVERY_KIND
from tools.calls.reps import rep_statistics
from tools.calls.statistics import call_statistics, speaker_shares
from tools.servers.call_figures import CallFigures, Measured, RepFigures, SpeakerFigures
from tools.servers.call_reader import CallReader, about, between, day_of, entry_of, folded, of_seller, seller_called
from tools.servers.call_results import CallList, CallMoments, CallSummary, CallText, Marked, Passage, Passages, Said
from tools.servers.principals import PrincipalOf, tells_why

MOST_TURNS = 500
READS = ToolAnnotations(read_only_hint=True, idempotent_hint=True, destructive_hint=False, open_world_hint=False)

CallId = Annotated[
    str, Field(description="The call's id, or its exact title, from list_calls", json_schema_extra={"x-entity": "call"})
]
Rep = Annotated[str, Field(description="A seller's name", json_schema_extra={"x-entity": "rep"})]
Account = Annotated[str, Field(description="A customer's name", json_schema_extra={"x-entity": "account"})]
Since = Annotated[date | None, Field(description="Only calls held on this day or later")]
Until = Annotated[date | None, Field(description="Only calls held on this day or earlier")]
RecipeName = Literal["hybrid", "keyword", "dense"]
Ctx = Context[Any, Any]


class Search(Protocol):
    """Passages of documents a principal may read."""

    async def search(
        self,
        question: str,
        *,
        principal: Principal,
        recipe: Recipe,
        documents: Sequence[str] | None,
        speaker: str | None,
        limit: int,
    ) -> Sequence[Retrieved]: ...


class CallTools:
    """The tools; each asks `principal_of` first."""

    def __init__(self, calls: CallReader, passages: Search, principal_of: PrincipalOf) -> None:
        self._calls, self._passages, self._principal_of = calls, passages, principal_of

    async def search_calls(
        self,
        question: Annotated[str, Field(description="What to look for, in the words of a question or as keywords")],
        context: Ctx,
        calls: Annotated[list[str] | None, Field(description="Search only these calls, by id or exact title")] = None,
        speaker: Annotated[str | None, Field(description="Search only where this person speaks, by name")] = None,
        limit: Annotated[int, Field(ge=1, le=20, description="At most so many passages")] = 5,
        recipe: Annotated[RecipeName, Field(description="How to search: by words, by meaning, or both")] = "hybrid",
    ) -> Passages:
        """Finds the passages of calls that best answer a question, each with its turns and character spans."""
        principal = self._principal_of(context)
        documents = None
        if calls is not None:
            catalogue = await self._calls.catalogue(principal)
            documents = [entry_of(catalogue, call).id for call in calls]
        found = await self._passages.search(
            question,
            principal=principal,
            recipe=RECIPES[recipe],
            documents=documents,
            speaker=speaker,
            limit=limit,
        )
        sources = [passage.source for passage in found]
        return Passages(label=str(highest([one.label for one in sources])), passages=tuple(map(Passage.of, sources)))

    async def list_calls(
        self,
        context: Ctx,
        account: Account | None = None,
        rep: Rep | None = None,
        since: Since = None,
        until: Until = None,
    ) -> CallList:
        """Lists calls, latest first: all that may be read, or those with an account, by a rep, between two days."""
        entries = await self._calls.catalogue(self._principal_of(context))
        chosen = between(entries, since, until)
        if account is not None:
            wanted = self._calls.spellings(account)
            chosen = [entry for entry in chosen if folded(entry.account or "") in wanted]
        if rep is not None:
            chosen = of_seller(chosen, seller_called(entries, rep))
        return CallList(label=str(highest([entry.label for entry in chosen])), calls=tuple(map(CallSummary.of, chosen)))

    async def get_call(
        self,
        call: CallId,
        context: Ctx,
        first_turn: Annotated[int, Field(ge=0, description="The first turn to read, counted from 0")] = 0,
        last_turn: Annotated[int | None, Field(ge=0, description="The last turn to read, included")] = None,
        version: Annotated[str | None, Field(description="The content hash of an older version that was cited")] = None,
    ) -> CallText:
        """Reads a call, or a range of its turns: who says what and when. At most 500 turns; go on at next_turn."""
        entry, transcript = await self._calls.read(call, self._principal_of(context), version)
        count = len(transcript.turns)
        if first_turn >= count or (last_turn is not None and last_turn < first_turn):
            raise InvalidInputError(f"Turns {first_turn} to {last_turn}: the call has turns 0 to {count - 1}")
        end = min(count if last_turn is None else last_turn + 1, count, first_turn + MOST_TURNS)
        return CallText(
            **about(entry, transcript),
            account=transcript.account,
            score=0.0,
            utterances=tuple(map(Said.of, transcript.utterances[first_turn:end])),
            next_turn=end if end < count else None,
        )

    async def call_statistics(self, call: CallId, context: Ctx) -> CallFigures:
        """Measures a call: talk ratio, longest monologue, longest customer story, interactivity, patience, questions."""
        entry, transcript = await self._calls.read(call, self._principal_of(context))
        query, as_of = f"call_statistics(call={entry.id!r})", day_of(transcript)
        measured, shares = await asyncio.to_thread(_measure, transcript)
        return CallFigures(
            **about(entry, transcript),
            statistics=tuple(Measured.of(one, query=query, as_of=as_of, call=transcript) for one in measured),
            speakers=tuple(SpeakerFigures.of(one, query=query, as_of=as_of, call=transcript) for one in shares),
        )

    async def rep_statistics(self, rep: Rep, context: Ctx, since: Since = None, until: Until = None) -> RepFigures:
        """Measures a seller over the calls with buyers, and compares with other sellers where there are enough calls."""
        principal = self._principal_of(context)
        entries = between(await self._calls.catalogue(principal), since, until)
        seller = seller_called(entries, rep)
        transcripts = await self._calls.transcripts(entries, principal)
        found = await asyncio.to_thread(rep_statistics, seller.user or seller.name, transcripts)
        limits = "".join(f", {name}={day.isoformat()!r}" for name, day in (("since", since), ("until", until)) if day)
        return RepFigures.of(
            found,
            transcripts,
            label=highest([entry.label for entry in entries]),
            query=f"rep_statistics(rep={seller.name!r}{limits})",
            as_of=max((day_of(one) for one in transcripts if one.id in found.calls), default="undated"),
        )

    async def call_moments(
        self,
        call: CallId,
        context: Ctx,
        kinds: Annotated[list[Kind] | None, Field(description="Only these kinds of moments")] = None,
    ) -> CallMoments:
        """Finds a call's moments: questions, competitors, next steps with owner and date, objections, risks, prices, decisions, pain."""
        entry, transcript = await self._calls.read(call, self._principal_of(context))
        wanted: Collection[Kind] = EVERY_KIND if kinds is None else kinds
        found = [one for one in await self._calls.moments(transcript) if one.kind in wanted]
        return CallMoments(**about(entry, transcript), moments=tuple(Marked.of(one, transcript) for one in found))


def add_call_tools(server: MCPServer[Any], tools: CallTools) -> None:
    """Adds the tools to a server."""
    for tool in (
        tools.search_calls,
        tools.list_calls,
        tools.get_call,
        tools.call_statistics,
        tools.rep_statistics,
        tools.call_moments,
    ):
        server.add_tool(tells_why(tool), annotations=READS)


def _measure(transcript: Transcript) -> tuple[Sequence[Any], Sequence[Any]]:
    return call_statistics(transcript), speaker_shares(transcript)
