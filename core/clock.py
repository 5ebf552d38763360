"""Time and ids as arguments, so that a test can hold them still."""

import uuid
from collections.abc import Callable
from datetime import UTC, datetime

Clock = Callable[[], datetime]
"""Returns the present moment, timezone-aware."""

NewId = Callable[[str], str]
"""Returns a fresh id that begins with the given prefix."""


def utc_now() -> datetime:
    """The present moment in UTC."""
    return datetime.now(UTC)


def new_id(prefix: str) -> str:
    """A random id such as `run_0c9e…`: 128 bits, safe to show, impossible to guess."""
    return f"{prefix}_{uuid.uuid4().hex}"
