"""What the name of a file tells of its conversation where the content does not: the day."""

import re
from dataclasses import replace
from datetime import UTC, datetime

from memory.transcripts.model import Transcript

DATED_BY = "dated by"
_DAY = re.compile(r"(?<!\d)((?:19|20)\d\d)([-_. ]?)(\d\d)\2(\d\d)(?!\d)")


def dated(transcript: Transcript, stem: str) -> Transcript:
    """The conversation on the day in its file's name (`2026-05-11-globex`, `globex_20260511`), where it names none itself.

    The property `dated by` then says so. A day that is none in the calendar and two different days are not taken.
    """
    days = {day for match in _DAY.finditer(stem) if (day := _day(match)) is not None}
    if transcript.held or len(days) != 1:
        return transcript
    return replace(transcript, held=days.pop(), properties=(*transcript.properties, (DATED_BY, "file name")))


def is_dated_by_name(transcript: Transcript) -> bool:
    """Whether its day is that of its file's name."""
    return DATED_BY in dict(transcript.properties)


def _day(match: re.Match[str]) -> datetime | None:
    try:
        return datetime(int(match[1]), int(match[3]), int(match[4]), tzinfo=UTC)
    except ValueError:
        return None
