"""Cues, the captions of WebVTT and SRT: a line of two times, and below it what is said until the next empty line.

    00:12.400 --> 00:15.000            the times of the cue
    <v Anna Meyer>We pay too much.     a voice tag: what follows it in the cue is hers
    Anna Meyer: We pay too much.       a name: hers until the next one, also in the cues below

A file with voice tags is read by these alone, and what stands outside of one is an unknown speaker's. Names are told as
in labelled text. Other tags are left out.
"""

import html
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

from memory.transcripts.clocks import milliseconds
from memory.transcripts.labelled import label_of
from memory.transcripts.pieces import Origin, Piece

ARROW = "-->"
LINE = re.compile(r"\r\n|\n|\r")
TIMES = re.compile(r"\s*(-?[0-9][0-9:.,]*)[ \t]*-->[ \t]*(-?[0-9][0-9:.,]*)(?:[ \t]+(\S.*))?\s*")
_VOICE = re.compile(r"<v(?:\.[^\s<>]*)?[ \t]+([^<>]*)>|</v>")
_TAG = re.compile(r"</?(?:[cibuv]|ruby|rt|lang|font)(?:[.\s][^<>]*)?>|<[0-9:.]+>|\{\\[^{}]*\}", re.IGNORECASE)
_DASH = re.compile(r"^\s*[-–—]\s+")


@dataclass(frozen=True, slots=True)
class Cue:
    """One caption: the line of its times, these in milliseconds, and its lines of text."""

    line: int
    start_ms: int
    end_ms: int
    text: tuple[str, ...]


def cue(block: Sequence[str], line: int, origin: Origin, *, mark: str) -> Cue:
    """A cue of the block that begins in this line: a name or number of its own if it has one, its times, its text.

    `mark` separates the milliseconds. UnreadableError for times that are none and for two cues in one block.
    """
    timed = [place for place, written in enumerate(block) if ARROW in written]
    if not timed or timed[0] > 1:
        raise origin.fault(line, f"{block[0].strip()!r} belongs to no cue: put a line of times above, {_shape(mark)}")
    if len(timed) > 1:
        raise origin.fault(line + timed[1], "a cue begins inside another one: put an empty line before it")
    place = timed[0]
    found = TIMES.fullmatch(block[place])
    if found is None:
        raise origin.fault(line + place, f"{block[place].strip()!r} is no pair of times: write {_shape(mark)}")
    start, end = (_moment(found[which], line + place, origin, mark) for which in (1, 2))
    return Cue(line + place, start, end, tuple(block[place + 1 :]))


def pieces(cues: Sequence[Cue], *, escaped: bool) -> list[Piece]:
    """Who says what in the cues; `escaped` where `&amp;` stands for `&`."""
    voiced = any(_VOICE.search(line) for cue in cues for line in cue.text)
    split = _by_voice(cues) if voiced else _by_name(cues)
    return [replace(one, speaker=_plain(one.speaker, escaped), words=_plain(one.words, escaped) or "") for one in split]


def blocks(text: str) -> Iterator[tuple[int, list[str]]]:
    """The runs of lines between empty ones, each with the number of its first line; the first line is 1."""
    first, held = 1, list[str]()
    for number, line in enumerate((*LINE.split(text), ""), start=1):
        if line.strip():
            first = first if held else number
            held.append(line)
        elif held:
            yield first, held
            held = []


def _moment(written: str, line: int, origin: Origin, mark: str) -> int:
    if written.startswith("-"):
        raise origin.fault(line, f"the time {written!r} is negative: count from the start of the conversation")
    moment = milliseconds(written)
    if moment is None:
        raise origin.fault(line, f"the time {written!r} is none: write {_shape(mark)}")
    if mark == "." and "," in written:
        raise origin.fault(
            line,
            f"the time {written!r} is SRT's, and the first line says WebVTT: write {written.replace(',', '.')!r}, "
            "or remove the first line if the file is SRT",
        )
    return moment


def _shape(mark: str) -> str:
    return f"'00:01:02{mark}500 {ARROW} 00:01:04{mark}000'"


def _by_voice(cues: Iterable[Cue]) -> Iterator[Piece]:
    for cue in cues:
        text, speaker, at = "\n".join(cue.text), None, 0
        marks = [(*found.span(), found[1]) for found in _VOICE.finditer(text)]
        for start, end, name in (*marks, (len(text), len(text), None)):
            if words := text[at:start].strip():
                yield Piece(cue.line, speaker, words, cue.start_ms, cue.end_ms)
            speaker, at = name, end


def _by_name(cues: Iterable[Cue]) -> Iterator[Piece]:
    speaker = None
    for cue in cues:
        said: list[tuple[str | None, list[str]]] = [(speaker, [])]
        for line in cue.text:
            if label := label_of(_DASH.sub("", _TAG.sub("", line))):
                speaker = label.name
                said.append((speaker, [label.words]))
            else:
                said[-1][1].append(line)
        yield from (Piece(cue.line, name, " ".join(words), cue.start_ms, cue.end_ms) for name, words in said if words)


def _plain(text: str | None, escaped: bool) -> str | None:
    if text is None:
        return None
    untagged = _TAG.sub("", text)
    return html.unescape(untagged) if escaped else untagged
