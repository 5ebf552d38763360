"""Who may do what over HTTP, and what does not exist for whom."""

from collections.abc import AsyncIterator, MutableMapping
from typing import Any

import httpx2
import pytest
import pytest_asyncio

from core.identity import Label
from tests.api.served import JSON, OBJECTIONS, Served, ask, problem_of

pytestmark = pytest.mark.asyncio(loop_scope="session")

SECRET = b"""Title: Vermilion acquisition talk
Date: 2026-03-11T10:00:00Z

Odile Kranz: Vermilion wants forty million for the heliotrope patents, and not a cent less.
Bram Tessel: Heliotrope patents at forty million, that is a lot of money for the vermilion team.
"""
QUESTION = "How much does Vermilion want for the heliotrope patents?"


@pytest_asyncio.fixture(scope="module", loop_scope="session")
async def secrets(served: Served) -> AsyncIterator[None]:
    """One call that is too secret for most, and one that only the group `board` and the user `odile` may read."""
    async with served.client() as owner:
        for name, query in (
            ("vermilion-label", {"label": "restricted"}),
            ("vermilion-readers", {"label": "internal", "readers": ["group:board", "user:odile"]}),
        ):
            added = await owner.post("/v1/documents", params={"name": f"{name}.txt", **query}, content=SECRET)
            assert [item["outcome"] for item in added.json()] == ["added"]
    yield


async def answer_to(client: httpx2.AsyncClient, question: str) -> dict[str, object]:
    return next(line.data for line in await ask(client, question) if line.type == "answer")


async def cited_documents(client: httpx2.AsyncClient) -> set[str]:
    sources = (await answer_to(client, QUESTION))["sources"]
    assert isinstance(sources, list)
    return {source["document"] for source in sources if "vermilion" in source["document"]}


async def listed_documents(client: httpx2.AsyncClient) -> set[str]:
    return {entry["id"] for entry in (await client.get("/v1/documents")).json() if "vermilion" in entry["id"]}


@pytest.mark.usefixtures("secrets")
@pytest.mark.parametrize(
    ("user", "groups", "clearance", "readable"),
    [
        ("paul", (), Label.INTERNAL, set()),
        ("paula", ("sales",), Label.CONFIDENTIAL, set()),
        ("odile", (), Label.INTERNAL, {"vermilion-readers"}),
        ("bea", ("board",), Label.INTERNAL, {"vermilion-readers"}),
        ("rita", (), Label.RESTRICTED, {"vermilion-label"}),
        ("robin", ("board",), Label.RESTRICTED, {"vermilion-label", "vermilion-readers"}),
        ("pia", (), Label.PUBLIC, set()),
    ],
)
async def test_a_document_is_found_listed_and_cited_only_for_its_readers(
    served: Served, user: str, groups: tuple[str, ...], clearance: Label, readable: set[str]
) -> None:
    async with served.client(await served.key(user, groups=groups, clearance=clearance)) as client:
        assert await listed_documents(client) == readable
        assert await cited_documents(client) <= readable
        for name in {"vermilion-label", "vermilion-readers"} - readable:
            narrowed = await client.post("/v1/chat", json={"question": QUESTION, "calls": [name]})
            assert await problem_of(narrowed, 404, "E_NOT_FOUND")
        for name in readable:
            answer = await client.post("/v1/chat", json={"question": QUESTION, "calls": [name]}, headers=JSON)
            assert {source["document"] for source in answer.json()["answer"]["sources"]} == {name}


@pytest.mark.usefixtures("secrets")
async def test_a_source_one_may_not_read_is_reported_like_one_that_does_not_exist(served: Served) -> None:
    async with (
        served.client(await served.key("olaf", clearance=Label.RESTRICTED)) as reader,
        served.client(await served.key("otto")) as stranger,
    ):
        whole = await reader.post("/v1/chat", json={"question": QUESTION, "calls": ["vermilion-label"]}, headers=JSON)
        source = whole.json()["answer"]["sources"][0]
        assert "forty million" in (await reader.get(source["url"])).json()["quote"]
        hidden = await problem_of(await stranger.get(source["url"]), 404, "E_NOT_FOUND")
        unknown = source["id"].replace("vermilion-label", "vermilion-nobody")
        absent = await problem_of(await stranger.get(f"/v1/sources/{unknown}"), 404, "E_NOT_FOUND")
    assert hidden == absent.replace("vermilion-nobody", "vermilion-label")


@pytest.mark.usefixtures("secrets")
async def test_calls_one_may_not_read_are_refused_like_calls_that_do_not_exist(served: Served) -> None:
    async with served.client(await served.key("quentin")) as client:
        said = []
        for name in ("vermilion-label", "vermilion-nobody"):
            refused = await client.post("/v1/chat", json={"question": QUESTION, "calls": [name]})
            said.append((await problem_of(refused, 404, "E_NOT_FOUND")).replace(name, "CALL"))
    assert said[0] == said[1]


async def test_threads_and_runs_of_others_are_reported_like_ones_that_do_not_exist(served: Served) -> None:
    async with served.client(await served.key("mine")) as mine, served.client(await served.key("theirs")) as theirs:
        accepted = (await ask(mine))[0].data
        for path in ("/v1/threads/{thread}", "/v1/runs/{run}", "/v1/runs/{run}/events"):
            hidden = await problem_of(await theirs.get(path.format(**accepted)), 404, "E_NOT_FOUND")
            unknown = {"thread": "thread_0", "run": "run_0"}
            absent = await problem_of(await theirs.get(path.format(**unknown)), 404, "E_NOT_FOUND")
            for kind, name in unknown.items():
                absent = absent.replace(name, accepted[kind])
            assert hidden == absent
        refused = await theirs.post("/v1/chat", json={"question": OBJECTIONS, "thread": accepted["thread"]})
        assert await problem_of(refused, 404, "E_NOT_FOUND")
        assert (await theirs.get("/v1/threads")).json() == []


async def test_another_tenant_sees_nothing_of_this_one(served: Served) -> None:
    async with served.client(await served.key("spy", tenant="elsewhere", clearance=Label.RESTRICTED)) as client:
        assert (await client.get("/v1/documents")).json() == []
        assert not (await answer_to(client, OBJECTIONS))["answered"]


@pytest.mark.parametrize("path", ["/v1/threads", "/v1/documents", "/v1/runs/run_0", "/v1/sources/x"])
@pytest.mark.parametrize("key", [None, "sk-sophia-nobody", "schl\u00fcssel", "x" * 10_000])
async def test_without_a_known_key_nothing_is_told(served: Served, path: str, key: str | None) -> None:
    async with served.client(None) as client:
        headers = [(b"Authorization", f"Bearer {key}".encode())] if key else []
        refused = await client.get(path, headers=headers)
    assert await problem_of(refused, 401, "E_UNAUTHENTICATED")
    assert refused.headers["www-authenticate"] == "Bearer"


@pytest.mark.parametrize("path", ["/v1/chat", "/v1/documents", "/v1/nothing"])
async def test_a_body_is_not_read_before_its_sender_is_known(served: Served, path: str) -> None:
    statuses: list[int] = []

    async def receive() -> MutableMapping[str, Any]:
        raise AssertionError("the body was read")

    async def send(message: MutableMapping[str, Any]) -> None:
        if message["type"] == "http.response.start":
            statuses.append(message["status"])

    scope: dict[str, Any] = {
        "type": "http", "asgi": {"version": "3.0"}, "http_version": "1.1", "method": "POST", "scheme": "http",
        "path": path, "raw_path": path.encode(), "query_string": b"name=a.txt", "root_path": "",
        "headers": [(b"authorization", b"Bearer sk-sophia-nobody")], "server": ("sophia", 80), "client": ("test", 1),
    }  # fmt: skip
    await served.app(scope, receive, send)
    assert statuses == [401]


async def test_who_holds_keys_is_listed_with_the_rights_of_the_newest_until_they_are_revoked(served: Served) -> None:
    await served.key("holder", groups=("sales",))
    await served.key("holder", "ask", "ingest", clearance=Label.CONFIDENTIAL)
    async with served.client() as owner:
        found = {holder["user"]: holder for holder in (await owner.get("/v1/keys")).json()}
        assert found["holder"].pop("newest_at")
        assert found["holder"] == {
            "user": "holder", "roles": ["ask", "ingest"], "groups": [], "clearance": "confidential", "keys": 2,
        }  # fmt: skip
        assert (await owner.delete("/v1/keys/holder")).json() == {"revoked": 2}
        assert "holder" not in {holder["user"] for holder in (await owner.get("/v1/keys")).json()}


async def test_a_revoked_key_is_refused_at_once(served: Served) -> None:
    async with served.client(await served.key("leaver")) as leaver, served.client() as owner:
        assert (await leaver.get("/v1/threads")).status_code == 200
        assert (await owner.delete("/v1/keys/leaver")).json() == {"revoked": 1}
        assert await problem_of(await leaver.get("/v1/threads"), 401, "E_UNAUTHENTICATED")


@pytest.mark.parametrize(
    ("roles", "method", "path", "needed"),
    [
        (("ingest", "admin"), "POST", "/v1/chat", "ask"),
        (("ask", "admin"), "POST", "/v1/documents?name=a.txt", "ingest"),
        (("ask", "ingest"), "POST", "/v1/keys", "admin"),
        (("ask", "ingest"), "GET", "/v1/keys", "admin"),
        (("ask", "ingest"), "DELETE", "/v1/keys/anna", "admin"),
    ],
)
async def test_each_deed_needs_its_role(
    served: Served, roles: tuple[str, ...], method: str, path: str, needed: str
) -> None:
    body = {"question": OBJECTIONS} if path == "/v1/chat" else {"user": "anna"}
    async with served.client(await served.key("limited", *roles)) as client:
        refused = await client.request(method, path, json=body)
    assert repr(needed) in await problem_of(refused, 403, "E_FORBIDDEN")


async def test_a_key_made_over_http_has_the_rights_it_was_made_with(served: Served) -> None:
    async with served.client() as owner:
        wanted = {"user": "newcomer", "roles": ["ask", "ingest"], "clearance": "public"}
        made = await owner.post("/v1/keys", json=wanted)
        assert made.status_code == 201
        for wrong in ({"user": "x", "roles": ["king"]}, {"user": "x", "clearance": "cosmic"}, {"user": "owner"}, {}):
            assert await problem_of(await owner.post("/v1/keys", json=wrong), 422, "E_INVALID_INPUT")
    async with served.client(made.json()["key"]) as newcomer:
        assert (await newcomer.get("/v1/documents")).json() == []
        assert await problem_of(await newcomer.post("/v1/keys", json={"user": "y"}), 403, "E_FORBIDDEN")


async def test_whoever_may_ingest_adds_replaces_and_repeats_a_document(served: Served) -> None:
    call = b"Title: Saffron check-in\n\nNadia Orlo: The saffron pallets leave the Rotterdam warehouse on Tuesday.\nBo Hart: Good.\n"
    async with served.client(await served.key("clerk", "ask", "ingest")) as client:
        outcomes = []
        for content in (call, call, call.replace(b"Tuesday", b"Friday")):
            done = await client.post("/v1/documents", params={"name": "saffron.txt"}, content=content)
            outcomes += [(item["document"], item["outcome"]) for item in done.json()]
        answer = await client.post(
            "/v1/chat",
            json={"question": "When do the saffron pallets leave the Rotterdam warehouse?", "calls": ["saffron"]},
            headers=JSON,
        )
    assert outcomes == [("saffron", "added"), ("saffron", "unchanged"), ("saffron", "replaced")]
    assert "Friday" in answer.json()["answer"]["text"]
    assert "Tuesday" not in answer.json()["answer"]["text"]


async def test_whoever_may_not_read_a_document_cannot_replace_it_and_is_told_nothing_of_it(served: Served) -> None:
    readers = {"label": "restricted", "readers": ["user:ceo"]}
    async with (
        served.client() as owner,
        served.client(await served.key("mallory", "ingest", clearance=Label.PUBLIC)) as mallory,
        served.client(await served.key("ceo", "ask", "ingest", clearance=Label.RESTRICTED)) as ceo,
    ):
        await owner.post("/v1/documents", params={"name": "amaranth.txt", **readers}, content=SECRET)
        before = (await ceo.get("/v1/documents")).json()
        said = []
        for content in (SECRET, SECRET.replace(b"forty", b"ninety"), b"Anna: Something else.\nBen: Yes.\n"):
            for access in ({"label": "public"}, readers):
                refused = await mallory.post(
                    "/v1/documents", params={"name": "amaranth.txt", **access}, content=content
                )
                said.append((refused.status_code, refused.json()))
        neutral = "amaranth: this id cannot be used: name the file or call otherwise"
        assert said == [(200, [{"document": "amaranth", "outcome": "failed", "reason": neutral}])] * 6
        assert (await ceo.get("/v1/documents")).json() == before
        params = {"name": "amaranth.txt", "label": "public"}
        (kept,) = (await ceo.post("/v1/documents", params=params, content=SECRET)).json()
    assert (kept["outcome"], kept["reason"]) == ("unchanged", "it keeps its access: restricted, user:ceo, user:owner")


async def test_a_citation_still_opens_after_its_document_was_replaced(served: Served) -> None:
    call = b"Title: Cobalt check-in\n\nNadia Orlo: Cobalt costs nine dollars a kilo for the Antwerp buyers.\nBo Hart: Good.\n"
    async with served.client() as client:
        await client.post("/v1/documents", params={"name": "cobalt.txt"}, content=call)
        question = {"question": "How much does Cobalt cost for the Antwerp buyers?", "calls": ["cobalt"]}
        source = (await client.post("/v1/chat", json=question, headers=JSON)).json()["answer"]["sources"][0]
        await client.post("/v1/documents", params={"name": "cobalt.txt"}, content=call.replace(b"nine", b"ten"))
        opened = (await client.get(source["url"])).json()
    assert opened["current"] is False
    assert "nine dollars" in opened["quote"]
