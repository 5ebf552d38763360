"""A conversation as JSON in a row of the database: small, and read back equal to what was written."""

from datetime import datetime
from typing import Any

from memory.transcripts.model import Speaker, Transcript, Turn


def to_json(transcript: Transcript) -> dict[str, Any]:
    """What `from_json` needs; a turn is `[speaker, text, start_ms, end_ms, topic]`, its index is its place."""
    return {
        "id": transcript.id,
        "title": transcript.title,
        "held": transcript.held.isoformat() if transcript.held else None,
        "duration_ms": transcript.duration_ms,
        "account": transcript.account,
        "properties": transcript.properties,
        "speakers": [[s.id, s.name, s.role, s.title, s.user] for s in transcript.speakers],
        "turns": [[t.speaker, t.text, t.start_ms, t.end_ms, t.topic] for t in transcript.turns],
    }


def from_json(stored: dict[str, Any]) -> Transcript:
    """The conversation that `to_json` wrote."""
    return Transcript(
        id=stored["id"],
        title=stored["title"],
        speakers=speakers_from_json(stored["speakers"]),
        turns=tuple(Turn(index, *turn) for index, turn in enumerate(stored["turns"])),
        held=datetime.fromisoformat(stored["held"]) if stored["held"] else None,
        duration_ms=stored["duration_ms"],
        account=stored["account"],
        properties=tuple((name, value) for name, value in stored["properties"]),
    )


def speakers_from_json(stored: list[list[Any]]) -> tuple[Speaker, ...]:
    """The speakers of a stored conversation."""
    return tuple(Speaker(*speaker) for speaker in stored)
