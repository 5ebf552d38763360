"""What a look at one part of an installation finds."""

from dataclasses import dataclass
from enum import StrEnum


class State(StrEnum):
    """How a part stands. Only what is `broken` needs somebody."""

    WORKS = "works"
    EMBEDDED = "embedded"
    MISSING = "missing"
    BROKEN = "broken"


@dataclass(frozen=True, slots=True)
class Finding:
    """A part of the installation, how it stands, and what to do where that is not as one may want it."""

    name: str
    state: State
    says: str
    remedy: str | None = None
