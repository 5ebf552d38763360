"""`/healthz`, `/readyz`, `/metrics`: what a supervisor of processes asks."""

from typing import Annotated

import sqlalchemy as sa
import sqlalchemy.exc
from fastapi import APIRouter, Depends, Response

from api import telemetry
from api.bootstrap import Sophia
from api.security.http import the_sophia
from core.errors import UnavailableError

router = APIRouter(tags=["health"])
PATHS = frozenset({"/healthz", "/readyz", "/metrics"})


@router.get("/healthz")
async def healthz() -> dict[str, str]:
    """The process answers."""
    return {"status": "ok"}


@router.get("/readyz")
async def readyz(sophia: Annotated[Sophia, Depends(the_sophia)]) -> dict[str, str]:
    """The database answers, so that a question can be accepted; 503 otherwise."""
    try:
        await sophia.database.read(
            lambda connection: connection.execute(sa.text("SELECT 1 FROM alembic_version")).all()
        )
    except sqlalchemy.exc.SQLAlchemyError as error:
        raise UnavailableError("The database does not answer; the server's log says more") from error
    return {"status": "ready", "language": sophia.language_name, "embedder": sophia.embedder.id}


@router.get("/metrics")
async def prometheus() -> Response:
    """Every measure in the Prometheus text format; no names and no content among the labels."""
    return Response(telemetry.exposition(), media_type="text/plain; version=0.0.4; charset=utf-8")
