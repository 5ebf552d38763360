"""The HTTP application over one built Sophia."""

from collections.abc import MutableMapping
from typing import Any

from fastapi import FastAPI

from api import crm, documents, errors, health
from api.approvals import routes as approvals
from api.bootstrap import Sophia
from api.briefings import routes as briefings
from api.chat import routes as chat
from api.decisions import routes as decisions
from api.forgetting import routes as forgetting
from api.limits import BodyLimits
from api.security import routes as keys
from api.security.http import KnownSenders
from api.version import VERSION


def create_app(sophia: Sophia) -> FastAPI:
    """The app; whoever built `sophia` closes it."""
    app = FastAPI(
        title="Sophia",
        version=VERSION,
        description="Answers a revenue team's questions from its own calls. Every sentence cites its source.",
        docs_url=None,  # both pages load their scripts from somebody else's server; /openapi.json is the description
        redoc_url=None,
        telemetry={"logs": False, "operation_spans": False, "auto_configure": False, "exclude": _is_probe},
    )
    app.state.sophia = sophia
    for part in (chat, briefings, decisions, approvals, documents, forgetting, crm, keys, health):
        app.include_router(part.router)
    errors.install(app)
    limits = dict.fromkeys((documents.router.prefix, crm.IMPORTS), sophia.settings.max_document_bytes)
    app.add_middleware(BodyLimits, default=sophia.settings.max_body_bytes, by_path=limits)
    app.add_middleware(KnownSenders, keys=sophia.keys)
    return app


def _is_probe(scope: MutableMapping[str, Any]) -> bool:
    """Requests that come every few seconds and say nothing: they are neither traced nor measured."""
    return scope.get("path") in health.PATHS
