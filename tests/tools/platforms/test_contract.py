"""Every platform keeps to the port's contract."""

from collections.abc import AsyncIterator
from pathlib import Path

import httpx2
import pytest

from tests.contracts.platform import ChangedContract, WatchedContract
from tests.tools.platforms.pools import clock, pool, to
from tools.platforms.base import Change, Platform
from tools.platforms.deadlines import WithinTime
from tools.platforms.http_health import Endpoint, HttpHealth
from tools.platforms.processes import OwnProcesses, Vitals


class TestGpuPool(ChangedContract):
    @pytest.fixture
    def platform(self, tmp_path: Path) -> Platform:
        return pool(tmp_path)

    @pytest.fixture
    def change(self) -> Change:
        return to(3)


class TestGpuPoolWithinTime(TestGpuPool):
    @pytest.fixture
    def platform(self, tmp_path: Path) -> Platform:
        return WithinTime(pool(tmp_path), 30)


class TestOwnProcesses(WatchedContract):
    @pytest.fixture
    def platform(self, tmp_path: Path) -> Platform:
        async def vitals() -> Vitals:
            return Vitals(7, True, True, 0, 0)

        return OwnProcesses(tmp_path, vitals, clock)


class TestHttpHealth(WatchedContract):
    @pytest.fixture
    async def platform(self) -> AsyncIterator[Platform]:
        answers = httpx2.MockTransport(lambda _request: httpx2.Response(204))
        async with httpx2.AsyncClient(transport=answers) as client:
            yield HttpHealth(Endpoint("api", "API", "http://api.example/healthz"), client, clock)
