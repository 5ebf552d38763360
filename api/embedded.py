"""Sophia in a command's own process, for when no server owns the data directory."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING

from api import logs
from api.settings import Settings

if TYPE_CHECKING:
    logs.configure("warning")  # before the MCP server is built, which would show everybody's lines
    from api.bootstrap import Sophia


@asynccontextmanager
async def open_here(settings: Settings) -> AsyncIterator["Sophia"]:
    """As `api.bootstrap.open_sophia`, which is imported here and not before: that takes seconds, and a command that
    goes through a server needs none of it.
    """
    from api.bootstrap import open_sophia  # noqa: PLC0415

    async with open_sophia(settings) as sophia:
        yield sophia
