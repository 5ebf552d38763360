"""For whom a request is made, and how a refusal reaches whoever made it."""

import functools
from collections.abc import Awaitable, Callable
from typing import Any, ParamSpec, Protocol, TypeVar

from mcp.server.mcpserver import Context
from mcp.server.mcpserver.exceptions import ToolError

from core.errors import SophiaError
from core.identity import Principal
from core.tickets import TICKET_META, Tickets

P = ParamSpec("P")
R = TypeVar("R")


class PrincipalOf(Protocol):
    """Finds the principal of a request; UnauthenticatedError where there is none. One for each way in."""

    def __call__(self, context: Context[Any, Any]) -> Principal: ...


class ByTicket:
    """The way in from this process: the request's `_meta` carries a ticket of the gateway, never a claim."""

    def __init__(self, tickets: Tickets) -> None:
        self._tickets = tickets

    def __call__(self, context: Context[Any, Any]) -> Principal:
        """The principal whose ticket the request carries."""
        meta = context.request_context.meta or {}
        return self._tickets.principal(meta.get(TICKET_META))


def tells_why(tool: Callable[P, Awaitable[R]]) -> Callable[P, Awaitable[R]]:
    """The tool, with Sophia's errors as failures that a model may read: `<code>: <message>`.

    Any other exception is a crash, of which the SDK tells nothing.
    """

    @functools.wraps(tool)
    async def telling(*args: P.args, **kwargs: P.kwargs) -> R:
        try:
            return await tool(*args, **kwargs)
        except SophiaError as error:
            raise ToolError(f"{error.code}: {error}") from error

    return telling
