"""An endpoint's health over HTTP, against a peer on the loopback interface."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import httpx2
import pytest

from tests.tools.platforms.pools import NOON, clock
from tools.platforms.base import Event, Health, Status
from tools.platforms.http_health import Endpoint, HttpHealth


@asynccontextmanager
async def peer(answer: bytes | None) -> AsyncIterator[str]:
    """A server that answers each request so, or never."""

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readuntil(b"\r\n\r\n")
        if answer is None:
            await reader.read()
        else:
            writer.write(answer)
            await writer.drain()
        writer.close()

    server = await asyncio.start_server(serve, "127.0.0.1", 0)
    async with server:
        host, port = server.sockets[0].getsockname()
        yield f"http://{host}:{port}/healthz"


async def looked_at(url: str, seconds: float = 10) -> Status:
    async with httpx2.AsyncClient() as client:
        ticks = iter([1.0, 1.25, 2.0])
        return await HttpHealth(Endpoint("api", "API", url, seconds), client, clock, lambda: next(ticks)).status()


def response(line: str, more: str = "") -> bytes:
    return f"HTTP/1.1 {line}\r\ncontent-length: 0\r\nconnection: close\r\n{more}\r\n".encode()


@pytest.mark.parametrize(
    ("answer", "health"),
    [
        (response("200 OK"), Health.OK),
        (response("503 Service Unavailable"), Health.DOWN),
        (response("302 Found", "location: http://127.0.0.1:1/\r\n"), Health.DEGRADED),
        (response("404 Not Found"), Health.DEGRADED),
    ],
)
async def test_the_answer_says_how_it_does(answer: bytes, health: Health) -> None:
    async with peer(answer) as url:
        status = await looked_at(url)
    assert status.health is health
    assert [(one.metric, float(one.value)) for one in status.readings] == [
        ("http_status", float(answer.split()[1])), ("response_ms", 250.0),
    ]  # fmt: skip


async def test_no_answer_in_time_and_nobody_there_are_down() -> None:
    async with peer(None) as url:
        late = await looked_at(url, seconds=0.05)
    gone = await looked_at(url)
    assert (late.health, late.says) == (Health.DOWN, "it does not answer in time")
    assert (gone.health, gone.says) == (Health.DOWN, "it cannot be reached")


async def test_it_is_probed_when_told_to() -> None:
    async with peer(response("200 OK")) as url, httpx2.AsyncClient() as client:
        health = HttpHealth(Endpoint("api", "API", url), client, clock)
        assert (await health.handle_event(Event("probe", NOON))).health is Health.OK
