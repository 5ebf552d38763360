"""Decisions in the answers of a conversation, end to end."""

from typing import Any

import pytest

from core.identity import Label
from tests.api.served import JSON, Served, problem_of

TRAVEL: dict[str, Any] = {
    "question": "Do the account executives fly to customers?",
    "choice": "By train, unless it takes a day",
    "owner": "Renata Voss",
    "decided_on": "2026-02-02",
    "rationale": "Flights cost more than the visits bring.",
    "alternatives": [{"name": "flights to customers in business class", "rejected_because": "They cost four times as much."}],
}  # fmt: skip
ASKED = "Were flights to customers in business class rejected before?"


@pytest.mark.asyncio(loop_scope="session")
class TestAsked:
    async def test_the_ledgers_answer_cites_a_decision_that_opens_in_its_place(self, served: Served) -> None:
        async with served.client(await served.key("traveller", "ask", "decide", tenant="asked")) as client:
            id_ = (await client.post("/v1/decisions", json=TRAVEL)).json()["id"]
            run = (await client.post("/v1/chat", json={"question": ASKED}, headers=JSON)).json()
            opened = (await client.get(run["answer"]["sources"][0]["url"])).json()
        answer = run["answer"]
        assert answer["text"].splitlines()[0] == (
            "Turned down on 2026-02-02: flights to customers in business class. "
            "The reason: They cost four times as much. [1]"
        )
        assert answer["answered"] is True
        assert answer["documents"] == [f"decision:{id_}"]
        assert opened["quote"].endswith("They cost four times as much.")
        assert [one["part"] for one in answer["sources"]] == ["alternative", "choice"]
        assert [one["part"] for one in opened["context"] if one["cited"]] == ["alternative"]

    async def test_who_is_not_cleared_for_a_decision_is_not_told_of_it(self, served: Served) -> None:
        cleared = await served.key("chief", "ask", "decide", tenant="asked-two", clearance=Label.CONFIDENTIAL)
        async with served.client(cleared) as chief:
            await chief.post("/v1/decisions", json={**TRAVEL, "label": "confidential"})
            told = (await chief.post("/v1/chat", json={"question": ASKED}, headers=JSON)).json()
        async with served.client(await served.key("rep", "ask", tenant="asked-two")) as rep:
            untold = (await rep.post("/v1/chat", json={"question": ASKED}, headers=JSON)).json()
        assert told["answer"]["label"] == "confidential"
        assert "business class" not in untold["answer"]["text"]

    async def test_a_decision_told_in_chat_is_its_writers_until_it_is_confirmed_and_then_everybodys(
        self, served: Served
    ) -> None:
        told = {"question": "We decided to drop the pilot because it ties up the engineer."}
        async with (
            served.client(await served.key("ann", "ask", "decide", tenant="told")) as ann,
            served.client(await served.key("ben", "ask", "decide", tenant="told")) as ben,
        ):
            run = (await ann.post("/v1/chat", json=told, headers=JSON)).json()
            [waiting] = (await ann.get("/v1/decisions/proposals")).json()
            confirm = f"/v1/decisions/proposals/{waiting['id']}/confirm"
            for_ben = (await ben.get("/v1/decisions/proposals")).json()
            before = (await ben.get("/v1/decisions")).json()["decisions"]
            assert await problem_of(await ben.post(confirm), 404, "E_NOT_FOUND")
            recorded = (await ann.post(confirm)).json()
            [after] = (await ben.get("/v1/decisions")).json()["decisions"]
            changed = {"question": after["question"], "choice": after["choice"], "owner": "Ann", "evidence": after["evidence"]}  # fmt: skip
            corrected = await ben.post(f"/v1/decisions/{after['id']}/correct", json=changed)
        assert f"it waits as {waiting['id']}" in run["answer"]["text"]
        assert (waiting["draft"]["choice"], waiting["draft"]["owner"]) == ("Drop the pilot", "ann")
        assert waiting["draft"]["evidence"][0]["document"] == f"chat:{run['id']}"
        assert (for_ben, before) == ([], [])
        assert after["id"] == recorded["id"]
        assert corrected.status_code == 200
