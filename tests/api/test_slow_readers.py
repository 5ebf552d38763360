"""Readers that do not read: what they cost, whom they delay, and what they leave behind."""

import asyncio
import shutil
import signal
import socket
from collections.abc import Iterator
from contextlib import ExitStack, closing, contextmanager
from datetime import timedelta
from functools import partial
from pathlib import Path

import httpx2
import pytest
import uvicorn
from starlette.types import Receive, Scope, Send
from uvicorn.server import ServerState

from api import serving
from api.owner import Owner
from api.runs.events import RunCompleted, SentenceWritten
from api.runs.run import Status, Worker
from api.runs.store import Runs
from api.security.keys import local_owner
from core.clock import new_id, utc_now
from core.database import open_database, sqlite_url
from tests.api.children import PATIENCE_S, Place, Server, serving_child
from tests.api.served import JSON, OBJECTIONS, in_a_thread, read_stream

LINES, A_WRITE = 4000, 500
TEXT = "They said it again. " * 300
READERS = 8
MOST_MIB = 48
"""Far below the 190 MiB that the readers' logs have together."""


async def long_run(directory: Path) -> str:
    """A run that has ended with thousands of lines in its log; its id."""
    async with open_database(sqlite_url(directory / "sophia.db")) as database:
        runs = Runs(database, clock=utc_now, new_id=new_id)
        worker = Worker("past", timedelta(seconds=30))
        run = await runs.accept("Why?", principal=local_owner("default"), worker=worker)
        for first in range(0, LINES, A_WRITE):
            sentences = [
                SentenceWritten(index=index, text=TEXT, sources=[], figures=[])
                for index in range(first, first + A_WRITE)
            ]
            await runs.append(run, sentences)
        await runs.finish(run, Status.COMPLETED, [RunCompleted(seconds=1)])
    return run.id


def resident_mib(server: Server) -> float:
    status = Path(f"/proc/{server.process.pid}/status").read_text()
    return int(next(line for line in status.splitlines() if line.startswith("VmRSS")).split()[1]) / 1024


@contextmanager
def stalled(owner: Owner, run: str) -> Iterator[socket.socket]:
    """A connection on which the run's log is asked for, and hardly anything of it read."""
    host, _, port = str(owner.url).removeprefix("http://").partition(":")
    head = f"GET /v1/runs/{run}/events HTTP/1.1\r\nHost: sophia\r\nAuthorization: Bearer {owner.token}\r\n\r\n"
    with closing(socket.socket()) as stream:
        stream.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
        stream.settimeout(PATIENCE_S)
        stream.connect((host, int(port)))
        stream.sendall(head.encode())
        assert stream.recv(12) == b"HTTP/1.1 200"
        yield stream


def read_whole(server: Server, run: str) -> int:
    """How many lines a reader gets who reads, every one with its number."""
    headers = {"Authorization": f"Bearer {server.owner.token}"}
    with httpx2.Client(base_url=server.owner.url or "", headers=headers, trust_env=False, timeout=PATIENCE_S) as http:
        lines = read_stream(http.get(f"/v1/runs/{run}/events").text)
    assert [line.id for line in lines] == list(range(1, len(lines) + 1))
    return len(lines)


def answered(server: Server) -> bool:
    headers = {"Authorization": f"Bearer {server.owner.token}", **JSON}
    with httpx2.Client(base_url=server.owner.url or "", headers=headers, trust_env=False, timeout=PATIENCE_S) as http:
        return http.post("/v1/chat", json={"question": OBJECTIONS}).status_code == httpx2.codes.OK


@pytest.mark.skipif(not Path("/proc/self/status").exists(), reason="resident memory is read from /proc")
def test_readers_that_do_not_read_cost_little_delay_nobody_and_are_let_go_in_silence(
    light_directory: Path, light_weights: Path | None, tmp_path: Path
) -> None:
    place = Place(tmp_path / "data", light_weights)
    shutil.copytree(light_directory, place.directory)
    run = in_a_thread(partial(long_run, place.directory))
    with serving_child(place) as server:
        assert answered(server)
        assert read_whole(server, run) == LINES + 3
        before = resident_mib(server)
        with ExitStack() as readers:
            for _ in range(READERS):
                readers.enter_context(stalled(server.owner, run))
            assert answered(server)
            assert read_whole(server, run) == LINES + 3
            grown = resident_mib(server) - before
            server.process.send_signal(signal.SIGTERM)
            _, err = server.process.communicate(timeout=PATIENCE_S)
    assert grown < MOST_MIB
    assert (server.process.returncode, err) == (0, b"")


async def test_a_reader_that_takes_nothing_for_long_is_cut_off(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr(serving, "STALLED_S", 0.05)
    left = asyncio.Event()

    async def pour(send: Send) -> None:
        await send({"type": "http.response.start", "status": 200, "headers": []})
        while True:
            await send({"type": "http.response.body", "body": bytes(65_536), "more_body": True})
            await asyncio.sleep(0)

    async def endless(_scope: Scope, receive: Receive, send: Send) -> None:
        pouring = asyncio.create_task(pour(send))
        while (await receive())["type"] != "http.disconnect":
            pass
        pouring.cancel()
        left.set()

    config = uvicorn.Config(endless, http=serving.Patient, lifespan="off", log_config=None)
    config.load()
    state = ServerState()
    server = await asyncio.get_running_loop().create_server(lambda: serving.Patient(config, state, {}), "127.0.0.1", 0)
    async with asyncio.timeout(10), server:
        with closing(socket.create_connection(server.sockets[0].getsockname())) as stream:
            stream.sendall(b"GET / HTTP/1.1\r\nHost: sophia\r\n\r\n")
            await left.wait()
    assert caplog.records == []
