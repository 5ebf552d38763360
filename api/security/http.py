"""The principal behind a request."""

from typing import Annotated

from fastapi import Depends, Request
from fastapi.security import HTTPBearer
from fastapi.security.utils import get_authorization_scheme_param
from starlette.datastructures import Headers
from starlette.types import ASGIApp, Receive, Scope, Send

from api.bootstrap import Sophia
from api.errors import problem, status_of
from api.security.keys import Keys
from core.errors import UnauthenticatedError
from core.identity import Principal

bearer = HTTPBearer(auto_error=False, description="An API key; `sophia keys add` makes one")
WITHOUT_BODY = frozenset({"GET", "HEAD", "OPTIONS"})
KNOWN = "principal"
"""Where a request's state keeps whom its key stands for."""


class KnownSenders:
    """Looks at the key of a request that may bring a body before a byte of the body is read."""

    def __init__(self, app: ASGIApp, *, keys: Keys) -> None:
        self._app = app
        self._keys = keys

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http" and scope["method"] not in WITHOUT_BODY:
            try:
                known = await principal_behind(Headers(scope=scope), self._keys)
            except UnauthenticatedError as error:
                await problem(status_of(type(error)), error.code, str(error))(scope, receive, send)
                return
            scope.setdefault("state", {})[KNOWN] = known
        await self._app(scope, receive, send)


async def principal_behind(headers: Headers, keys: Keys) -> Principal:
    """Whom the key in the headers stands for; UnauthenticatedError without a key that is known."""
    scheme, key = get_authorization_scheme_param(headers.get("authorization"))
    if scheme.lower() != "bearer" or not key:
        raise UnauthenticatedError("No API key: send 'Authorization: Bearer <key>'; 'sophia keys add' makes one")
    return await keys.principal(key)


def the_sophia(request: Request) -> Sophia:
    """The one object that the process built."""
    sophia: Sophia = request.app.state.sophia
    return sophia


async def asker(
    request: Request, sophia: Annotated[Sophia, Depends(the_sophia)], _: Annotated[object, Depends(bearer)]
) -> Principal:
    """Who asks; UnauthenticatedError without a key that is known."""
    known: Principal | None = getattr(request.state, KNOWN, None)
    return known or await principal_behind(request.headers, sophia.keys)


async def admitted_asker(
    sophia: Annotated[Sophia, Depends(the_sophia)], principal: Annotated[Principal, Depends(asker)]
) -> Principal:
    """Who asks for something that takes a while; ClosingError while the server stops, RateLimitedError for one who asks too much."""
    sophia.asking.check_open()
    await sophia.quotas.admit(principal)
    return principal
