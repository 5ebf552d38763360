"""fakesnow, served over HTTP so that the Snowflake connector 5 can talk to it. Run it in the environment of `constraints.txt`.

fakesnow needs a connector older than 5 in its own process, so it cannot be imported beside Sophia's. It prints its port
and serves on 127.0.0.1 until its standard input ends, so that it never outlives the tests that started it.
"""

import json
import os
import socket
import sys
import threading
from decimal import Decimal
from typing import Any

import fakesnow.arrow  # type: ignore[import-not-found]
import fakesnow.server as peer  # type: ignore[import-not-found]
import pyarrow as pa
import pyarrow.compute as pc
import uvicorn
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse
from starlette.routing import Route
from starlette.types import ASGIApp, Receive, Scope, Send

LOGIN = {"validityInSeconds": 3600, "masterValidityInSeconds": 14400, "sessionId": 1}

bound = peer.from_binding


def timestamps(column: Any) -> Any:
    """Timestamps as Snowflake sends them; fakesnow's own fail on NULL."""
    column = column.combine_chunks() if isinstance(column, pa.ChunkedArray) else column
    filled = column.fill_null(pa.scalar(0, type=column.type))
    epoch = pc.divide(pc.floor_temporal(filled, unit="second").cast(pa.int64()), 1_000_000)
    fraction = pc.round(pc.multiply(pc.subsecond(filled), 1_000_000_000)).cast(pa.int32())
    parts = {"epoch": epoch, "fraction": fraction}
    if column.type.tz:
        parts["timezone"] = pa.array([1440] * len(column), pa.int32())
    fields = [pa.field(name, part.type, nullable=False) for name, part in parts.items()]
    return pa.StructArray.from_arrays(list(parts.values()), fields=fields, mask=column.is_null())


def number(binding: dict[str, Any]) -> Any:
    """A bound value; the connector 5 sends decimals as FIXED and floats as REAL."""
    kind, value = binding.get("type"), binding["value"]
    if kind in ("REAL", "FLOAT"):
        return None if value is None else float(value)
    if kind == "FIXED" and value is not None and "." in str(value):
        return Decimal(value)
    return bound(binding)


async def login(request: Request) -> JSONResponse:
    """A session with the fields that the connector 5 asks for."""
    answer = json.loads((await peer.login_request(request)).body)
    session = answer["data"]
    for name, value in {**LOGIN, "masterToken": f"m-{session['token']}"}.items():
        session.setdefault(name, value)
    session["sessionInfo"].setdefault("warehouseName", None)
    session["sessionInfo"].setdefault("roleName", "SYSADMIN")
    return JSONResponse(answer)


async def nothing(_request: Request) -> JSONResponse:
    return JSONResponse({"data": None, "code": None, "message": None, "success": True})


class SingleSlashes:
    """The connector doubles the first slash of some paths."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http":
            scope = {**scope, "path": scope["path"].replace("//", "/")}
        await self.app(scope, receive, send)


def application() -> ASGIApp:
    fakesnow.arrow.timestamp_to_sf_struct = timestamps
    peer.from_binding = number
    ours = [
        Route("/session/v1/login-request", login, methods=["POST"]),
        Route("/telemetry/send", nothing, methods=["POST"]),
    ]
    theirs = [route for route in peer.routes if route.path != "/session/v1/login-request"]
    return SingleSlashes(Starlette(routes=[*ours, *theirs]))


def leave_with_the_parent() -> None:
    sys.stdin.read()
    os._exit(0)


def main() -> None:
    listening = socket.create_server(("127.0.0.1", 0))
    print(listening.getsockname()[1], flush=True)
    threading.Thread(target=leave_with_the_parent, daemon=True).start()
    uvicorn.Server(uvicorn.Config(application(), log_level="warning")).run(sockets=[listening])


if __name__ == "__main__":
    main()
