"""Data models of pydantic that are described in full only once they are used.

Most of those that libraries bring never are, and to describe all at import takes a sixth of a server's start.
"""

from collections.abc import Iterator
from contextlib import contextmanager

from pydantic import BaseModel


@contextmanager
def described_later() -> Iterator[None]:
    """Models that are defined in the block are described at their first use, one thread at a time."""
    BaseModel.model_config["defer_build"] = True
    try:
        yield
    finally:
        del BaseModel.model_config["defer_build"]
