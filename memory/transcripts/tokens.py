"""Earnings-21's `.nlp` (Rev, Interspeech 2021): one token a line, in columns between bars that the first line names.

    token|speaker|ts|endTs|punctuation|case|tags|wer_tags
    Good|0|0.410|0.650||UC|[]|[]               `ts` and `endTs` are seconds, and may be empty
    morning|0|||,|LC|[]|[]                     the punctuation goes behind the token

Speakers are numbered, not named: number 0 is `Speaker 0`.
"""

from collections.abc import Mapping

from memory.transcripts.cues import LINE
from memory.transcripts.model import Transcript
from memory.transcripts.pieces import Origin, Piece, conversation

FIRST = ("token", "speaker")
BAR = "|"
MILLISECONDS = 1000


def is_tokens(text: str) -> bool:
    """Whether the first line names the columns of such a file."""
    return tuple(_columns(text)[: len(FIRST)]) == FIRST


def read(text: str, origin: Origin) -> tuple[Transcript, ...]:
    """The conversation. UnreadableError names the line that does not fit."""
    columns = _columns(text)
    rows = ((number, line) for number, line in enumerate(LINE.split(text), start=1) if number > 1 and line.strip())
    return (conversation([_piece(number, line, columns, origin) for number, line in rows], origin),)


def _columns(text: str) -> list[str]:
    return [name.strip() for name in LINE.split(text, maxsplit=1)[0].split(BAR)]


def _piece(number: int, line: str, columns: list[str], origin: Origin) -> Piece:
    values = line.split(BAR)
    if len(values) != len(columns):
        raise origin.fault(number, f"it has {len(values)} columns and the first line {len(columns)}: export it again")
    cells = dict(zip(columns, (value.strip() for value in values), strict=True))
    if not cells["speaker"]:
        raise origin.fault(number, f"the token {cells['token']!r} has no speaker: fill in the second column")
    start, end = (_moment(cells, name, number, origin) for name in ("ts", "endTs"))
    words = cells["token"] + cells.get("punctuation", "")
    return Piece(number, f"Speaker {cells['speaker']}", words, start, end)


def _moment(cells: Mapping[str, str], name: str, number: int, origin: Origin) -> int | None:
    written = cells.get(name, "")
    try:
        moment = round(float(written) * MILLISECONDS) if written else None
    except (ValueError, OverflowError):
        raise origin.fault(number, f"{name} {written!r} is no number of seconds: correct it") from None
    if moment is not None and moment < 0:
        raise origin.fault(number, f"{name} {written!r} is negative: count from the start of the conversation")
    return moment
