"""Serve the chat API on this machine."""

import asyncio
import contextlib
import ctypes
import logging
import os
import secrets
import signal
import socket
import sys
from functools import partial

import click

from api import logs
from api.app import create_app
from api.bootstrap import open_sophia
from api.owner import Owner, announce, refuse_if_owned
from api.serving import Server
from api.settings import Settings, load_settings
from api.terminal import tell
from core.errors import InvalidInputError

TRIM_THRESHOLD = -1
"""glibc's number for it in `mallopt`."""
KEPT_FREE = 128 * 1024
BACKLOG = 512


@click.command()
@click.option("--host", help="Address to listen on [SOPHIA_HOST].")
@click.option("--port", type=int, help="Port to listen on; 0 picks a free one [SOPHIA_PORT].")
def command(host: str | None, port: int | None) -> None:
    """Serve the chat API until interrupted. Commands beside it reach the data through it."""
    changed = {name: value for name, value in (("host", host), ("port", port)) if value is not None}
    with contextlib.suppress(KeyboardInterrupt):
        asyncio.run(serve(load_settings(**changed)))


async def serve(settings: Settings) -> None:
    """Serves until the process is told to stop. Runs under way get SOPHIA_SHUTDOWN_GRACE_S to end; the others go on at the next start."""
    _keep_little_free()
    logs.configure(settings.log_level)
    # uvicorn raises the signal again once it has shut down: it must unwind this function, not end the process in it.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))
    refuse_if_owned(settings.data_dir)
    token = secrets.token_urlsafe(32)
    with _listen(settings) as listening:
        url = _url(*listening.getsockname()[:2])
        async with open_sophia(settings, token=token, serving=True) as sophia:
            announce(settings.data_dir, Owner(os.getpid(), url, token, serving=True))
            _greet(url, sophia.language_name)
            close = partial(sophia.asking.close, settings.shutdown_grace_s)
            await Server(create_app(sophia), log_level=logging.WARNING, close=close).serve(sockets=[listening])


def _keep_little_free() -> None:
    """Lets glibc give memory back to the system as soon as 128 KiB at the end of the heap are free.

    By itself it keeps what the largest embedding ever took, some 50 MiB of a server's resident memory.
    """
    with contextlib.suppress(OSError, AttributeError):
        ctypes.CDLL("libc.so.6").mallopt(TRIM_THRESHOLD, KEPT_FREE)


def _greet(url: str, language: str) -> None:
    sophia = os.path.relpath(sys.argv[0]) if os.sep in sys.argv[0] else sys.argv[0]
    tell(f"Sophia is ready at {url} (language: {language}; API description: {url}/openapi.json). Ctrl-C stops it.")
    tell(f'Next, in another terminal:  {sophia} ask "Has anyone proposed charging carriers before?"')


def _listen(settings: Settings) -> socket.socket:
    """A listening socket. It names its protocol, because asyncio turns off Nagle's delay only for one that does."""
    opened = contextlib.ExitStack()
    try:
        family, kind, protocol, _, address = socket.getaddrinfo(
            settings.host, settings.port, type=socket.SOCK_STREAM, proto=socket.IPPROTO_TCP, flags=socket.AI_PASSIVE
        )[0]
        listening = opened.enter_context(socket.socket(family, kind, protocol))
        listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listening.bind(address)
        listening.listen(BACKLOG)
    except OSError as error:
        opened.close()
        raise InvalidInputError(
            f"Cannot listen on {settings.host}:{settings.port} ({error.strerror}): choose another with --port or SOPHIA_PORT"
        ) from None
    return listening


def _url(host: str, port: int) -> str:
    return f"http://[{host}]:{port}" if ":" in host else f"http://{host}:{port}"
