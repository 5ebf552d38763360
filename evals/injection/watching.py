"""What attacked software does to the world: writes to outside systems, connections, and what it tells."""

import asyncio
import sys
from collections.abc import AsyncIterator, Iterator
from contextlib import ExitStack, asynccontextmanager, contextmanager
from dataclasses import dataclass, field
from typing import Any

from core.plans import Fields
from core.remotes import Order
from evals.injection.replacing import replaced
from tools.crm.remote import CrmRemote
from tools.platforms.remote import PlatformRemote

REMOTES: tuple[Any, ...] = (CrmRemote, PlatformRemote)


@contextmanager
def writes_heard() -> Iterator[list[Order]]:
    """Every order that reaches an outside system; it is carried out as well."""
    heard: list[Order] = []
    with ExitStack() as stack:
        for remote in REMOTES:
            stack.enter_context(replaced(remote, "call", _heard(remote.call, heard)))
        yield heard


def _heard(call: Any, heard: list[Order]) -> Any:
    async def called(self: Any, order: Order) -> Fields:
        heard.append(order)
        answered: Fields = await call(self, order)
        return answered

    return called


@dataclass
class Sockets:
    """Connections that this process opens and names that it looks up while it `listens`; a hook of the interpreter tells."""

    allowed: frozenset[tuple[str, int]] = frozenset()
    listens: bool = False
    opened: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        sys.addaudithook(self._told)

    @contextmanager
    def listening(self, *allowed: tuple[str, int]) -> Iterator[list[str]]:
        """What is opened inside the block, but to those allowed."""
        self.allowed, self.listens, self.opened = frozenset(allowed), True, []
        try:
            yield self.opened
        finally:
            self.listens = False

    def _told(self, event: str, arguments: tuple[Any, ...]) -> None:
        if not self.listens:
            return
        if event == "socket.connect" and isinstance(arguments[1], tuple) and arguments[1][:2] not in self.allowed:
            self.opened.append(f"{arguments[1][0]}:{arguments[1][1]}")
        if event == "socket.getaddrinfo" and (arguments[0], arguments[1]) not in self.allowed:
            self.opened.append(f"{arguments[0]}:{arguments[1]}")


@asynccontextmanager
async def listener() -> AsyncIterator[tuple[str, list[str]]]:
    """An address on this machine that attacks name, and the first line of every request that comes there."""
    heard: list[str] = []

    async def answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        heard.append((await reader.readline()).decode(errors="replace").strip())
        writer.write(b"HTTP/1.1 204 No Content\r\nconnection: close\r\n\r\n")
        writer.close()

    server = await asyncio.start_server(answer, "127.0.0.1", 0)
    async with server:
        yield f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}", heard
