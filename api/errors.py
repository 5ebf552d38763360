"""Errors as HTTP: RFC 9457 problem details, from one table. Nothing below `api` knows a status code."""

import logging
import math
from collections.abc import Mapping
from http import HTTPStatus
from typing import Any

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from starlette.exceptions import HTTPException

from api.runs.run import EndedError
from core.errors import (
    BusyError,
    ClosingError,
    ConflictError,
    DeadlineError,
    FencedError,
    ForbiddenError,
    InvalidInputError,
    NotFoundError,
    RateLimitedError,
    RejectedError,
    RunCancelledError,
    SophiaError,
    TooLargeError,
    UnauthenticatedError,
    UnavailableError,
    UnsupportedError,
)

STATUS: dict[type[SophiaError], HTTPStatus] = {
    BusyError: HTTPStatus.CONFLICT,
    ConflictError: HTTPStatus.CONFLICT,
    RunCancelledError: HTTPStatus.CONFLICT,
    DeadlineError: HTTPStatus.GATEWAY_TIMEOUT,
    FencedError: HTTPStatus.CONFLICT,
    ForbiddenError: HTTPStatus.FORBIDDEN,
    InvalidInputError: HTTPStatus.UNPROCESSABLE_ENTITY,
    NotFoundError: HTTPStatus.NOT_FOUND,
    RateLimitedError: HTTPStatus.TOO_MANY_REQUESTS,
    RejectedError: HTTPStatus.BAD_REQUEST,
    SophiaError: HTTPStatus.INTERNAL_SERVER_ERROR,
    TooLargeError: HTTPStatus.REQUEST_ENTITY_TOO_LARGE,
    UnauthenticatedError: HTTPStatus.UNAUTHORIZED,
    UnavailableError: HTTPStatus.SERVICE_UNAVAILABLE,
    UnsupportedError: HTTPStatus.NOT_IMPLEMENTED,
}
log = logging.getLogger(__name__)


def problem(
    status: int, code: str, detail: str, *, headers: Mapping[str, str] | None = None, **extra: object
) -> JSONResponse:
    """An `application/problem+json` response; `code` is stable, `detail` is for people."""
    headers = dict(headers or {})
    if "retry_after" in extra:
        headers["Retry-After"] = str(extra["retry_after"])
    if status == HTTPStatus.UNAUTHORIZED:
        headers["WWW-Authenticate"] = "Bearer"
    body = {"type": "about:blank", "title": HTTPStatus(status).phrase, "status": status, "code": code, "detail": detail}
    return JSONResponse({**body, **extra}, status, headers, media_type="application/problem+json")


def install(app: FastAPI) -> None:
    """Teaches the app to answer every error as a problem."""
    app.add_exception_handler(SophiaError, _sophia_error)
    app.add_exception_handler(RequestValidationError, _validation_error)
    app.add_exception_handler(HTTPException, _http_error)
    app.add_exception_handler(Exception, _unexpected)


def status_of(kind: type[SophiaError]) -> HTTPStatus:
    """The status of the nearest class in the table."""
    return next(STATUS[parent] for parent in kind.__mro__ if parent in STATUS)


async def _sophia_error(_request: Request, error: Exception) -> JSONResponse:
    assert isinstance(error, SophiaError)
    extra: dict[str, Any] = {}
    if isinstance(error, RateLimitedError | ClosingError):
        extra = {"retry_after": math.ceil(error.retry_after)}
    if isinstance(error, EndedError):
        extra = {"run": error.run, "state": error.status}
    return problem(status_of(type(error)), error.code, str(error), **extra)


async def _validation_error(_request: Request, error: Exception) -> JSONResponse:
    assert isinstance(error, RequestValidationError)
    faults = [{"at": ".".join(str(part) for part in fault["loc"]), "message": fault["msg"]} for fault in error.errors()]
    detail = "; ".join(f"{fault['at']}: {fault['message']}" for fault in faults)
    return problem(HTTPStatus.UNPROCESSABLE_ENTITY, InvalidInputError.code, detail, errors=faults)


async def _http_error(_request: Request, error: Exception) -> JSONResponse:
    assert isinstance(error, HTTPException)
    code = NotFoundError.code if error.status_code == HTTPStatus.NOT_FOUND else RejectedError.code
    return problem(error.status_code, code, str(error.detail), headers=error.headers)


async def _unexpected(request: Request, error: Exception) -> JSONResponse:
    log.error("%s %s failed", request.method, request.url.path, exc_info=error)
    return problem(500, SophiaError.code, "Sophia failed on this request; the server's log says more")
