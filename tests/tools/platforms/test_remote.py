"""Approved steps on platforms: policy asked once more, verified, taken back; what hangs leaves nothing half-done."""

import asyncio
from pathlib import Path

import pytest

from core.errors import DeadlineError, ForbiddenError, RejectedError
from core.plans import Step
from tests.tools.platforms.estates import ANNA, opened, order
from tests.tools.platforms.pools import clock, pool
from tools.platforms.base import Status
from tools.platforms.gpu_pool import PoolSettings, SimulatedGpuPool
from tools.platforms.policies import Policies
from tools.platforms.store import Kind


class Faulty(SimulatedGpuPool):
    """Hangs before or after it has done what it was told, or does something else, the first time."""

    def __init__(self, folder: Path, fault: str) -> None:
        super().__init__(PoolSettings(), folder / "gpu-pool.json", clock)
        self.fault: str | None = fault

    async def apply(self, step: Step, *, key: str) -> Status:
        fault, self.fault = self.fault, None
        if fault == "hangs before":
            await asyncio.Event().wait()
        if fault == "does something else":
            step = Step(step.system, step.action, step.target, {"instances": 5}, step.before, {"instances": 5}, step.inverse)  # fmt: skip
        done = await super().apply(step, key=key)
        if fault == "hangs after":
            await asyncio.Event().wait()
        return done


async def test_an_order_is_carried_out_once_and_its_state_read_back(tmp_path: Path) -> None:
    async with opened(tmp_path) as one:
        assert await one.remote.read("gpu-pool", frozenset({"instances", "zone"})) == {"instances": 2}
        assert await one.remote.call(order(3)) == {"instances": 3}
        assert await one.remote.call(order(3)) == {"instances": 3}
        assert await one.remote.read("gpu-pool", frozenset({"instances"})) == {"instances": 3}


@pytest.mark.parametrize("fault", ["hangs before", "hangs after"])
async def test_a_hanging_platform_is_given_up_and_done_once_when_called_again(tmp_path: Path, fault: str) -> None:
    async with opened(tmp_path, [Faulty(tmp_path, fault)], seconds=0.1) as one:
        with pytest.raises(DeadlineError, match="did not answer within"):
            await one.remote.call(order(3))
        reached = 3 if fault == "hangs after" else 2
        assert await one.remote.read("gpu-pool", frozenset({"instances"})) == {"instances": reached}
        assert await one.remote.call(order(3)) == {"instances": 3}
        assert [line.kind for line in await one.estate.history(ANNA)][-1] is Kind.UNKNOWN
        assert (await pool(tmp_path).status()).actual == {"instances": 3}


async def test_what_turns_out_otherwise_is_taken_back_and_refused(tmp_path: Path) -> None:
    async with opened(tmp_path, [Faulty(tmp_path, "does something else")]) as one:
        with pytest.raises(RejectedError, match=r"instances 5 instead of 3.*taken back"):
            await one.remote.call(order(3))
        assert await one.remote.read("gpu-pool", frozenset({"instances"})) == {"instances": 2}
        (line,) = await one.estate.history(ANNA)
    assert line.kind is Kind.FAILED


async def test_policy_is_asked_once_more_and_what_it_refuses_by_now_is_not_done(tmp_path: Path) -> None:
    async with opened(tmp_path) as one:
        with pytest.raises(ForbiddenError, match="rule 'pool_size'"):
            await one.remote.call(order(6))
        assert await one.remote.read("gpu-pool", frozenset({"instances"})) == {"instances": 2}


async def test_what_a_plan_did_can_be_undone_against_policy_and_no_other_plan_can(tmp_path: Path) -> None:
    frozen = Policies.model_validate({"ceilings": [{"name": "no_growth", "instances": 0}]})
    async with opened(tmp_path, policies=frozen) as one:
        await one.remote.call(order(1))
        with pytest.raises(ForbiddenError, match="no_growth"):
            await one.remote.call(order(2, key="k2", plan="another"))
        assert await one.remote.call(order(2, key="k3")) == {"instances": 2}
        newest, *_ = await one.estate.history(ANNA)
    assert newest.kind is Kind.ROLLED_BACK
