"""Sophia as a command reaches her: through the server that owns the data directory, else in the command's own process."""

import secrets
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from typing import TYPE_CHECKING

import httpx2

from api import logs
from api.client import Client, connect
from api.owner import Owner, server_of
from api.settings import Settings
from api.terminal import tell
from core.errors import BusyError

if TYPE_CHECKING:
    from api.bootstrap import Sophia


async def server_or_here(settings: Settings, stack: AsyncExitStack, *, token: str | None = None) -> "Owner | Sophia":
    """The server to go through, once it is ready; without one, Sophia opened in this process until the stack is closed."""
    return await running_server(settings) or await here_or_server(settings, stack, token=token)


async def here_or_server(settings: Settings, stack: AsyncExitStack, *, token: str | None = None) -> "Owner | Sophia":
    """Sophia opened in this process, or the server that took the data directory while this process was getting ready."""
    try:
        return await stack.enter_async_context(_opened(settings, token))
    except BusyError:
        server = await running_server(settings)
        if server is None:
            raise
        return server


async def running_server(settings: Settings) -> Owner | None:
    """The server that owns the data directory, once it is ready; BusyError when a command owns it."""
    return await server_of(settings.data_dir, say=lambda text: tell(text, err=True, dim=True))


@asynccontextmanager
async def _opened(settings: Settings, token: str | None) -> AsyncIterator["Sophia"]:
    """As `api.bootstrap.open_sophia`, which is imported here and not before: that takes seconds, and a command that
    goes through a server needs none of it.
    """
    logs.configure("warning")  # before the MCP server is built, which would show everybody's lines
    from api.bootstrap import open_sophia  # noqa: PLC0415

    async with open_sophia(settings, token=token) as sophia:
        yield sophia


@asynccontextmanager
async def reach(settings: Settings) -> AsyncIterator[Client]:
    """A client of the HTTP API as its owner: the running server's, or that of Sophia opened in this process."""
    token = secrets.token_urlsafe(32)
    async with AsyncExitStack() as stack:
        reached = await server_or_here(settings, stack, token=token)
        to = connect(reached) if isinstance(reached, Owner) else client_of(reached, token)
        yield await stack.enter_async_context(to)


@asynccontextmanager
async def client_of(sophia: "Sophia", token: str) -> AsyncIterator[Client]:
    """A client of the HTTP API of Sophia opened in this process."""
    from api.app import create_app  # noqa: PLC0415

    headers = {"Authorization": f"Bearer {token}"}
    transport = httpx2.ASGITransport(create_app(sophia))
    async with httpx2.AsyncClient(transport=transport, base_url="http://sophia", headers=headers) as http:
        yield Client(http)
