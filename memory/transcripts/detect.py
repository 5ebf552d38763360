"""From a file to its conversations: the format is found in the content, never in the file's extension."""

import json
from pathlib import Path, PurePath

from memory.transcripts import gong, labelled, qmsum
from memory.transcripts.faults import UnreadableError
from memory.transcripts.model import Transcript
from memory.transcripts.stem import dated

MAX_BYTES = 16_777_216
TRIED = (
    "it is none of the formats Sophia reads: Gong's transcripts (JSON with 'callTranscripts'), QMSum's meetings (JSON with "
    "'meeting_transcripts'), text whose turns begin with their speaker ('Anna Meyer: hello', '[12:04] Anna Meyer: hello')"
)
DETAILS_ALONE = "it has the details of calls without what was said: add Gong's 'callTranscripts' to the same object"


def read_file(path: Path, *, limit: int = MAX_BYTES, account: str | None = None) -> tuple[Transcript, ...]:
    """The conversations of a file of at most `limit` bytes. Raises what `read` does, and OSError."""
    with path.open("rb") as opened:
        content = opened.read(limit + 1)
    return read(content, file=str(path), limit=limit, account=account)


def read(content: bytes, *, file: str, limit: int = MAX_BYTES, account: str | None = None) -> tuple[Transcript, ...]:
    """The conversations in a file's bytes; `account` is whom they are with where the content does not say.

    A format that leaves id and title to the file's name may leave the day to it too. A name of Gong's file may hold the
    day of the export, and tells nothing.

    UnreadableError names the file, the line or JSON path, the reason and the remedy.
    """
    if len(content) > limit:
        raise UnreadableError(file, f"it has more than {limit:,} bytes: split it, or raise the limit")
    text = _decoded(content, file)
    stem = PurePath(file).stem
    if not text.strip():
        raise UnreadableError(file, "it is empty: export the conversation again", place="line 1")
    if text.lstrip().startswith("{"):
        return _read_json(text, file=file, stem=stem, account=account)
    if not labelled.is_labelled(text):
        raise UnreadableError(file, TRIED)
    return _dated(labelled.read(text, file=file, stem=stem, account=account), stem)


def _dated(transcripts: tuple[Transcript, ...], stem: str) -> tuple[Transcript, ...]:
    return tuple(dated(transcript, stem) for transcript in transcripts)


def _decoded(content: bytes, file: str) -> str:
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        raise UnreadableError(
            file, f"byte {content[error.start]:#04x} is not UTF-8: save the file as UTF-8", place=f"line {line}"
        ) from None


def _read_json(text: str, *, file: str, stem: str, account: str | None) -> tuple[Transcript, ...]:
    document = _parsed(text, file)
    if "callTranscripts" in document:
        return gong.read(document, file=file, account=account)
    if "meeting_transcripts" in document:
        return _dated(qmsum.read(document, file=file, stem=stem, account=account), stem)
    raise UnreadableError(file, DETAILS_ALONE if "calls" in document else TRIED)


def _parsed(text: str, file: str) -> dict[str, object]:
    try:
        document = json.loads(text)
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
    assert isinstance(document, dict)
    return document
