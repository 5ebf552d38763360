"""`/v1/documents`: what may be asked about, new material, who may read it, and its end."""

from collections import Counter
from http import HTTPStatus
from typing import Annotated

from fastapi import APIRouter, Depends, Query, Request

from api.bootstrap import Sophia
from api.chat.schemas import (
    AccessChange,
    AccessView,
    DocumentView,
    IngestedView,
    SameSpeaker,
    SpeakersView,
    SpeakerView,
)
from api.security.access import changed_access, wanted_access
from api.security.http import asker, the_sophia
from api.security.keys import ADMIN, INGEST, require
from core.errors import NotFoundError
from core.identity import Principal
from memory.transcripts.detect import read
from memory.transcripts.model import Transcript
from memory.transcripts.spellings import proposals

router = APIRouter(prefix="/v1/documents", tags=["documents"])
Sophia_ = Annotated[Sophia, Depends(the_sophia)]
Asker = Annotated[Principal, Depends(asker)]


@router.get("")
async def catalogue(sophia: Sophia_, principal: Asker) -> list[DocumentView]:
    """The documents you may read, newest first."""
    found = await sophia.documents.catalogue(principal)
    return [
        DocumentView(
            id=entry.id,
            title=entry.title,
            held=entry.held,
            account=entry.account,
            label=str(entry.label),
            readers=sorted(entry.readers),
            speakers=[speaker.name for speaker in entry.speakers],
            turns=entry.turns,
        )
        for entry in found
    ]


@router.post("")
async def upload(
    request: Request,
    name: Annotated[
        str, Query(min_length=1, max_length=300, description="File name; a transcript without an id is named by it")
    ],
    sophia: Sophia_,
    principal: Asker,
    folder: Annotated[
        str | None,
        Query(max_length=4096, description="Where the file lies: it tells apart files of one name in several folders"),
    ] = None,
    label: str | None = None,
    readers: Annotated[list[str] | None, Query(description="everyone, user:<name>, group:<name>")] = None,
) -> list[IngestedView]:
    """Ingests the body, a transcript in any format Sophia reads. Sending it again changes nothing.

    An id whose document you may not read cannot be used.
    """
    require(principal, INGEST)
    access = wanted_access(principal.tenant, label or sophia.settings.default_label, readers or ())
    limit = sophia.settings.max_document_bytes
    transcripts = read(await request.body(), file=name, folder=folder, limit=limit)
    report = await sophia.ingestion.ingest(transcripts, access, principal=principal)
    return [IngestedView(document=item.document, outcome=item.outcome, reason=item.reason) for item in report.items]


@router.get("/{document:path}/speakers")
async def speakers(document: str, sophia: Sophia_, principal: Asker) -> SpeakersView:
    """Who speaks in a document, and which names may be one person's by their spelling."""
    return _speakers(await sophia.documents.transcript(document, principal))


@router.post("/{document:path}/speakers")
async def join_speakers(document: str, same: SameSpeaker, sophia: Sophia_, principal: Asker) -> SpeakersView:
    """Makes several speakers one, in a new version of the document. Ingesting its file again keeps it so."""
    require(principal, ADMIN)
    return _speakers(await sophia.ingestion.join_speakers(document, same.names, same.name, principal=principal))


def _speakers(transcript: Transcript) -> SpeakersView:
    turns = Counter(turn.speaker for turn in transcript.turns)
    shown = [
        SpeakerView(name=one.name, role=one.role, title=one.title, turns=turns[one.id]) for one in transcript.speakers
    ]
    return SpeakersView(speakers=shown, may_be_one=[list(names) for names in proposals(transcript)])


@router.patch("/{document:path}")
async def change_access(document: str, change: AccessChange, sophia: Sophia_, principal: Asker) -> AccessView:
    """Lets these and no others read a document of your tenant, in all its versions, from the next request on.

    Answers that rest on it are withheld from whoever may no longer read it.
    """
    require(principal, ADMIN)
    standing = (await sophia.documents.standing(principal.tenant, [document])).get(document)
    if standing is None:
        raise NotFoundError(
            f"No document {document!r}: see 'sophia documents list' or GET /v1/documents for those you may read"
        )
    access = changed_access(standing.access, change.label, change.readers)
    await sophia.ingestion.set_access(document, access)
    return AccessView(id=document, label=str(access.label), readers=sorted(access.readers))


@router.delete("/{document:path}", status_code=HTTPStatus.NO_CONTENT)
async def delete(document: str, sophia: Sophia_, principal: Asker) -> None:
    """Deletes a document of your tenant with all its versions. Answers that rest on it are withheld from everybody."""
    require(principal, ADMIN)
    await sophia.ingestion.delete(principal.tenant, document)
