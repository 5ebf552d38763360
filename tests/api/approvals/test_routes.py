"""Approvals, rules and the audit log over HTTP."""

from typing import Any

import pytest

from api.security.keys import APPROVE
from core.identity import Principal
from core.plans import Plan, digest
from evals.outside.bench import TERMS, write
from tests.api.served import Served, problem_of

ASKER = Principal("default", "asker", frozenset({"ask"}))


@pytest.fixture
async def waiting(served: Served) -> dict[str, Any]:
    """A plan for a system that is not there, as the approver sees it."""
    await served.key("asker")
    step = write("a", 3, 1, system="nowhere")
    asked = await served.sophia.outside.ask(Plan("default", "Set a size", (step,)), TERMS, principal=ASKER)
    async with served.client() as client:
        shown: dict[str, Any] = (await client.get(f"/v1/approvals/{asked.id}")).json()
    return shown


async def test_what_is_shown_is_what_its_hash_is_taken_of(waiting: dict[str, Any]) -> None:
    assert waiting["plan_hash"] == digest(waiting["plan"])
    assert waiting["plan"]["steps"][0]["arguments"] == {"size": 3}
    assert (waiting["state"], waiting["effects"]) == ("waiting", [])


async def test_a_plan_is_approved_by_the_hash_that_was_shown(served: Served, waiting: dict[str, Any]) -> None:
    path = f"/v1/approvals/{waiting['id']}/approve"
    async with served.client() as client:
        await problem_of(await client.post(path, json={"plan_hash": "0" * 64}), 409, "E_CONFLICT")
        ended = (await client.post(path, json={"plan_hash": waiting["plan_hash"]})).json()
        assert (ended["state"], "'nowhere'" in ended["note"]) == ("failed", True)
        await problem_of(await client.post(path, json={"plan_hash": waiting["plan_hash"]}), 409, "E_CONFLICT")


async def test_who_asked_sees_it_and_cannot_approve_it(served: Served, waiting: dict[str, Any]) -> None:
    async with served.client(await served.key("asker")) as client:
        assert waiting["id"] in [one["id"] for one in (await client.get("/v1/approvals")).json()]
        refused = await client.post(f"/v1/approvals/{waiting['id']}/approve", json={"plan_hash": waiting["plan_hash"]})
        assert APPROVE in await problem_of(refused, 403, "E_FORBIDDEN")
        await problem_of(await client.get("/v1/audit"), 403, "E_FORBIDDEN")
        await problem_of(await client.get("/v1/rules"), 403, "E_FORBIDDEN")
    async with served.client(await served.key("else")) as client:
        await problem_of(await client.get(f"/v1/approvals/{waiting['id']}"), 404, "E_NOT_FOUND")


async def test_an_edit_waits_under_a_hash_of_its_own(served: Served, waiting: dict[str, Any]) -> None:
    step = {**waiting["plan"]["steps"][0], "arguments": {"size": 2}, "after": {"size": 2}}
    async with served.client() as client:
        path = f"/v1/approvals/{waiting['id']}"
        new = (await client.post(f"{path}/edit", json={"plan_hash": waiting["plan_hash"], "steps": [step]})).json()
        assert (new["state"], new["plan_hash"] != waiting["plan_hash"]) == ("waiting", True)
        assert (await client.get(path)).json()["replaced_by"] == new["id"]
        no = {"plan_hash": new["plan_hash"], "note": "not now"}
        assert (await client.post(f"/v1/approvals/{new['id']}/reject", json=no)).json()["state"] == "rejected"


async def test_a_rule_is_made_listed_and_revoked(served: Served) -> None:
    wanted = {
        "system": "nowhere",
        "action": "set",
        "targets": ["z"],
        "fields": {"size": {"low": 1, "high": 5}},
        "most": 3,
        "per_s": 60,
    }
    async with served.client() as client:
        rule = (await client.post("/v1/rules", json=wanted)).json()
        assert (rule["fields"]["size"]["high"], rule["made_by"]) == ("5", "default/owner")
        assert (await client.delete(f"/v1/rules/{rule['id']}")).status_code == 204
        [listed] = [one for one in (await client.get("/v1/rules")).json() if one["id"] == rule["id"]]
        assert listed["revoked_at"]
        unbounded = {**wanted, "fields": {"size": {"low": 1}}}
        await problem_of(await client.post("/v1/rules", json=unbounded), 422, "E_INVALID_INPUT")


async def test_the_audit_log_is_shown_and_verified(served: Served, waiting: dict[str, Any]) -> None:
    async with served.client() as client:
        entries = (await client.get("/v1/audit", params={"most": 1000})).json()
        assert waiting["id"] in {one["subject"] for one in entries}
        assert (await client.get("/v1/audit/verify")).json() == {"entries": len(entries)}
