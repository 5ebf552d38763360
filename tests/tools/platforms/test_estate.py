"""The estate: who sees platforms, what is kept of them, and what a change would come to."""

import asyncio
from pathlib import Path

import pytest

from core.errors import ConflictError, NotFoundError
from core.identity import Principal
from core.plans import plan_fields, plan_hash, read_plan
from tests.tools.platforms.estates import ANNA, OUTSIDER, VISITOR, opened, order
from tests.tools.platforms.pools import NOON, pool, to
from tools.platforms.base import Event, Health, Observed, Status
from tools.platforms.store import Kind


class Hanging(Observed):
    """Never answers."""

    name, title = "stuck", "Stuck"

    async def status(self) -> Status:
        await asyncio.Event().wait()
        raise AssertionError

    async def handle_event(self, event: Event) -> Status:
        return await self.status()


async def test_one_that_hangs_is_unknown_and_the_others_are_told(tmp_path: Path) -> None:
    async with opened(tmp_path, [Hanging(), pool(tmp_path)], seconds=0.05) as one:
        stuck, gpu = await one.estate.statuses(ANNA)
    assert (stuck.health, gpu.health) == (Health.UNKNOWN, Health.DEGRADED)
    assert "did not answer within 0.05 s" in stuck.says


@pytest.mark.parametrize("stranger", [OUTSIDER, VISITOR])
async def test_other_tenants_and_the_uncleared_see_nothing(tmp_path: Path, stranger: Principal) -> None:
    async with opened(tmp_path) as one:
        await one.estate.heard("gpu-pool", Event("instance_lost", NOON), ANNA)
        await one.estate.heard("gpu-pool", Event("instance_lost", NOON), ANNA)
        assert await one.estate.history(ANNA)
        assert (await one.estate.statuses(stranger), await one.estate.history(stranger)) == ((), ())
        with pytest.raises(NotFoundError, match="none that you may see"):
            await one.estate.proposed("gpu-pool", to(3), stranger)


async def test_a_proposal_has_its_steps_its_inverse_its_cost_and_its_verdict(tmp_path: Path) -> None:
    async with opened(tmp_path) as one:
        found = await one.estate.proposed("gpu-pool", to(3), ANNA)
        (gpu,) = await one.estate.statuses(ANNA)
    (step,) = found.plan.steps
    assert (step.target, step.action, step.arguments) == ("gpu-pool", "scale", {"instances": 3})
    assert (step.before, step.after) == ({"instances": 2}, {"instances": 3})
    assert step.inverse is not None
    assert (step.inverse.action, step.inverse.arguments) == ("scale", {"instances": 2})
    assert found.plan.because[0] == "Cost: 5.00 EUR an hour before, 7.50 EUR after"
    assert (found.verdict.allowed, found.verdict.rule, found.verdict.approver) == (True, "pools_may_be_scaled", "approve")  # fmt: skip
    assert gpu.actual == {"instances": 2}
    assert plan_hash(read_plan(plan_fields(found.plan))) == plan_hash(found.plan)


async def test_what_policy_refuses_names_its_rule_and_what_is_so_already_is_no_plan(tmp_path: Path) -> None:
    async with opened(tmp_path) as one:
        refused = await one.estate.proposed("gpu-pool", to(7), ANNA)
        assert (refused.verdict.allowed, refused.verdict.rule) == (False, "pool_size")
        with pytest.raises(ConflictError, match="as wanted already"):
            await one.estate.proposed("gpu-pool", to(2), ANNA)


async def test_dependents_are_counted_through_others(tmp_path: Path) -> None:
    chain: dict[str, tuple[str, ...]] = {f"s{n}": (f"s{n - 1}" if n else "gpu-pool",) for n in range(6)}
    async with opened(tmp_path, needs=chain) as one:
        assert await one.estate.store.dependents("gpu-pool") == tuple(chain)
        found = await one.estate.proposed("gpu-pool", to(3), ANNA)
    assert (found.verdict.allowed, found.verdict.rule) == (False, "small_steps")


async def test_what_was_found_otherwise_is_history_and_drifts_from_what_is_wanted(tmp_path: Path) -> None:
    async with opened(tmp_path) as one:
        await one.estate.statuses(ANNA)
        await one.estate.statuses(ANNA)
        assert await one.estate.history(ANNA) == ()
        done = await one.remote.call(order(3))
        assert done == {"instances": 3}
        assert (await one.estate.known("gpu-pool", ANNA)).drift == ()
        await one.estate.heard("gpu-pool", Event("instance_lost", NOON), ANNA)
        known = await one.estate.known("gpu-pool", ANNA)
        newest, applied = await one.estate.history(ANNA, "gpu-pool")
    assert [(one.name, one.desired, one.actual) for one in known.drift] == [("instances", 3, 2)]
    assert (newest.kind, applied.kind, applied.by) == (Kind.OBSERVED, Kind.APPLIED, "acme/anna")
    assert (newest.before["instances"], newest.after["instances"]) == (3, 2)
