"""What a request may bring: so many bytes, and JSON in UTF-8."""

from collections.abc import Mapping

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from api.errors import problem, status_of
from core.errors import InvalidInputError, TooLargeError


class BodyLimits:
    """Reads a request's body before the app does, refuses what is too large or not text, and hands it on whole.

    `by_path` has the limit in bytes of paths that differ from `default`.
    """

    def __init__(self, app: ASGIApp, *, default: int, by_path: Mapping[str, int]) -> None:
        self._app = app
        self._default = default
        self._by_path = by_path

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http" or scope["method"] in {"GET", "HEAD", "OPTIONS"}:
            await self._app(scope, receive, send)
            return
        try:
            body = await _read(receive, self._by_path.get(scope["path"], self._default))
            if body is None:
                return
            _check_text(scope, body)
        except InvalidInputError as error:
            await problem(status_of(type(error)), error.code, str(error))(scope, receive, send)
            return
        await self._app(scope, _replay(body, receive), send)


async def _read(receive: Receive, limit: int) -> bytes | None:
    """The whole body, or None where the client left before its end."""
    body, more = bytearray(), True
    while more:
        message = await receive()
        if message["type"] == "http.disconnect":
            return None
        body += message.get("body", b"")
        more = message.get("more_body", False)
        if len(body) > limit:
            raise TooLargeError(f"The request's body is larger than {limit:,} bytes")
    return bytes(body)


def _check_text(scope: Scope, body: bytes) -> None:
    content_type = dict(scope["headers"]).get(b"content-type", b"")
    if not content_type.startswith(b"application/json"):
        return
    try:
        body.decode("utf-8")
    except UnicodeDecodeError as error:
        raise InvalidInputError(
            f"The request's body is not UTF-8: byte {error.start} is {body[error.start]:#04x}"
        ) from None


def _replay(body: bytes, receive: Receive) -> Receive:
    waiting: list[Message] = [{"type": "http.request", "body": body, "more_body": False}]

    async def replay() -> Message:
        return waiting.pop() if waiting else await receive()

    return replay
