"""The HTTP server: how it lets go of readers that do not read, and how it stops."""

import asyncio
from collections.abc import Awaitable, Callable
from types import FrameType
from typing import Any

import uvicorn
from sse_starlette.sse import AppStatus
from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

STALLED_S = 30.0
"""How long a connection whose reader takes nothing is kept."""
REQUESTS_S = 5
"""How long a request that is no stream may still take once the server stops."""


class Patient(HttpToolsProtocol):
    """A connection that is cut once its reader has taken nothing for `STALLED_S` seconds.

    What such a reader costs meanwhile is the transport's buffer, 64 KiB: whoever sends waits for it to be empty again.
    """

    _cut: asyncio.TimerHandle | None = None

    def pause_writing(self) -> None:
        super().pause_writing()
        self._cut = self.loop.call_later(STALLED_S, self.transport.abort)

    def resume_writing(self) -> None:
        super().resume_writing()
        self._keep()

    def connection_lost(self, exc: Exception | None) -> None:
        self._keep()
        super().connection_lost(exc)

    def shutdown(self) -> None:
        if self.flow.write_paused:
            self.transport.abort()
        else:
            super().shutdown()

    def _keep(self) -> None:
        if self._cut is not None:
            self._cut.cancel()
            self._cut = None


class Server(uvicorn.Server):
    """Stops in two steps: told to by a signal it waits for `close` while it still answers, then it listens no more.

    A second signal cuts the first step short.
    """

    def __init__(
        self, app: Callable[..., Awaitable[Any]], *, log_level: int, close: Callable[[], Awaitable[None]]
    ) -> None:
        config = uvicorn.Config(
            app,
            http=Patient,
            log_level=log_level,
            access_log=False,
            timeout_graceful_shutdown=REQUESTS_S,
            lifespan="off",
        )
        super().__init__(config)
        AppStatus.enable_automatic_graceful_drain = False  # it would cut streams off before their last words
        self._close = close
        self._closing: asyncio.Task[None] | None = None
        self._loop: asyncio.AbstractEventLoop | None = None

    async def startup(self, sockets: list[Any] | None = None) -> None:
        self._loop = asyncio.get_running_loop()
        await super().startup(sockets)

    def handle_exit(self, sig: int, frame: FrameType | None) -> None:
        if self._loop is None:
            super().handle_exit(sig, frame)
            return
        self._captured_signals.append(sig)
        self._loop.call_soon_threadsafe(self._begin_to_close)

    def _begin_to_close(self) -> None:
        if self._closing is None:
            self._closing = asyncio.ensure_future(self._close_in_order())
        else:
            self._closing.cancel()

    async def _close_in_order(self) -> None:
        try:
            await self._close()
        finally:
            self.should_exit = True
