"""The principal behind a request."""

from typing import Annotated

from fastapi import Depends, Request
from fastapi.security import HTTPAuthorizationCredentials, HTTPBearer

from api.bootstrap import Sophia
from core.errors import UnauthenticatedError
from core.identity import Principal

bearer = HTTPBearer(auto_error=False, description="An API key; `sophia keys add` makes one")


def the_sophia(request: Request) -> Sophia:
    """The one object that the process built."""
    sophia: Sophia = request.app.state.sophia
    return sophia


async def asker(
    sophia: Annotated[Sophia, Depends(the_sophia)],
    credentials: Annotated[HTTPAuthorizationCredentials | None, Depends(bearer)],
) -> Principal:
    """Who asks; UnauthenticatedError without a key that is known."""
    if credentials is None:
        raise UnauthenticatedError("No API key: send 'Authorization: Bearer <key>'; 'sophia keys add' makes one")
    return await sophia.keys.principal(credentials.credentials)
