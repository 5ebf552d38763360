"""Sophia behind her HTTP API inside the test's process, and her event streams read back."""

import asyncio
import json
from collections.abc import AsyncIterator, Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar

import httpx2
from fastapi import FastAPI

from api.app import create_app
from api.bootstrap import Sophia, open_sophia
from api.runs.events import EVENTS, Payload
from api.sample import install_company, sample_calls
from api.security.keys import local_owner
from api.settings import Settings
from core.identity import Access, Label, Principal

T = TypeVar("T")
TOKEN = "the-owners-token"
OBJECTIONS = "What did Marrowfield object to?"
SSE = {"Accept": "text/event-stream"}
JSON = {"Accept": "application/json"}
PAYLOADS: dict[str, type[Payload]] = {event.type: event for event in EVENTS}


@dataclass(frozen=True, slots=True)
class Line:
    """One server-sent event."""

    id: int
    type: str
    data: dict[str, Any]

    @property
    def payload(self) -> Payload:
        """The event as its public model; fails on a field that the model does not have or lacks."""
        kind = PAYLOADS[self.type]
        assert set(self.data) == set(kind.model_fields)
        return kind.model_validate(self.data)


@dataclass(frozen=True)
class Served:
    """An opened Sophia and her app."""

    sophia: Sophia
    app: FastAPI

    def client(self, key: str | None = TOKEN) -> httpx2.AsyncClient:
        """A client that presents the key; by default the owner's."""
        headers = {"Authorization": f"Bearer {key}"} if key else {}
        return httpx2.AsyncClient(
            transport=httpx2.ASGITransport(self.app, raise_app_exceptions=False),
            base_url="http://sophia",
            headers=headers,
        )

    async def key(
        self,
        user: str,
        *roles: str,
        groups: Iterable[str] = (),
        clearance: Label = Label.INTERNAL,
        tenant: str = "default",
    ) -> str:
        """A new key for the user, by default one that may ask."""
        holder = Principal(tenant, user, frozenset(roles or ("ask",)), frozenset(groups), clearance)
        return await self.sophia.keys.create(holder)


@asynccontextmanager
async def serving(settings: Settings) -> AsyncIterator[Served]:
    async with open_sophia(settings, token=TOKEN) as sophia:
        yield Served(sophia, create_app(sophia))


@asynccontextmanager
async def kept_open(opening: AbstractAsyncContextManager[T]) -> AsyncIterator[T]:
    """Opens and closes in one task, which a fixture alone does not do and task groups insist on."""
    opened: asyncio.Future[T] = asyncio.get_running_loop().create_future()
    done = asyncio.Event()

    async def hold() -> None:
        async with opening as it:
            opened.set_result(it)
            await done.wait()

    holder = asyncio.ensure_future(hold())
    either: set[asyncio.Future[Any]] = {holder, opened}
    await asyncio.wait(either, return_when=asyncio.FIRST_COMPLETED)
    if holder.done():
        await holder
    yield await opened
    done.set()
    await holder


def read_stream(text: str) -> list[Line]:
    """The events of a stream's text; comments are skipped."""
    lines = []
    for block in text.split("\n\n"):
        fields = dict(line.split(": ", 1) for line in block.splitlines() if line and not line.startswith(":"))
        if fields:
            lines.append(Line(int(fields["id"]), fields["event"], json.loads(fields["data"])))
    return lines


async def ask(client: httpx2.AsyncClient, question: str = OBJECTIONS, **more: Any) -> list[Line]:
    """Asks, and reads the stream to its end."""
    response = await client.post("/v1/chat", json={"question": question, **more}, headers=SSE)
    assert response.status_code == 200, response.text
    return read_stream(response.text)


async def problem_of(response: httpx2.Response, status: int, code: str) -> str:
    """Checks that the response is a whole problem document; its detail."""
    assert response.status_code == status, response.text
    assert response.headers["content-type"] == "application/problem+json"
    body = response.json()
    assert {"type", "title", "status", "code", "detail"} <= set(body)
    assert (body["status"], body["code"]) == (status, code)
    assert body["detail"]
    return str(body["detail"])


def in_a_thread(work: Callable[[], Any]) -> Any:
    """Runs a coroutine function where no event loop runs yet, whoever asks."""
    with ThreadPoolExecutor(1) as pool:
        return pool.submit(lambda: asyncio.run(work())).result()


def ingest_sample(directory: Path, weights: Path | None = None) -> None:
    """Fills the directory with the sample company and its calls."""
    settings = Settings(data_dir=directory, embedder_weights=weights)
    install_company(settings)

    async def ingest() -> None:
        async with open_sophia(settings) as sophia:
            owner = local_owner(settings.tenant)
            report = await sophia.ingestion.ingest(sample_calls(), Access(settings.tenant), principal=owner)
            assert {item.outcome for item in report.items} == {"added"}

    in_a_thread(ingest)
