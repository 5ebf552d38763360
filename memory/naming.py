"""Which document a file is whose name gives its id: files of one name in several folders are several documents.

The first has the id of the name, each other one the id and a mark of its folder, and keeps it. A file is the document
that stands under the name if it lies in the same folder, if either of the two is known without a folder, or if the
document has the same words: a folder that was moved makes nothing twice.
"""

import hashlib
from dataclasses import replace
from pathlib import PurePath

from memory.documents import Documents
from memory.transcripts.cleaning import LONGEST_ID
from memory.transcripts.model import Transcript

MARK = 6
"""Hexadecimal digits of the hash of a folder."""


async def named(transcript: Transcript, documents: Documents, tenant: str) -> Transcript:
    """The conversation under the id of the document that it is, or will be."""
    if transcript.named_by is None:
        return transcript
    own = _own(transcript.id, transcript.named_by)
    origins = await documents.origins(tenant, [transcript.id, own])
    if own in origins:
        return replace(transcript, id=own)
    holder = origins.get(transcript.id)
    if holder is None or _may_be_same(holder, transcript.named_by):
        return transcript
    standing = await documents.standing(tenant, [transcript.id])
    is_moved = standing[transcript.id].version == transcript.content_hash
    return transcript if is_moved else replace(transcript, id=own)


async def placed(transcript: Transcript, documents: Documents, tenant: str) -> None:
    """Records where the file of a live document lies now, if its folder is told."""
    file = transcript.named_by
    if file is None or not _folder(file).parts:
        return
    if (await documents.origins(tenant, [transcript.id])).get(transcript.id) != file:
        await documents.set_origin(tenant, transcript.id, file)


def renamed(transcript: Transcript) -> str | None:
    """What to tell of an id that is not the name's own."""
    file = transcript.named_by
    if file is None or not transcript.id.endswith(f"-{_mark(file)}"):
        return None
    return f"it is {transcript.id!r}, because a file of this name in another folder is a document too"


def _own(id_: str, file: str) -> str:
    mark = _mark(file)
    return f"{id_[: LONGEST_ID - len(mark) - 1]}-{mark}"


def _mark(file: str) -> str:
    return hashlib.sha256(str(_folder(file)).encode()).hexdigest()[:MARK]


def _may_be_same(one: str, other: str) -> bool:
    """Whether files may lie in one folder; of one that is known by the end of its path, that end decides."""
    ends = sorted((_folder(one).parts, _folder(other).parts), key=len)
    return ends[1][len(ends[1]) - len(ends[0]) :] == ends[0]


def _folder(file: str) -> PurePath:
    return PurePath(file).parent
