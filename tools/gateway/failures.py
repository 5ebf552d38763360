"""What a failed tool call means to its caller: the text a server sends becomes one of Sophia's errors."""

import re

from mcp import MCPError
from mcp_types import INVALID_PARAMS, CallToolResult, TextContent

from core.errors import (
    BusyError,
    ConflictError,
    ForbiddenError,
    InvalidInputError,
    NotFoundError,
    RejectedError,
    SophiaError,
    UnauthenticatedError,
    UnavailableError,
    UnsupportedError,
)

_KNOWN: dict[str, type[SophiaError]] = {
    kind.code: kind
    for kind in (
        BusyError,
        ConflictError,
        ForbiddenError,
        InvalidInputError,
        NotFoundError,
        RejectedError,
        UnauthenticatedError,
        UnavailableError,
        UnsupportedError,
    )
}
_INVALID = re.compile(r"\d+ validation errors? for \w+\n(?P<field>\S+)\n\s+(?P<message>.+?)(?: \[type=|\n|$)")
_CODED = re.compile(r"(E_[A-Z_]+): (.+)", re.DOTALL)


def tool_failure(tool: str, result: CallToolResult) -> SophiaError:
    """The error of a result that says it is one.

    A failure the server foresaw carries its reason, and a code of ours where it has one. A crash carries neither.
    """
    text = " ".join(block.text for block in result.content if isinstance(block, TextContent))
    reason = text.removeprefix(f"Error executing tool {tool}").removeprefix(":").strip()
    if not reason:
        return UnavailableError(f"Tool {tool!r} failed inside its server: try again later")
    coded = _CODED.fullmatch(reason)
    if coded and coded[1] in _KNOWN:
        return _KNOWN[coded[1]](coded[2])
    invalid = _INVALID.match(reason)
    if invalid:
        return InvalidInputError(f"Tool {tool!r}, argument {invalid['field']!r}: {invalid['message']}")
    return RejectedError(f"Tool {tool!r} refused: {reason}")


def protocol_failure(tool: str, error: MCPError) -> SophiaError:
    """The error of a call that the protocol itself refused or lost."""
    if error.error.code == INVALID_PARAMS:
        return InvalidInputError(f"Tool {tool!r} refused its arguments: {error.error.message}")
    return UnavailableError(f"The server of tool {tool!r} does not answer: {error.error.message}")
