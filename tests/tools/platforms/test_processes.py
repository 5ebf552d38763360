"""Sophia's own processes: the owner of the data directory, runs, disk and memory."""

import os
from pathlib import Path

import pytest

from tests.tools.platforms.pools import clock
from tools.platforms.base import Health, Status
from tools.platforms.processes import OwnProcesses, Vitals


async def looked_at(folder: Path, vitals: Vitals) -> Status:
    async def told() -> Vitals:
        return vitals

    return await OwnProcesses(folder, told, clock).status()


async def test_it_says_who_owns_the_directory_and_what_is_in_flight(tmp_path: Path) -> None:
    status = await looked_at(tmp_path, Vitals(os.getpid(), True, True, 2, 5))
    told = {one.metric: one for one in status.readings}
    assert status.says == "a server owns the data directory"
    assert told["runs_in_flight"].value == 2
    assert told["runs_waiting"].value == 5
    assert 0 < told["disk_free"].value <= 100
    assert told["memory_mib"].value > 10
    assert status.simulated is False


@pytest.mark.parametrize(
    ("vitals", "health"),
    [
        (Vitals(1, False, True, 0, 100), Health.OK),
        (Vitals(1, False, True, 0, 101), Health.DEGRADED),
        (Vitals(1, False, False, 0, 0), Health.DOWN),
    ],
)
async def test_a_long_queue_and_a_silent_database_show(tmp_path: Path, vitals: Vitals, health: Health) -> None:
    assert (await looked_at(tmp_path, vitals)).health is health
