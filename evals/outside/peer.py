"""An outside system over HTTP that counts what it was made to do, with and without idempotency keys."""

import asyncio
import json
import threading
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from http.client import HTTPConnection
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from core.errors import RejectedError
from core.plans import Fields
from core.remotes import Order, Promises

SYSTEMS: Mapping[str, Promises] = {
    "keyed": Promises(keyed=True),
    "searchable": Promises(searchable=True),
    "neither": Promises(),
}
"""Systems that know idempotency keys, that can be asked what came of one, and that do neither."""


class Peer(ThreadingHTTPServer):
    """Keeps fields by target. Under `keyed` a key that was seen does nothing again."""

    daemon_threads = True

    def __init__(self, *, keyed: bool) -> None:
        super().__init__(("127.0.0.1", 0), _Conversation)
        self.keyed = keyed
        self.guard = threading.Lock()
        self.fields: dict[str, dict[str, Any]] = {}
        self.done: Counter[str] = Counter()
        self.answers: dict[str, dict[str, Any]] = {}

    def apply(self, key: str, target: str, arguments: Mapping[str, Any]) -> dict[str, Any]:
        with self.guard:
            if not (self.keyed and key in self.answers):
                self.done[key] += 1
                self.fields.setdefault(target, {}).update(arguments)
                self.answers[key] = {"n": sum(self.done.values())}
            return self.answers[key]


class _Conversation(BaseHTTPRequestHandler):
    server: Peer

    def do_GET(self) -> None:
        kind, _, name = self.path.strip("/").partition("/")
        known = self.server.fields if kind == "fields" else self.server.answers
        with self.server.guard:
            self._answer(200, known.get(name))

    def do_POST(self) -> None:
        body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        if body["action"] == "refuse":
            self._answer(400, {"reason": "not this"})
            return
        answer = self.server.apply(self.headers["Idempotency-Key"], self.path.strip("/"), body["arguments"])
        with suppress(OSError):  # the caller died
            self._answer(200, answer)

    def log_message(self, *_args: object) -> None:
        pass

    def _answer(self, status: int, value: object) -> None:
        body = json.dumps(value).encode()
        self.send_response(status)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)


class HttpRemote:
    """The adapter of a `Peer`. `heard` is called when the peer has done what was asked, before its answer is read."""

    def __init__(self, port: int, promises: Promises, heard: Callable[[], None] = lambda: None) -> None:
        self._port = port
        self._promises = promises
        self._heard = heard

    @property
    def promises(self) -> Promises:
        return self._promises

    async def read(self, target: str, fields: frozenset[str]) -> Fields:
        now = await asyncio.to_thread(self._get, f"/fields/{target}") or {}
        return {name: now[name] for name in fields & set(now)}

    async def call(self, order: Order) -> Fields:
        return await asyncio.to_thread(self._post, order)

    async def look_up(self, key: str) -> Fields | None:
        found: Fields | None = await asyncio.to_thread(self._get, f"/answers/{key}")
        return found

    def _get(self, path: str) -> Any:
        connection = HTTPConnection("127.0.0.1", self._port)
        try:
            connection.request("GET", path)
            return json.loads(connection.getresponse().read())
        finally:
            connection.close()

    def _post(self, order: Order) -> Fields:
        connection = HTTPConnection("127.0.0.1", self._port)
        body = json.dumps({"action": order.action, "arguments": dict(order.arguments)})
        connection.request("POST", f"/{order.target}", body, {"Idempotency-Key": order.key})
        response = connection.getresponse()  # the status line is there once the peer has done it
        self._heard()
        answer: dict[str, Any] = json.loads(response.read())
        connection.close()
        if response.status >= 400:
            raise RejectedError(answer["reason"])
        return answer


@contextmanager
def running_peer(*, keyed: bool) -> Iterator[Peer]:
    """A peer on a port of its own, stopped at the end."""
    peer = Peer(keyed=keyed)
    thread = threading.Thread(target=peer.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    try:
        yield peer
    finally:
        peer.shutdown()
        thread.join()
        peer.server_close()
