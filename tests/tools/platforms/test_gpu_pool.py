"""The simulated pool says that it is one, keeps what happened to it, and does nothing twice for one key."""

import asyncio
from datetime import timedelta
from pathlib import Path

import pytest

from core.errors import ConflictError, InvalidInputError, UnavailableError, UnsupportedError
from tests.tools.platforms.pools import NOON, pool, to
from tools.platforms.base import Change, Event, Health
from tools.platforms.gpu_pool import utilisation


async def test_it_tells_its_size_its_load_and_its_cost_and_that_it_is_simulated(tmp_path: Path) -> None:
    status = await pool(tmp_path).status()
    told = {one.metric: (str(one.value), one.unit) for one in status.readings}
    assert told == {
        "instances": ("2", "instances"), "utilisation": ("100.0", "percent"), "cost_per_hour": ("5.00", "EUR"),
        "advised_instances": ("3", "instances"),
    }  # fmt: skip
    assert (status.simulated, status.health, status.actual) == (True, Health.DEGRADED, {"instances": 2})


def test_the_load_follows_the_clock_alone_and_is_shared_by_the_instances() -> None:
    curve = [utilisation(NOON + timedelta(hours=hour), 3) for hour in range(-12, 156)]
    assert curve == [utilisation(NOON + timedelta(hours=hour), 3) for hour in range(-12, 156)]
    assert min(curve) == 10
    assert max(curve) > 80
    assert utilisation(NOON, 6) < utilisation(NOON, 4)
    assert utilisation(NOON + timedelta(days=3), 3) == 10


async def test_a_step_is_planned_without_happening_then_applied_once_a_key_and_taken_back(tmp_path: Path) -> None:
    gpu = pool(tmp_path)
    planned = await gpu.plan(to(3))
    assert (await gpu.status()).actual == {"instances": 2}
    assert planned.cost_before is not None
    assert planned.cost_after is not None
    assert planned.cost_after.per_hour - planned.cost_before.per_hour == planned.cost_after.per_hour / 3
    assert (await gpu.apply(planned.step, key="k1")).actual == {"instances": 3}
    assert (await gpu.apply(planned.step, key="k1")).actual == {"instances": 3}
    assert (await pool(tmp_path).status()).actual == {"instances": 3}
    assert (await gpu.look_up("k1"), await gpu.look_up("k2")) == ({"instances": 3}, None)
    assert (await gpu.rollback(planned.step, key="k2")).actual == {"instances": 2}
    assert (await gpu.apply(planned.step, key="k1")).actual == {"instances": 2}


async def test_a_pool_that_changed_since_refuses_the_step(tmp_path: Path) -> None:
    gpu = pool(tmp_path)
    planned = await gpu.plan(to(3))
    await gpu.handle_event(Event("instance_lost", NOON))
    with pytest.raises(ConflictError, match="has 1 instances by now, not 2: make a new plan"):
        await gpu.apply(planned.step, key="k1")
    assert (await gpu.status()).actual == {"instances": 1}


async def test_of_two_steps_at_once_one_is_applied(tmp_path: Path) -> None:
    gpu = pool(tmp_path)
    steps = [(await gpu.plan(to(size))).step for size in (3, 4)]
    done = await asyncio.gather(*(gpu.apply(step, key=f"k{n}") for n, step in enumerate(steps)), return_exceptions=True)
    assert sorted(type(one).__name__ for one in done) == ["ConflictError", "Status"]


@pytest.mark.parametrize("wanted", [-1, 2.5, "3", None, True])
async def test_what_is_no_size_is_refused(tmp_path: Path, wanted: object) -> None:
    with pytest.raises(InvalidInputError, match="a whole number from 0"):
        await pool(tmp_path).plan(to(wanted))


async def test_what_it_does_not_know_is_refused_and_what_it_cannot_read_is_told(tmp_path: Path) -> None:
    with pytest.raises(UnsupportedError, match="can only be scaled"):
        await pool(tmp_path).plan(Change("restart", {}))
    with pytest.raises(UnsupportedError, match="knows no event 'fire'"):
        await pool(tmp_path).handle_event(Event("fire", NOON))
    (tmp_path / "gpu-pool.json").write_text("{")
    with pytest.raises(UnavailableError, match="cannot be read"):
        await pool(tmp_path).status()
