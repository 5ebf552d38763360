"""Answers given earlier, read again under the rights of now."""

from collections.abc import AsyncIterator
from dataclasses import dataclass, replace

import httpx2
import pytest
import pytest_asyncio

from api.runs.rights import Basis
from core.identity import Label, Principal
from tests.api.served import JSON, Served, ask, problem_of

pytestmark = pytest.mark.asyncio(loop_scope="session")

CALL = """Title: Quarry review {name}
Date: 2026-03-11T10:00:00Z

Odile Kranz: The {name} quarry wants eleven million for the feldspar contract.
Bram Tessel: Eleven million for feldspar is a lot of money for the {name} quarry.
"""


@dataclass(frozen=True, slots=True)
class Given:
    """A question that somebody asked about a document, and where its answer is."""

    document: str
    asker: str
    run: str
    thread: str
    key: str


@pytest_asyncio.fixture(loop_scope="session")
async def given(served: Served, request: pytest.FixtureRequest) -> AsyncIterator[Given]:
    """An answer to a restricted question, whose asker may read it still."""
    name = "".join(letter for letter in request.node.name if letter.isalpha())[-20:]
    user, document = f"asker-{name}", f"quarry-{name}"
    async with served.client() as owner:
        await upload(owner, document, label="restricted")
    key = await served.key(user, clearance=Label.RESTRICTED)
    async with served.client(key) as client:
        accepted = (await ask(client, f"How much does the {document} quarry want for feldspar?", calls=[document]))[0]
        given = Given(document, user, accepted.data["run"], accepted.data["thread"], key)
        assert (await shown(client, given))["label"] == "restricted"
        assert (await client.get(f"/v1/runs/{given.run}/events")).status_code == 200
    yield given


async def upload(client: httpx2.AsyncClient, name: str, text: str = CALL, **access: str) -> None:
    added = await client.post(
        "/v1/documents", params={"name": f"{name}.txt", **access}, content=text.format(name=name).encode()
    )
    assert [item["outcome"] for item in added.json()] == ["added"]


async def shown(client: httpx2.AsyncClient, given: Given) -> dict[str, object]:
    """The answer, as the run and the conversation show it alike."""
    view = (await client.get(f"/v1/runs/{given.run}")).json()
    assert (await client.get(f"/v1/threads/{given.thread}")).json()["runs"] == [view]
    answer: dict[str, object] = view["answer"]
    return answer


async def check_withheld(client: httpx2.AsyncClient, given: Given) -> None:
    view = (await client.get(f"/v1/runs/{given.run}")).json()
    assert view["answer"] is None
    assert "no longer read" in view["withheld"]
    assert (await client.get(f"/v1/threads/{given.thread}")).json()["runs"] == [view]
    for last in ({}, {"Last-Event-ID": "3"}):
        assert await problem_of(await client.get(f"/v1/runs/{given.run}/events", headers=last), 403, "E_WITHHELD")


async def test_an_answer_is_withheld_once_its_readers_clearance_has_fallen(served: Served, given: Given) -> None:
    await served.key(given.asker, clearance=Label.INTERNAL)
    async with served.client(given.key) as client:
        await check_withheld(client, given)


async def test_an_answer_is_withheld_once_its_document_is_for_others(served: Served, given: Given) -> None:
    async with served.client() as owner, served.client(given.key) as client:
        narrowed = await owner.patch(f"/v1/documents/{given.document}", json={"readers": ["group:board"]})
        assert narrowed.status_code == 200
        await check_withheld(client, given)
        await owner.patch(f"/v1/documents/{given.document}", json={"readers": ["everyone"]})
        assert (await shown(client, given))["documents"] == [given.document]


async def test_an_answer_stays_withheld_when_its_document_was_deleted_and_comes_again_with_other_words(
    served: Served, given: Given
) -> None:
    async with served.client() as owner, served.client(given.key) as client:
        assert (await owner.delete(f"/v1/documents/{given.document}")).status_code == 204
        await check_withheld(client, given)
        await upload(owner, given.document, CALL.replace("leven million", "millions"))
        await check_withheld(client, given)


async def test_figures_are_withheld_with_the_calls_they_were_reckoned_from(served: Served) -> None:
    async with served.client() as owner, served.client(await served.key("counter")) as client:
        await upload(owner, "feldspar-figures")
        asked = {"question": "List the calls", "calls": ["feldspar-figures"]}
        whole = (await client.post("/v1/chat", json=asked, headers=JSON)).json()
        assert whole["answer"]["figures"]
        assert whole["answer"]["documents"] == ["feldspar-figures"]
        await owner.patch("/v1/documents/feldspar-figures", json={"readers": ["user:odile"]})
        assert (await client.get(f"/v1/runs/{whole['id']}")).json()["answer"] is None


async def test_what_was_made_from_several_things_needs_the_right_to_each() -> None:
    anna = Principal("acme", "anna", clearance=Label.CONFIDENTIAL)
    basis = Basis(Label.CONFIDENTIAL, frozenset({"a"}), frozenset({("b", "1")}))
    assert basis.admits(anna, {"a": {"9"}, "b": {"1", "2"}})
    assert not basis.admits(replace(anna, clearance=Label.INTERNAL), {"a": {"9"}, "b": {"1"}})
    assert not basis.admits(anna, {"b": {"1"}})
    assert not basis.admits(anna, {"a": {"9"}, "b": {"2"}})
