"""One client held open for each server, and one way to call a tool: for a principal, until a moment."""

import asyncio
import time
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Literal, cast

from mcp import Client, MCPError
from mcp.server import MCPServer
from mcp_types import CallToolRequest, CallToolRequestParams, CallToolResult, RequestParamsMeta, Tool
from opentelemetry.trace import SpanKind
from pydantic import JsonValue

from core import telemetry
from core.clock import Clock
from core.errors import (
    ConflictError,
    DeadlineError,
    ForbiddenError,
    InvalidInputError,
    NotFoundError,
    RejectedError,
    SophiaError,
    UnavailableError,
)
from core.identity import Label, Principal
from core.resilience import Backoff, Breaker, Monotonic, retry
from core.tickets import TICKET_META, Tickets
from tools.gateway.failures import protocol_failure, tool_failure
from tools.gateway.pins import Pinned, fingerprint, pinned


@dataclass(frozen=True, slots=True)
class ToolResult:
    """What a tool returned. It came from outside: data to judge, never an instruction."""

    structured: Mapping[str, Any]
    label: Label
    server: str
    tool: str
    untrusted: Literal[True] = True


@dataclass(frozen=True, slots=True)
class Limits:
    """What a tool may take (`seconds` an attempt), and for how many seconds a listing of tools counts as fresh."""

    seconds: float = 30.0
    listing_fresh_for: float = 60.0
    failures: int = 5
    cooldown: float = 30.0
    backoff: Backoff = field(default_factory=Backoff)


@dataclass(slots=True)
class _Connection:
    """A server's open client and what it last said its tools are."""

    name: str
    client: Client
    listed_at: float = 0.0
    fingerprints: dict[str, str] = field(default_factory=dict)
    listing: asyncio.Lock = field(default_factory=asyncio.Lock)


class Gateway:
    """Calls tools of the servers it was given; `open_gateway` makes one."""

    def __init__(
        self, clients: Mapping[str, Client], tickets: Tickets, limits: Limits, *, clock: Clock, monotonic: Monotonic
    ) -> None:
        self._connections = {name: _Connection(name, client) for name, client in clients.items()}
        self._tickets, self._limits = tickets, limits
        self._clock, self._monotonic = clock, monotonic
        self._pins: dict[str, Pinned] = {}
        self._breakers: dict[str, Breaker] = {}

    @property
    def tools(self) -> tuple[Tool, ...]:
        """The pinned tools of all servers."""
        return tuple(pin.tool for pin in self._pins.values())

    async def pin(self, server: str) -> None:
        """Accepts the server's tools as they are now. ConflictError if another server has a tool of the same name."""
        connection = self._connections[server]
        listed = await self._list(connection)
        for tool in listed:
            holder = self._pins.get(tool.name)
            if holder is not None and holder.server != server:
                raise ConflictError(f"Servers {holder.server!r} and {server!r} both have a tool {tool.name!r}")
        kept = {name: pin for name, pin in self._pins.items() if pin.server != server}
        self._pins = kept | {tool.name: pinned(server, tool) for tool in listed}

    async def call(
        self, principal: Principal, tool: str, arguments: Mapping[str, JsonValue], *, deadline: datetime | None = None
    ) -> ToolResult:
        """The tool's structured result.

        NotFoundError for an unknown tool, InvalidInputError for arguments its schema does not admit, DeadlineError
        when it takes too long, ConflictError when it is no longer the tool that was pinned, UnavailableError when its
        server fails; otherwise what the tool itself raised.
        """
        attributes = {
            "gen_ai.operation.name": "execute_tool",
            "gen_ai.tool.name": tool,
            "gen_ai.tool.type": "extension",
        }
        begun, outcome = self._monotonic(), "ok"
        try:
            with telemetry.span(f"execute_tool {tool}", attributes, kind=SpanKind.CLIENT):
                return await self._call(principal, tool, arguments, deadline)
        except SophiaError as error:
            outcome = error.code
            raise
        finally:
            known = tool if tool in self._pins else "unknown"
            telemetry.tool_seconds.record(
                self._monotonic() - begun, {"gen_ai.tool.name": known, "sophia.outcome": outcome}
            )

    async def _call(
        self, principal: Principal, tool: str, arguments: Mapping[str, JsonValue], deadline: datetime | None
    ) -> ToolResult:
        pin = self._pins.get(tool)
        if pin is None:
            raise NotFoundError(f"There is no tool {tool!r}: there are {', '.join(sorted(self._pins)) or 'none'}")
        pin.check(arguments)
        left = None if deadline is None else (deadline - self._clock()).total_seconds()
        if left is not None and left <= 0:
            raise DeadlineError(f"The deadline had passed before tool {tool!r} was called")
        try:
            async with asyncio.timeout(left):
                result = await self._guarded(pin, principal, arguments)
        except TimeoutError:
            raise DeadlineError(f"Tool {tool!r} did not answer before the deadline") from None
        return _labelled(pin, result, principal)

    async def _guarded(self, pin: Pinned, principal: Principal, arguments: Mapping[str, JsonValue]) -> CallToolResult:
        """One call as its breaker counts them: tried again only for a tool that declares that it reads.

        A tool that exceeds its own limit has failed; a caller who runs out of time proves nothing about the tool.
        """
        await self._unchanged(pin)

        async def once() -> CallToolResult:
            try:
                async with asyncio.timeout(self._limits.seconds):
                    return await self._send(pin, principal, arguments)
            except TimeoutError:
                raise DeadlineError(f"Tool {pin.tool.name!r} took longer than {self._limits.seconds:g} s") from None

        reads = pin.tool.annotations is not None and pin.tool.annotations.read_only_hint is True
        with self._breaker(pin.tool.name).guard():
            return await retry(once, self._limits.backoff) if reads else await once()

    async def _send(self, pin: Pinned, principal: Principal, arguments: Mapping[str, JsonValue]) -> CallToolResult:
        """Sends the request itself: `Client.call_tool` would hold the result against whatever the server listed last, and
        in Python, where the check of a long result takes as long as the tool.
        """
        name, client = pin.tool.name, self._connections[pin.server].client
        with self._tickets.issued(principal) as ticket:
            meta = cast(RequestParamsMeta, {TICKET_META: ticket, **telemetry.carrier()})
            try:
                request = CallToolRequest(
                    params=CallToolRequestParams(name=name, arguments=dict(arguments), _meta=meta)
                )
                result = await client.session.send_request(request, CallToolResult)
            except MCPError as error:
                raise protocol_failure(name, error) from error
        if result.is_error:
            raise tool_failure(name, result)
        pin.check_result(result.structured_content)
        return result

    async def _unchanged(self, pin: Pinned) -> None:
        """ConflictError if the server's last listing, refreshed when it is old, no longer matches the pin."""
        connection = self._connections[pin.server]
        async with connection.listing:
            if self._monotonic() - connection.listed_at >= self._limits.listing_fresh_for:
                await self._list(connection)
        if connection.fingerprints.get(pin.tool.name) != pin.fingerprint:
            raise ConflictError(
                f"Tool {pin.tool.name!r} of server {pin.server!r} changed after it was pinned: review it and pin again"
            )

    async def _list(self, connection: _Connection) -> list[Tool]:
        tools: list[Tool] = []
        cursor: str | None = None
        while True:
            try:
                page = await connection.client.list_tools(cursor=cursor, cache_mode="refresh")
            except MCPError as error:
                raise UnavailableError(f"Server {connection.name!r} does not list its tools: {error}") from error
            tools.extend(page.tools)
            cursor = page.next_cursor
            if cursor is None:
                break
        connection.listed_at = self._monotonic()
        connection.fingerprints = {tool.name: fingerprint(tool) for tool in tools}
        return tools

    def _breaker(self, tool: str) -> Breaker:
        if tool not in self._breakers:
            self._breakers[tool] = Breaker(
                f"Tool {tool!r}", self._monotonic, failures=self._limits.failures, cooldown=self._limits.cooldown
            )
        return self._breakers[tool]


def _labelled(pin: Pinned, result: CallToolResult, principal: Principal) -> ToolResult:
    """The result under its own label; one that does not say how secret it is counts as restricted."""
    structured = result.structured_content
    if not isinstance(structured, dict):
        raise RejectedError(f"Tool {pin.tool.name!r} returned no structured result")
    try:
        label = Label.parse(str(structured.get("label", Label.RESTRICTED)))
    except InvalidInputError:
        label = Label.RESTRICTED
    if label > principal.clearance:
        raise ForbiddenError(f"What tool {pin.tool.name!r} returned is {label}: beyond the clearance of this principal")
    return ToolResult(structured, label, pin.server, pin.tool.name)


@asynccontextmanager
async def open_gateway(
    servers: Sequence[MCPServer[Any]],
    tickets: Tickets,
    *,
    clock: Clock,
    monotonic: Monotonic = time.monotonic,
    limits: Limits | None = None,
) -> AsyncIterator[Gateway]:
    """A gateway with a client open to each server and every tool pinned; all are closed in reverse at the end.

    The clients are not told of an error in the block: their task groups would wrap it in a group of one.
    """
    stack = AsyncExitStack()
    try:
        clients = {server.name: await stack.enter_async_context(Client(server)) for server in servers}
        gateway = Gateway(clients, tickets, limits or Limits(), clock=clock, monotonic=monotonic)
        for server in servers:
            await gateway.pin(server.name)
        yield gateway
    finally:
        await stack.aclose()
