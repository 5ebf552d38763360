"""What became of conversations that were to be ingested."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

from memory.transcripts.detect import is_read_as
from memory.transcripts.model import Transcript
from memory.transcripts.stem import is_dated_by_name

Outcome = Literal["added", "unchanged", "replaced", "failed"]


@dataclass(frozen=True, slots=True)
class Ingested:
    """What became of one conversation, or of a file that could not be read; `reason` says what else is to be known."""

    file: str
    outcome: Outcome
    document: str | None = None
    reason: str | None = None


@dataclass(frozen=True, slots=True)
class Report:
    """What became of everything that was to be ingested, in that order."""

    items: tuple[Ingested, ...]

    @property
    def failed(self) -> tuple[Ingested, ...]:
        """What could not be ingested, and why."""
        return self.of("failed")

    def of(self, outcome: Outcome) -> tuple[Ingested, ...]:
        """The items with this outcome."""
        return tuple(item for item in self.items if item.outcome == outcome)


Progress = Callable[[Ingested], None]
Share = Callable[[str, float], None]
"""Told how much of a file's conversation is embedded, from 0 to 1."""


def dating(transcript: Transcript) -> str | None:
    """What to tell of a day that the conversation does not give itself."""
    if transcript.held is None or not is_dated_by_name(transcript):
        return None
    return f"held on {transcript.held.date().isoformat()}, by the name of its file"


def encoding(transcript: Transcript) -> str | None:
    """What to tell of an encoding that had to be guessed."""
    guessed = is_read_as(transcript)
    return f"read as {guessed}, since it is not UTF-8" if guessed else None
