"""`/healthz`, `/readyz`, `/metrics`: what a supervisor of processes asks."""

from ipaddress import ip_address
from typing import Annotated

import sqlalchemy as sa
import sqlalchemy.exc
from fastapi import APIRouter, Depends, Request, Response

from api import telemetry
from api.bootstrap import Sophia
from api.security.http import principal_behind, the_sophia
from api.security.keys import METRICS, require
from core.errors import UnavailableError

router = APIRouter(tags=["health"])
PATHS = frozenset({"/healthz", "/readyz", "/metrics"})


@router.get("/healthz")
async def healthz() -> dict[str, str]:
    """The process answers."""
    return {"status": "ok"}


@router.get("/readyz")
async def readyz(sophia: Annotated[Sophia, Depends(the_sophia)]) -> dict[str, str]:
    """The database answers and the server is not about to stop, so that a question can be accepted; 503 otherwise."""
    try:
        await sophia.database.read(
            lambda connection: connection.execute(sa.text("SELECT 1 FROM alembic_version")).all()
        )
    except sqlalchemy.exc.SQLAlchemyError as error:
        raise UnavailableError("The database does not answer; the server's log says more") from error
    sophia.asking.check_open()
    return {"status": "ready", "language": sophia.language_name, "embedder": sophia.embedder.id}


@router.get("/metrics")
async def prometheus(request: Request, sophia: Annotated[Sophia, Depends(the_sophia)]) -> Response:
    """Every measure in the Prometheus text format; no names and no content among the labels.

    It needs a key with the role `metrics`, or as SOPHIA_METRICS says.
    """
    if not (sophia.settings.metrics == "loopback" and _is_local(request)):
        require(await principal_behind(request.headers, sophia.keys), METRICS)
    return Response(telemetry.exposition(), media_type="text/plain; version=0.0.4; charset=utf-8")


def _is_local(request: Request) -> bool:
    try:
        return request.client is not None and ip_address(request.client.host).is_loopback
    except ValueError:
        return False
