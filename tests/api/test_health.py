"""What a supervisor of processes asks."""

import re
from dataclasses import replace
from pathlib import Path

import httpx2
import pytest
from sqlalchemy import create_engine

from api.app import create_app
from core.database import Database
from docs.generate import HERE
from tests.api.served import Served, ask, problem_of

pytestmark = pytest.mark.asyncio(loop_scope="session")
FAMILY = re.compile(r"^# TYPE (\S+) ", re.MULTILINE)
LABEL = re.compile(r'([a-zA-Z_]+)="((?:[^"\\]|\\.)*)"')


async def test_a_running_server_is_healthy_and_ready_without_a_key(served: Served) -> None:
    async with served.client(None) as client:
        assert (await client.get("/healthz")).json() == {"status": "ok"}
        ready = await client.get("/readyz")
    assert ready.json() == {"status": "ready", "language": "extractive", "embedder": served.sophia.embedder.id}


async def test_a_server_whose_database_is_gone_is_healthy_and_not_ready(served: Served, tmp_path: Path) -> None:
    lost = Database(create_engine(f"sqlite:///{tmp_path}/lost/sophia.db"))
    app = create_app(replace(served.sophia, database=lost))
    async with Served(served.sophia, app).client(None) as client:
        assert (await client.get("/healthz")).status_code == 200
        assert await problem_of(await client.get("/readyz"), 503, "E_UNAVAILABLE")
    lost.close()


async def test_measures_are_for_keys_with_the_role(served: Served) -> None:
    async with served.client(None) as nobody, served.client(await served.key("asks-only")) as asker:
        assert await problem_of(await nobody.get("/metrics"), 401, "E_UNAUTHENTICATED")
        assert "'metrics'" in await problem_of(await asker.get("/metrics"), 403, "E_FORBIDDEN")


@pytest.mark.parametrize(
    ("caller", "status"), [("127.0.0.1", 200), ("::1", 200), ("192.0.2.7", 401), ("a-socket", 401)]
)
async def test_measures_are_open_to_this_machine_alone_where_the_setting_says_so(
    served: Served, caller: str, status: int
) -> None:
    settings = served.sophia.settings.model_copy(update={"metrics": "loopback"})
    app = create_app(replace(served.sophia, settings=settings))
    transport = httpx2.ASGITransport(app, client=(caller, 5000))
    async with httpx2.AsyncClient(transport=transport, base_url="http://sophia") as client:
        assert (await client.get("/metrics")).status_code == status


async def test_the_api_is_described_and_no_page_loads_somebody_elses_scripts(served: Served) -> None:
    async with served.client(None) as client:
        assert "/v1/chat" in (await client.get("/openapi.json")).json()["paths"]
        for page in ("/docs", "/redoc"):
            assert (await client.get(page)).status_code == 404


async def test_every_measure_is_documented_and_names_nobody(served: Served) -> None:
    async with served.client(await served.key("metricsreader", "ask", "metrics")) as client:
        await ask(client)
        await client.get("/v1/threads/thread_of_nobody")
        text = (await client.get("/metrics")).text
    documented = (HERE / "metrics.md").read_text(encoding="utf-8")
    families = {name for name in FAMILY.findall(text) if not name.startswith(("python_", "process_", "target"))}
    measures = {re.sub(r"_(seconds|total|ratio|created)$", "", name) for name in families}
    names = {name.replace(".", "_") for name in re.findall(r"^\| `([^`]+)`", documented, re.MULTILINE)}
    assert {"sophia_runs", "sophia_run_duration", "sophia_tool_duration", "http_server_request_duration"} <= measures
    assert measures - names == set()
    said = " ".join(value for _, value in LABEL.findall(text))
    assert [word for word in ("Marrowfield", "metricsreader", "thread_", "run_", "object to") if word in said] == []
