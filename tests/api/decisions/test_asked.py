"""Decisions in the answers of a conversation, end to end."""

from typing import Any

import pytest

from core.identity import Label
from tests.api.served import JSON, Served

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

    async def test_who_is_not_cleared_for_a_decision_is_not_told_of_it(self, served: Served) -> None:
        cleared = await served.key("chief", "ask", "decide", tenant="asked-two", clearance=Label.CONFIDENTIAL)
        async with served.client(cleared) as chief:
            await chief.post("/v1/decisions", json={**TRAVEL, "label": "confidential"})
            told = (await chief.post("/v1/chat", json={"question": ASKED}, headers=JSON)).json()
        async with served.client(await served.key("rep", "ask", tenant="asked-two")) as rep:
            untold = (await rep.post("/v1/chat", json={"question": ASKED}, headers=JSON)).json()
        assert told["answer"]["label"] == "confidential"
        assert "business class" not in untold["answer"]["text"]
