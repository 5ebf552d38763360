"""A table of turns, one a row: CSV as sheets and call platforms export it.

    speaker,start,end,text                     the first line names the columns
    Anna Meyer,00:12,00:15,"We pay, too much."

Comma, semicolon, tab or bar separate the cells. A column is known by the common names below, in any case; `role` is
seller or buyer, and a column of calls makes a conversation of each. Times are clock times or numbers whose unit the
column's name says (`start_ms`, `end_s`); a number with a decimal point is seconds. What cannot be told is asked.
"""

import csv
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from io import StringIO

from memory.transcripts.clocks import milliseconds
from memory.transcripts.labelled import ROLES, label_of
from memory.transcripts.model import Properties, Transcript
from memory.transcripts.pieces import Origin, Piece, conversation

DELIMITERS = ",;\t|"
COLUMNS: Mapping[str, frozenset[str]] = {
    "speaker": frozenset({"speaker", "speaker name", "name", "participant", "who", "speaker label", "sprecher"}),
    "text": frozenset(
        {"text", "transcript", "utterance", "content", "words", "sentence", "message", "said", "transcription"}
    ),
    "start": frozenset({"start", "start time", "starttime", "begin", "time", "timestamp", "from", "offset", "time in"}),
    "end": frozenset({"end", "end time", "endtime", "stop", "to", "time out"}),
    "role": frozenset({"role", "side"}),
    "call": frozenset({"call", "call id", "callid", "conversation", "conversation id", "meeting", "meeting id"}),
}
NEEDED = ("speaker", "text")
TELLING = frozenset({*NEEDED, "start", "end"})
UNITS = {"ms": 1, "msec": 1, "milliseconds": 1, "s": 1000, "sec": 1000, "secs": 1000, "seconds": 1000}
LONGEST_NAME = 40

_BETWEEN = re.compile(r"[\s_.()\[\]/-]+")
_NUMBER = re.compile(r"([0-9]+)(\.[0-9]+)?")


@dataclass(frozen=True, slots=True)
class _Column:
    """A known column: its place in a row, its name as written, and how many milliseconds its unit has if it has one."""

    place: int
    name: str
    unit: int | None = None


def is_table(text: str) -> bool:
    """Whether the first line names columns, at least one of them a known one."""
    first = text.strip().partition("\n")[0]
    if label_of(first):
        return False
    names = next(_rows(first, _delimiter(first)), (1, []))[1]
    known = {kind for name in names if (kind := _kind(name)[0]) in TELLING}
    return len(names) > 1 and bool(known) and not any(":" in name or len(name) > LONGEST_NAME for name in names)


def read(text: str, origin: Origin, *, properties: Properties = ()) -> tuple[Transcript, ...]:
    """The conversations. UnreadableError names the line, or asks for the column that cannot be told."""
    rows = _rows(text, _delimiter(text.strip().partition("\n")[0]))
    try:
        line, names = next(rows)
        columns = _columns(names, line, origin)
        calls: dict[str, list[Piece]] = {}
        for line, cells in rows:
            if len(cells) != len(names):
                reason = f"it has {len(cells)} cells and the first row {len(names)}: quote cells that hold a separator"
                raise origin.fault(line, reason)
            calls.setdefault(_cell(cells, columns.get("call")), []).append(_piece(line, cells, columns, origin))
    except csv.Error as error:
        raise origin.fault(line, f"broken CSV behind it, {error}: export the table again") from None
    if not calls:
        raise origin.fault(line, "no row stands below the names of the columns: export the conversation again")
    if len(calls) > 1 and "" in calls:
        raise origin.fault(calls[""][0].line, f"{columns['call'].name!r} is empty: say which call the turn is of")
    return tuple(conversation(said, origin, name=call or None, properties=properties) for call, said in calls.items())


def _delimiter(first: str) -> str:
    """The separator of which the first line has most."""
    return max(DELIMITERS, key=first.count)


def _rows(text: str, delimiter: str) -> Iterator[tuple[int, list[str]]]:
    """The rows that hold anything, each with the number of its first line."""
    reader = csv.reader(StringIO(text, newline=""), delimiter=delimiter)
    before = 0
    for cells in reader:
        if any(cell.strip() for cell in cells):
            yield before + 1, [cell.strip() for cell in cells]
        before = reader.line_num


def _kind(name: str) -> tuple[str | None, int | None]:
    """What a column of this name holds, and its unit in milliseconds; None for what is not known."""
    words = " ".join(_BETWEEN.split(name.casefold())).strip()
    bare, _, last = words.rpartition(" ")
    unit = UNITS.get(last) if bare else None
    wanted = bare if unit else words
    return next((kind for kind, names in COLUMNS.items() if wanted in names), None), unit


def _columns(names: Sequence[str], line: int, origin: Origin) -> dict[str, _Column]:
    """The known columns by what they hold; a column that is missing or there twice is asked for."""
    found: dict[str, _Column] = {}
    for place, name in enumerate(names):
        kind, unit = _kind(name)
        if kind is None:
            continue
        if kind in found:
            reason = f"which column holds the {kind}, {found[kind].name!r} or {name!r}? Rename the other one"
            raise origin.fault(line, reason)
        found[kind] = _Column(place, name, unit)
    for kind in NEEDED:
        if kind not in found:
            others = ", ".join(repr(name) for name in names if _kind(name)[0] is None) or "none is left"
            raise origin.fault(line, f"which column holds the {kind}? Name it {kind!r} (of {others})")
    return found


def _cell(cells: Sequence[str], column: _Column | None) -> str:
    return cells[column.place] if column else ""


def _piece(line: int, cells: Sequence[str], columns: Mapping[str, _Column], origin: Origin) -> Piece:
    role = _cell(cells, columns.get("role")).casefold()
    start, end = (_moment(line, cells, columns.get(kind), origin) for kind in ("start", "end"))
    speaker, words = (_cell(cells, columns[kind]) for kind in NEEDED)
    return Piece(line, speaker or None, words, start, end, role if role in ROLES else None)


def _moment(line: int, cells: Sequence[str], column: _Column | None, origin: Origin) -> int | None:
    written = _cell(cells, column)
    if column is None or not written:
        return None
    clock = milliseconds(written)
    if clock is not None:
        return clock
    number = _NUMBER.fullmatch(written)
    if number is None:
        raise origin.fault(line, f"{column.name} {written!r} is no time: write 01:02, 1:02:04 or seconds such as 62.0")
    if column.unit is None and number[2] is None:
        raise origin.fault(
            line,
            f"is {column.name} {written!r} in seconds or in milliseconds? "
            f"Name the column '{column.name}_s' or '{column.name}_ms'",
        )
    return round(float(written) * (column.unit or UNITS["s"]))
