"""Citations as ids that travel in a URL: `<document>~<version>~<first>-<last turn>~<start>-<end character>`."""

import re
from urllib.parse import quote

from core.errors import NotFoundError
from memory.transcripts.model import Transcript
from models.evidence import Citation

SHAPE = re.compile(
    r"(?P<document>.+)~(?P<version>[0-9a-f]{64})~(?P<a>\d{1,9})-(?P<b>\d{1,9})~(?P<start>\d{1,12})-(?P<end>\d{1,12})"
)


def source_url(citation: Citation) -> str:
    """The path of the API that opens the citation."""
    return f"/v1/sources/{quote(citation.id, safe='')}"


def citation_of(source: str) -> Citation:
    """The citation behind an id; NotFoundError for anything that is not one."""
    parts = SHAPE.fullmatch(source)
    if parts is None:
        raise _unknown(source)
    turns, span = (int(parts["a"]), int(parts["b"])), (int(parts["start"]), int(parts["end"]))
    return Citation(parts["document"], parts["version"], turns, span)


def quoted(transcript: Transcript, cited: Citation) -> str:
    """The cited characters; NotFoundError where the document has no such turns, or the span is not inside them."""
    (first, last), (start, end) = cited.turns, cited.span
    if not first <= last < len(transcript.utterances):
        raise _unknown(cited.id)
    begin = transcript.utterances[first - 1].span[1] if first else 0
    if not begin <= start < end <= transcript.utterances[last].span[1]:
        raise _unknown(cited.id)
    return transcript.text[start:end]


def _unknown(source: str) -> NotFoundError:
    return NotFoundError(f"No source {source!r}: take the id from an answer's sources")
