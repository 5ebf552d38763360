"""A conversation: who spoke, when, and at which characters of the text."""

import hashlib
import json
from dataclasses import dataclass, field
from datetime import datetime
from functools import cached_property

from core.errors import InvalidInputError
from models.evidence import Utterance, attribution

NAMELESS_ID = "unknown"
"""The id of whoever the source does not name at all; no other speaker has it."""


Properties = tuple[tuple[str, str], ...]
"""Names and values."""


class SharedIdError(InvalidInputError, ValueError):
    """Two speakers of a conversation have the same id."""


@dataclass(frozen=True, slots=True)
class Speaker:
    """Someone who speaks in a conversation. `role` is "seller", "buyer" or None where the source does not say."""

    id: str
    name: str
    role: str | None = None
    title: str | None = None
    user: str | None = None


@dataclass(frozen=True, slots=True)
class Turn:
    """What one speaker says without another beginning. Times are milliseconds from the start of the conversation.

    `part` is what people call a turn of a text that nobody spoke, as a decision's "reason".
    """

    index: int
    speaker: str
    text: str
    start_ms: int | None = None
    end_ms: int | None = None
    topic: str | None = None
    part: str | None = None


@dataclass(frozen=True)
class Transcript:
    """A conversation in turns; `Turn.speaker` is a key of `speakers`.

    `text` is the document that citations point into: one line a turn, `<speaker> (<role>, <time>): <words>`.
    `named_by` is the file, with its folder where that is known, whose name gave the id; None where the content did.
    Raises SharedIdError where two speakers have the same id: one's words would be attributed to the other.
    """

    id: str
    title: str
    speakers: tuple[Speaker, ...]
    turns: tuple[Turn, ...]
    held: datetime | None = None
    duration_ms: int | None = None
    account: str | None = None
    properties: Properties = field(default=())
    named_by: str | None = field(default=None, compare=False)

    def __post_init__(self) -> None:
        seen: set[str] = set()
        for speaker in self.speakers:
            if speaker.id in seen:
                raise SharedIdError(
                    f"conversation {self.id!r} has two speakers with the id {speaker.id!r}: give each their own"
                )
            seen.add(speaker.id)

    @cached_property
    def cast(self) -> dict[str, Speaker]:
        """Speakers by id."""
        return {speaker.id: speaker for speaker in self.speakers}

    @cached_property
    def utterances(self) -> tuple[Utterance, ...]:
        """Every turn with its place in `text`; the index of the tuple is the index of the turn."""
        placed: list[Utterance] = []
        position = 0
        for turn in self.turns:
            speaker = self.cast[turn.speaker]
            at = clock_time(turn.start_ms)
            start = position + len(attribution(speaker.name, speaker.role, at)) + 2
            end = start + len(turn.text)
            placed.append(
                Utterance(
                    turn=turn.index,
                    speaker=speaker.name,
                    text=turn.text,
                    span=(start, end),
                    role=speaker.role,
                    at=at,
                    part=turn.part,
                )
            )
            position = end + 1
        return tuple(placed)

    @cached_property
    def text(self) -> str:
        """The whole conversation, one line a turn."""
        return "\n".join(f"{said.attribution}: {said.text}" for said in self.utterances)

    @cached_property
    def content_hash(self) -> str:
        """SHA-256 (hex) over everything a reader can see; the version of the document that citations name."""
        seen = [
            self.title,
            self.held.isoformat() if self.held else None,
            self.account,
            self.duration_ms,
            self.properties,
        ]
        cast = [(s.id, s.name, s.role, s.title, s.user) for s in self.speakers]
        turns = [(t.speaker, t.text, t.start_ms, t.end_ms, t.topic) for t in self.turns]
        return hashlib.sha256(json.dumps([seen, cast, turns], ensure_ascii=True).encode()).hexdigest()


def clock_time(milliseconds: int | None) -> str | None:
    """`12:04`, or `1:02:04` from an hour on."""
    if milliseconds is None:
        return None
    minutes, seconds = divmod(milliseconds // 1000, 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours}:{minutes:02}:{seconds:02}" if hours else f"{minutes:02}:{seconds:02}"
