"""The server through the real gateway, over the real register of documents; only the search is a fake."""

import json
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, cast

import pytest
from mcp import Client
from mcp.server import MCPServer
from mcp_types import RequestParamsMeta

from core.errors import InvalidInputError, NotFoundError, SophiaError
from core.identity import Access, Label, Principal
from core.tickets import TICKET_META, Tickets
from memory.documents import Documents, Entry
from memory.retrieval.recipes import Recipe
from memory.retrieval.retriever import Passage, Retriever
from memory.transcripts.model import Speaker, Transcript
from models.entities import Entity
from models.evidence import Source
from tests.databases import fresh_database
from tests.tools.calls.conversation import timed
from tools.gateway.gateway import Gateway, ToolResult, open_gateway
from tools.servers.business_intelligence import build_server
from tools.servers.call_figures import CallFigures
from tools.servers.call_reader import Calls, seller_called
from tools.servers.call_results import CallText, Passages
from tools.servers.call_tools import Search
from tools.servers.principals import ByTicket

NOW = datetime(2026, 3, 20, 9, 0, tzinfo=UTC)
ANNA = Principal("acme", "anna")
CLEARED = Principal("acme", "carla", clearance=Label.CONFIDENTIAL)
ELSEWHERE = Principal("other", "anna", clearance=Label.RESTRICTED)
NAMES = (Entity("account", "Acme", ("Acme Inc.",)), Entity("competitor", "Northpier", ("North Pier",)))

OPEN = timed(
    "s 0-40 What do you use today?",
    "b 41-100 We use North Pier, and we lost a load.",
    "s 101-110 I'll send you the numbers by Friday.",
    id_="open",
)
SECRET = replace(OPEN, id="secret", title="Call secret")
READERS = {"open": Access("acme"), "secret": Access("acme", label=Label.CONFIDENTIAL)}


class FirstTurns:
    """A search that answers with the first turn of every document it is allowed and asked to look at."""

    def __init__(self, documents: Documents) -> None:
        self._documents = documents
        self.recipes: list[str] = []

    async def search(
        self,
        question: str,
        *,
        principal: Principal,
        recipe: Recipe,
        documents: Sequence[str] | None,
        speaker: str | None,
        limit: int,
    ) -> list[Passage]:
        self.recipes.append(recipe.name)
        entries = [
            one for one in await self._documents.catalogue(principal) if documents is None or one.id in documents
        ]
        found = [(entry, await self._documents.transcript(entry.id, principal)) for entry in entries[:limit]]
        return [
            Passage(Source(e.id, e.version, e.title, e.label, call.utterances[:1], 0.5, e.held), 1.0)
            for e, call in found
        ]


class Office:
    """A server over two calls, one of them confidential, and a gateway that calls it."""

    def __init__(self, gateway: Gateway, server: MCPServer[Any], tickets: Tickets, search: FirstTurns) -> None:
        self.gateway, self.server, self.tickets, self.search = gateway, server, tickets, search

    async def ask(self, tool: str, who: Principal = ANNA, **arguments: Any) -> ToolResult:
        return await self.gateway.call(who, tool, arguments)


@asynccontextmanager
async def office(folder: Path, *calls: Transcript) -> AsyncIterator[Office]:
    async with fresh_database(folder) as engine:
        documents = Documents(engine)
        for call in calls or (OPEN, SECRET):
            await documents.stage(call, READERS.get(call.id, Access("acme")), origin="test")
            await documents.publish("acme", call.id, call.content_hash)
        tickets, search = Tickets(), FirstTurns(documents)
        server = build_server(documents, search, ByTicket(tickets), NAMES)
        async with open_gateway([server], tickets, clock=lambda: NOW) as gateway:
            yield Office(gateway, server, tickets, search)


async def test_every_tool_declares_that_it_reads_what_it_takes_and_what_it_returns(tmp_path: Path) -> None:
    async with office(tmp_path) as subject:
        tools = {tool.name: tool for tool in subject.gateway.tools}
    assert set(tools) == {
        "search_calls", "list_calls", "get_call", "call_statistics", "rep_statistics", "call_moments",
        "compare_calls", "talk_tracks", "call_sentiment", "competitor_threats",
    }  # fmt: skip
    for tool in tools.values():
        assert tool.annotations is not None
        assert tool.annotations.read_only_hint
        assert tool.description
        assert "label" in (tool.output_schema or {})["properties"]
        assert "context" not in tool.input_schema["properties"]
    assert tools["get_call"].input_schema["required"] == ["call"]
    assert tools["get_call"].input_schema["properties"]["call"]["x-entity"] == "call"


async def test_a_search_returns_passages_that_can_be_cited(tmp_path: Path) -> None:
    async with office(tmp_path) as subject:
        result = await subject.ask("search_calls", question="What do they use?", recipe="keyword")
    (source,) = Passages.model_validate(result.structured).sources
    assert (source.document, source.content_hash, source.label) == ("open", OPEN.content_hash, Label.INTERNAL)
    assert source.utterances == OPEN.utterances[:1]
    assert subject.search.recipes == ["keyword"]


async def test_a_result_has_the_highest_label_of_what_was_read(tmp_path: Path) -> None:
    async with office(tmp_path) as subject:
        assert (await subject.ask("list_calls")).label is Label.INTERNAL
        assert (await subject.ask("list_calls", CLEARED)).label is Label.CONFIDENTIAL
        assert (await subject.ask("search_calls", CLEARED, question="what")).label is Label.CONFIDENTIAL


async def refusal(subject: Office, tool: str, who: Principal, **arguments: Any) -> str:
    with pytest.raises(SophiaError) as refused:
        await subject.ask(tool, who, **arguments)
    assert isinstance(refused.value, NotFoundError)
    return str(refused.value)


@pytest.mark.parametrize("tool", ["get_call", "call_statistics", "call_moments"])
async def test_what_one_may_not_read_is_refused_in_the_words_of_what_does_not_exist(tmp_path: Path, tool: str) -> None:
    async with office(tmp_path) as subject:
        absent = await refusal(subject, tool, ANNA, call="absent")
        uncleared = await refusal(subject, tool, ANNA, call="secret")
        by_title = await refusal(subject, tool, ANNA, call="Call secret")
        foreign = await refusal(subject, tool, ELSEWHERE, call="open")
    assert uncleared == absent.replace("absent", "secret")
    assert by_title == absent.replace("absent", "Call secret")
    assert foreign == absent.replace("absent", "open")


async def test_a_search_in_a_call_one_may_not_read_is_refused_the_same_way(tmp_path: Path) -> None:
    async with office(tmp_path) as subject:
        uncleared = await refusal(subject, "search_calls", ANNA, question="what", calls=["open", "secret"])
        absent = await refusal(subject, "search_calls", ANNA, question="what", calls=["absent"])
    assert uncleared == absent.replace("absent", "secret")


@pytest.mark.parametrize("meta", [{}, {TICKET_META: "guess"}, {TICKET_META: {"tenant": "acme", "user": "anna"}}])
async def test_a_request_without_a_valid_ticket_is_refused(tmp_path: Path, meta: dict[str, Any]) -> None:
    async with office(tmp_path) as subject, Client(subject.server) as client:
        result = await client.call_tool("list_calls", {}, meta=cast(RequestParamsMeta, meta))
    assert result.is_error
    assert "E_UNAUTHENTICATED" in json.dumps(result.model_dump(mode="json"))


async def test_a_call_can_be_read_in_ranges_and_by_its_title(tmp_path: Path) -> None:
    async with office(tmp_path) as subject:
        some = CallText.model_validate(
            (await subject.ask("get_call", call="call OPEN", first_turn=1, last_turn=1)).structured
        )
        rest = CallText.model_validate((await subject.ask("get_call", call="open", first_turn=2)).structured)
        with pytest.raises(InvalidInputError, match="turns 0 to 2"):
            await subject.ask("get_call", call="open", first_turn=3)
    assert some.source.utterances == OPEN.utterances[1:2]
    assert (some.next_turn, rest.next_turn) == (2, None)


async def test_two_calls_of_one_title_are_told_apart_by_id(tmp_path: Path) -> None:
    async with office(tmp_path, OPEN, replace(OPEN, id="twin")) as subject:
        with pytest.raises(
            InvalidInputError, match="2 calls have the title 'Call open': use one of the ids open, twin"
        ):
            await subject.ask("get_call", call="Call open")


async def test_the_statistics_of_a_call_are_figures_bound_to_their_query(tmp_path: Path) -> None:
    async with office(tmp_path) as subject:
        result = CallFigures.model_validate((await subject.ask("call_statistics", call="open")).structured)
    story = next(one for one in result.statistics if one.metric == "longest_customer_story")
    assert story.span == OPEN.utterances[1].span
    assert story.figure is not None
    assert (story.figure.text, story.figure.query, story.figure.as_of) == (
        "59 s", "call_statistics(call='open')", "2026-01-13",
    )  # fmt: skip
    assert [one.speaker for one in result.speakers] == ["Sam Seller", "Bea Buyer"]


async def test_the_statistics_of_a_rep_count_only_what_may_be_read(tmp_path: Path) -> None:
    async with office(tmp_path) as subject:
        mine = (await subject.ask("rep_statistics", rep="sam")).structured
        cleared = (await subject.ask("rep_statistics", CLEARED, rep="Sam Seller", since="2026-01-01")).structured
        with pytest.raises(
            NotFoundError, match="No seller 'Bea' speaks on these calls: there are Eve Engineer, Sam Seller"
        ):
            await subject.ask("rep_statistics", rep="Bea")
        with pytest.raises(NotFoundError, match=r"No seller 'Sam' speaks on these calls$"):
            await subject.ask("rep_statistics", rep="Sam", since="2026-02-01")
    assert mine["calls"] == ["open"]
    assert sorted(cleared["calls"]) == ["open", "secret"]
    assert cleared["statistics"][0]["query"] == "rep_statistics(rep='Sam Seller', since='2026-01-01')"
    assert "needs 3" in cleared["not_compared"]


def test_a_seller_whom_one_source_knows_only_by_name_is_the_one_whose_id_another_gives() -> None:
    def entry(*users: str | None) -> Entry:
        sellers = tuple(Speaker(f"s{place}", "Sam Seller", "seller", user=user) for place, user in enumerate(users))
        return Entry("open", "v1", OPEN.title, OPEN.held, None, Label.INTERNAL, frozenset(), sellers, 3)

    assert seller_called([entry("u1"), entry(None)], "sam seller").user == "u1"
    assert seller_called([entry(None), entry("u1")], "Sam").user == "u1"
    assert seller_called([entry(None), entry(None)], "Sam").user is None
    with pytest.raises(InvalidInputError, match=r"name one of Sam Seller \(u1\), Sam Seller \(u2\)"):
        seller_called([entry("u1", "u2"), entry(None)], "Sam Seller")


async def test_calls_are_listed_by_account_alias_rep_and_days(tmp_path: Path) -> None:
    async def ids(**arguments: Any) -> list[str]:
        return [one["call"] for one in (await subject.ask("list_calls", **arguments)).structured["calls"]]

    async with office(tmp_path) as subject:
        assert await ids(account="acme inc.") == ["open"]
        assert await ids(account="Nobody") == []
        assert await ids(rep="Sam Seller", since="2026-01-13", until="2026-01-13") == ["open"]
        assert await ids(since="2026-01-14") == []
        with pytest.raises(InvalidInputError, match="since"):
            await subject.ask("list_calls", since="next week")


async def test_the_moments_of_a_call_have_places_owners_and_dates(tmp_path: Path) -> None:
    async with office(tmp_path) as subject:
        found = (await subject.ask("call_moments", call="open", kinds=["competitor", "next_step"])).structured
    assert [(one["kind"], one["detail"], one["owner"], one["due"]) for one in found["moments"]] == [
        ("competitor", "Northpier", None, None),
        ("next_step", "commitment", "Sam Seller", "2026-01-16"),
    ]
    assert all(OPEN.text[slice(*one["span"])] == one["text"] for one in found["moments"])


async def test_an_unknown_kind_of_moment_is_named(tmp_path: Path) -> None:
    async with office(tmp_path) as subject:
        with pytest.raises(InvalidInputError, match=r"kinds"):
            await subject.ask("call_moments", call="open", kinds=["gossip"])


def test_the_register_and_the_retriever_are_what_the_server_asks_for() -> None:
    calls: type[Calls] = Documents
    search: type[Search] = Retriever
    assert calls is Documents
    assert search is Retriever
