"""`/v1/documents`: what may be asked about, and new material."""

from typing import Annotated

from fastapi import APIRouter, Depends, Query, Request

from api.bootstrap import Sophia
from api.chat.schemas import DocumentView, IngestedView
from api.security.access import wanted_access
from api.security.http import asker, the_sophia
from api.security.keys import INGEST, require
from core.identity import Principal
from memory.transcripts.detect import read

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
    label: str | None = None,
    readers: Annotated[list[str] | None, Query(description="everyone, user:<name>, group:<name>")] = None,
) -> list[IngestedView]:
    """Ingests the body, a transcript in any format Sophia reads. Sending it again changes nothing.

    An id whose document you may not read cannot be used.
    """
    require(principal, INGEST)
    access = wanted_access(principal.tenant, label or sophia.settings.default_label, readers or ())
    limit = sophia.settings.max_document_bytes
    transcripts = read(await request.body(), file=name, limit=limit)
    report = await sophia.ingestion.ingest(transcripts, access, principal=principal)
    return [IngestedView(document=item.document, outcome=item.outcome, reason=item.reason) for item in report.items]
