"""From a file to its conversations: the format is found in the content, never in the file's extension."""

import codecs
import json
import re
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path, PurePath

from memory.transcripts import gong, gong_exports, labelled, qmsum, srt, table, tokens, webvtt
from memory.transcripts.cleaning import clean, id_from_stem
from memory.transcripts.faults import UnreadableError
from memory.transcripts.model import Properties, Transcript
from memory.transcripts.pieces import Origin
from memory.transcripts.stem import dated

MAX_BYTES = 16_777_216
TRIED = (
    "it is none of the formats Sophia reads: Gong's transcripts (JSON with 'callTranscripts'), QMSum's meetings (JSON with "
    "'meeting_transcripts'), WebVTT, SRT, a table of turns (CSV whose first line names 'speaker' and 'text'), Earnings-21's "
    "tokens ('token|speaker|…'), text whose turns begin with their speaker ('Anna Meyer: hello', '[12:04] Anna Meyer: hello')"
)
DETAILS_ALONE = "it has the details of calls without what was said: add Gong's 'callTranscripts' to the same object"
READ_AS = "read as"

_JSON = re.compile(r"\s*(?:\{|\[\s*[\[{\]])")


def read_file(path: Path, *, limit: int = MAX_BYTES, account: str | None = None) -> tuple[Transcript, ...]:
    """The conversations of a file of at most `limit` bytes. Raises what `read` does, and OSError."""
    with path.open("rb") as opened:
        content = opened.read(limit + 1)
    return read(content, file=str(path), folder=str(path.parent.resolve()), limit=limit, account=account)


def read(
    content: bytes, *, file: str, folder: str | None = None, limit: int = MAX_BYTES, account: str | None = None
) -> tuple[Transcript, ...]:
    """The conversations in a file's bytes; `account` is whom they are with where the content does not say.

    `folder` is where the file lies, if that is not a part of its name already.

    A format that leaves id and title to the file's name may leave the day to it too. A name of Gong's file may hold the
    day of the export, and tells nothing.

    UnreadableError names the file, the line or JSON path, the reason and the remedy.
    """
    if len(content) > limit:
        raise UnreadableError(file, f"it has more than {limit:,} bytes: split it, or raise the limit")
    text, read_as = _decoded(content, file)
    origin = Origin(file, PurePath(file).stem, account, folder)
    if not text.strip():
        raise UnreadableError(file, "it is empty: export the conversation again", place="line 1")
    if _JSON.match(text):
        return _read_json(text, origin)
    for fits, reader in _TEXTS:
        if fits(text):
            found = (replace(one, properties=(*one.properties, *read_as)) for one in reader(text, origin))
            return tuple(_named(dated(one, origin.stem), origin) for one in found)
    raise UnreadableError(file, TRIED)


def is_read_as(transcript: Transcript) -> str | None:
    """The encoding that was taken for a file that does not say its own; None where there was nothing to guess."""
    return dict(transcript.properties).get(READ_AS)


def _labelled(text: str, origin: Origin) -> tuple[Transcript, ...]:
    return labelled.read(text, file=origin.file, stem=origin.stem, account=origin.account)


_TEXTS: tuple[tuple[Callable[[str], bool], Callable[[str, Origin], tuple[Transcript, ...]]], ...] = (
    (webvtt.is_webvtt, webvtt.read),
    (tokens.is_tokens, tokens.read),
    (srt.is_srt, srt.read),
    (table.is_table, table.read),
    (labelled.is_labelled, _labelled),
)
"""How each format of text is told, and read; the first that fits counts."""


def _decoded(content: bytes, file: str) -> tuple[str, Properties]:
    """The text, and the encoding where it had to be guessed: sheets and captions of Windows often do not say theirs."""
    if content.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return _strictly(content, "utf-16", "UTF-16, which it begins as", file), ()
    try:
        return content.decode("utf-8-sig"), ()
    except UnicodeDecodeError:
        guessed = content.decode("cp1252", errors="ignore")
    if srt.is_srt(guessed) or table.is_table(guessed):
        return _strictly(content, "cp1252", "Windows-1252", file), ((READ_AS, "Windows-1252"),)
    return _strictly(content, "utf-8-sig", "UTF-8", file), ()


def _strictly(content: bytes, encoding: str, name: str, file: str) -> str:
    try:
        return content.decode(encoding)
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        raise UnreadableError(
            file, f"byte {content[error.start]:#04x} is not {name}: save the file as UTF-8", place=f"line {line}"
        ) from None


def _read_json(text: str, origin: Origin) -> tuple[Transcript, ...]:
    document = _parsed(text, origin.file)
    if isinstance(document, dict) and "meeting_transcripts" in document:
        found = qmsum.read(document, file=origin.file, stem=origin.stem, account=origin.account)
        return tuple(_named(dated(one, origin.stem), origin) for one in found)
    export = gong_exports.gathered(document)
    if export.transcripts is not None:
        return gong.read(export, file=origin.file, account=origin.account)
    raise UnreadableError(origin.file, TRIED if export.calls is None else DETAILS_ALONE)


def _named(transcript: Transcript, origin: Origin) -> Transcript:
    """The conversation with the file that gave it its id, if it was the file's name that did."""
    if transcript.id != id_from_stem(origin.stem, origin.file):
        return transcript
    file = PurePath(origin.folder, PurePath(origin.file).name) if origin.folder else origin.file
    return replace(transcript, named_by=clean(str(file)))


def _parsed(text: str, file: str) -> object:
    try:
        document: object = json.loads(text)
    except json.JSONDecodeError as error:
        raise UnreadableError(
            file,
            f"broken JSON in column {error.colno}, {error.msg}: correct it, or export the file again",
            place=f"line {error.lineno}",
        ) from None
    except (RecursionError, ValueError):
        raise UnreadableError(
            file, "its JSON is nested too deeply or holds a number too long: export it again"
        ) from None
    return document
