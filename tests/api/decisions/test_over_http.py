"""Decisions over HTTP: recorded, asked for, and heard on calls until a person confirms them."""

from typing import Any

import pytest

from tests.api.served import Served, problem_of

FEE: dict[str, Any] = {
    "question": "May carriers be charged for a booking?",
    "choice": "No",
    "owner": "Teo Brandvold",
    "decided_on": "2026-03-01",
    "alternatives": [
        {"name": "A booking fee for carriers", "rejected_because": "Carriers quit over it in peak season."}
    ],
    "wires": [{"assumption": "We win enough without it", "metric": "win_rate", "crossed": "below", "threshold": 0}],
    "confidence": 0.8,
    "review_on": "2026-03-02",
}
CALL, OTHER_CALL = "1074118373301179719", "1052530613495384085"


@pytest.mark.asyncio(loop_scope="session")
class TestOverHttp:
    async def test_a_decision_is_recorded_recalled_superseded_and_concluded(self, served: Served) -> None:
        async with served.client(await served.key("decider", "ask", "decide", tenant="ledger")) as client:
            first = (await client.post("/v1/decisions", json=FEE)).json()["id"]
            asked = {"idea": "a booking fee for carriers"}
            before = (await client.get("/v1/decisions/rejected", params=asked)).json()
            why = (await client.get("/v1/decisions/why", params={"question": "may carriers be charged"})).json()
            due = (await client.get("/v1/decisions/due")).json()
            later = {**FEE, "choice": "Yes, in peak season", "decided_on": "2026-03-10", "review_on": None}
            second = (await client.post("/v1/decisions", json=later, params={"supersedes": first})).json()["id"]
            after = (await client.get("/v1/decisions/rejected", params=asked)).json()
            ended = await client.post(f"/v1/decisions/{second}/outcome", json={"succeeded": True, "told": "It paid"})
            told = (await client.get("/v1/decisions/calibration")).json()
            itself = await client.post(f"/v1/decisions/{second}/supersede", json={"by": second})
            held = (await client.get("/v1/decisions/as-of", params={"day": "2026-03-09"})).json()
            timeline = (await client.get("/v1/decisions/timeline", params={"about": "carriers charged"})).json()
        assert (before["alternative"], before["decision"]["id"]) == ("A booking fee for carriers", first)
        assert (before["verdict"], before["readings"][0]["standing"]) == ("unknown", "unknown")
        assert first in [one["decision"]["id"] for one in why["found"]]
        assert [(one["decision"]["id"], one["review_due"]) for one in due] == [(first, True)]
        assert after["verdict"] == "stale"
        assert ended.json()["outcome"]["succeeded"] is True
        assert [(one["owner"], one["decisions"], round(one["brier"], 2)) for one in told] == [
            ("Teo Brandvold", 1, 0.04)
        ]
        assert await problem_of(itself, 422, "E_INVALID_INPUT")
        assert [one["id"] for one in held["decisions"]] == [first]
        assert [one["id"] for one in timeline["decisions"]] == [first, second]

    async def test_what_nobody_proposed_was_not_rejected(self, served: Served) -> None:
        async with served.client(await served.key("asker", "ask", tenant="ledger-two")) as client:
            said = (await client.get("/v1/decisions/rejected", params={"idea": "an office in Lisbon"})).json()
        assert (said["verdict"], said["decision"]) == ("never_proposed", None)

    async def test_only_who_has_the_role_writes(self, served: Served) -> None:
        async with served.client(await served.key("only-asks", "ask")) as client:
            assert await problem_of(await client.post("/v1/decisions", json=FEE), 403, "E_FORBIDDEN")
            refused = await client.post("/v1/decisions/proposals", json={"call": CALL})
            assert await problem_of(refused, 403, "E_FORBIDDEN")

    async def test_what_is_heard_on_a_call_waits_for_a_person_and_is_confirmed_once(self, served: Served) -> None:
        async with served.client() as owner:
            heard = (await owner.post("/v1/decisions/proposals", json={"call": CALL})).json()["proposals"]
            again = (await owner.post("/v1/decisions/proposals", json={"call": CALL})).json()["proposals"]
            waiting = (await owner.get("/v1/decisions/proposals")).json()
            recorded = (await owner.get("/v1/decisions")).json()["decisions"]
            quoting = [one for one in waiting if "not moving six branches" in str(one["draft"])]
            [april] = quoting
            twice = [(await owner.post(f"/v1/decisions/proposals/{april['id']}/confirm")).json() for _ in range(2)]
            settled = (await owner.get(f"/v1/decisions/proposals/{april['id']}")).json()
            kept = (await owner.get("/v1/decisions")).json()["decisions"]
            others = [one for one in heard if one != april["id"]]
            gone = await owner.post(f"/v1/decisions/proposals/{others[0]}/dismiss")
            late = await owner.post(f"/v1/decisions/proposals/{others[0]}/confirm")
        assert heard == again
        assert recorded == []
        assert twice[0] == twice[1] == {"id": kept[0]["id"]}
        assert len(kept) == 1
        assert (kept[0]["owner"], kept[0]["question"]) == ("Bev Tarkowski", "Not moving six branches in April")
        assert (settled["state"], settled["decision"]) == ("confirmed", kept[0]["id"])
        assert gone.status_code == 204
        assert await problem_of(late, 409, "E_CONFLICT")

    async def test_an_edited_proposal_may_quote_only_what_was_said(self, served: Served) -> None:
        async with served.client() as owner:
            await owner.post("/v1/decisions/proposals", json={"call": OTHER_CALL})
            waiting = (await owner.get("/v1/decisions/proposals")).json()
            first = next(one for one in waiting if OTHER_CALL in str(one["draft"]))
            draft = first["draft"]
            quoted = (draft["evidence"] or draft["alternatives"][0]["evidence"])[0]
            draft["evidence"] = [{**quoted, "quote": "We will pay anything you ask."}]
            refused = await owner.post(f"/v1/decisions/proposals/{first['id']}/confirm", json=draft)
        assert "quote the call's own words" in await problem_of(refused, 422, "E_INVALID_INPUT")
