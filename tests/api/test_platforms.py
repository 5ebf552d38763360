"""Platforms in chat: a status with bound numbers, and a plan that runs only once somebody has approved it."""

import re
from pathlib import Path

import httpx2

from api.security.keys import local_owner
from api.settings import Settings
from tests.api.served import Served, ask, serving

OWNER = local_owner("default")
APPROVAL = re.compile(r"\bapr_[0-9a-f]+")


async def told(client: httpx2.AsyncClient, question: str) -> str:
    lines = await ask(client, question)
    return "\n".join(str(line.data["text"]) for line in lines if line.type == "sentence")


async def instances(served: Served) -> object:
    (status,) = await served.sophia.estate.statuses(OWNER, ["gpu-pool"])
    return status.actual["instances"]


async def test_a_status_and_a_plan_that_waits_until_it_is_approved(tmp_path: Path, light_weights: Path | None) -> None:
    async with serving(Settings(data_dir=tmp_path / "data", embedder_weights=light_weights)) as served:
        asker = await served.key("anna")
        approver = await served.key("ben", "ask", "approve")
        async with served.client(asker) as anna, served.client(approver) as ben:
            status = await told(anna, "Status of the GPU pool")
            assert "Instances, GPU pool (simulated): 2" in status
            plan = await told(anna, "Scale the GPU pool to 3")
            assert "Policy allows it" in plan
            found = APPROVAL.search(plan)
            assert found is not None
            assert await instances(served) == 2
            shown = (await ben.get(f"/v1/approvals/{found[0]}")).json()
            refused = await anna.post(f"/v1/approvals/{found[0]}/approve", json={"plan_hash": shown["plan_hash"]})
            assert refused.status_code == 403
            assert await instances(served) == 2
            done = await ben.post(f"/v1/approvals/{found[0]}/approve", json={"plan_hash": shown["plan_hash"]})
            assert done.status_code == 200, done.text
            await served.sophia.outside.carrying.idle()
            assert (await ben.get(f"/v1/approvals/{found[0]}")).json()["state"] == "done"
            assert await instances(served) == 3
            assert "applied, instances 2 -> instances 3, by default/ben" in await told(
                anna, "What happened to the GPU pool?"
            )


async def test_what_a_standing_rule_let_run_is_not_said_to_wait(tmp_path: Path, light_weights: Path | None) -> None:
    rule = {
        "system": "platforms",
        "action": "scale",
        "targets": ["gpu-pool"],
        "fields": {"instances": {"low": 1, "high": 4}},
        "most": 5,
        "per_s": 86_400,
        "lasts_days": 1,
    }
    async with serving(Settings(data_dir=tmp_path / "data", embedder_weights=light_weights)) as served:
        async with served.client(await served.key("ben", "ask", "approve")) as ben:
            made = await ben.post("/v1/rules", json=rule)
            assert made.status_code == 201, made.text
            plan = await told(ben, "Scale the GPU pool to 3")
        assert f"The standing rule {made.json()['id']} covers it" in plan
        assert "is done" in plan
        assert "It was made and verified: instances 2 -> instances 3." in plan
        assert "Instances before, GPU pool (simulated): 2" in plan
        assert "Instances after, GPU pool (simulated): 3" in plan
        assert "Instances now" not in plan
        assert "Nothing is changed" not in plan
        assert await instances(served) == 3
