"""Forgets a call: the call first, then every place that has its words, then what the files still hold of deleted rows."""

import asyncio
import logging
from collections.abc import Sequence
from dataclasses import dataclass, replace

import sqlalchemy as sa
from sqlalchemy import Connection

from api.forgetting import marks
from api.forgetting.marks import Mark, Step
from api.forgetting.traces import Traces, counted, erase, traces
from api.runs.run import UNFINISHED
from api.runs.tables import runs
from core.audit import Audit, Entry
from core.disk import is_full
from core.errors import BusyError, NotFoundError
from core.identity import Principal
from memory.documents import Documents
from memory.documents import Entry as Listed
from memory.indexes.base import Writable
from memory.ingestion import Ingestion

PATIENCE_S, BETWEEN_LOOKS_S = 60.0, 0.2
log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Survey:
    """What there is of a call; `call` is None where only traces of a deleted one are left.

    `unfinished` says that it was begun to be forgotten, and that files may still hold its words.
    """

    document: str
    call: Listed | None
    versions: int
    traces: dict[str, int]
    unfinished: bool = False


class Forgetting:
    """For the data directory's one owner."""

    def __init__(self, documents: Documents, ingestion: Ingestion, index: Writable, audit: Audit) -> None:
        self._documents, self._ingestion, self._index, self._audit = documents, ingestion, index, audit
        self._database = documents.database

    async def recover(self) -> None:
        """Finishes what a crash cut short, before anything reads or answers.

        Where the disk is too full to write the files anew, or somebody reads them, that is logged and left to the next
        start: the words are out of every row then.
        """
        left = await self._database.read(marks.left)
        for mark in left:
            if mark.step is Step.ASKED and await self._documents.versions(mark.tenant, mark.document):
                await self._ingestion.delete(mark.tenant, mark.document)
            if mark.step is not Step.ERASED:
                await self._take_out(mark)
        if not left:
            return
        try:
            await self._write_anew(left)
        except Exception as error:
            if not (isinstance(error, BusyError) or is_full(error)):
                raise
            names = ", ".join(mark.document for mark in left)
            log.warning("Files still hold words of what was forgotten (%s), until the next start: %s", names, error)

    async def spoken_by(self, name: str, principal: Principal) -> list[str]:
        """The calls that the principal may read in which somebody of this name speaks, in any case. NotFoundError."""
        entries = await self._documents.catalogue(principal)
        found = [one.id for one in entries if name.casefold() in {who.name.casefold() for who in one.speakers}]
        if not found:
            raise NotFoundError(f"Nobody called {name!r} speaks in a call: see 'sophia documents speakers CALL'")
        return found

    async def survey(self, document: str, principal: Principal) -> Survey:
        """What would go and what would stay. NotFoundError where nothing of the document is left."""
        found = await self._database.read(lambda connection: traces(connection, principal.tenant, document))
        begun = {(mark.tenant, mark.document) for mark in await self._database.read(marks.left)}
        unfinished = (principal.tenant, document) in begun
        entries = await self._documents.catalogue(principal)
        call = next((one for one in entries if one.id == document), None)
        versions = await self._documents.versions(principal.tenant, document)
        if not (versions or unfinished) and found == Traces():
            raise NotFoundError(f"Nothing is left of a document {document!r}: see 'sophia documents list'")
        return Survey(document, call, versions, counted(found), unfinished)

    async def forget(self, document: str, principal: Principal) -> Survey:
        """Deletes the document and every trace, and returns what went.

        BusyError where questions that may have read it are not answered in a minute: nobody sees it from then on, and
        forgetting again, or the next start, takes out the rest.
        """
        survey = await self.survey(document, principal)
        mark = Mark(principal.tenant, document, principal.id)
        await self._database.write(lambda connection: marks.keep(connection, mark))
        if survey.versions:
            await self._ingestion.delete(principal.tenant, document)
        await self._database.write(lambda connection: marks.keep(connection, replace(mark, step=Step.DELETED)))
        await self._until_answered(document)
        await self._take_out(mark)
        await self._write_anew([mark])
        return survey

    async def _take_out(self, mark: Mark) -> None:
        """The words out of every row, the note in the audit log and the mark's step, in one transaction."""

        def work(connection: Connection) -> None:
            found = traces(connection, mark.tenant, mark.document)
            erase(connection, mark.document, found)
            gone = [("document.forgotten", mark.document), *(("approval.forgotten", one) for one in found.unrun)]
            for action, subject in gone:
                self._audit.note(connection, Entry(mark.tenant, mark.principal, action, subject))
            marks.keep(connection, replace(mark, step=Step.ERASED))

        await self._audit.write(mark.tenant, work)

    async def _write_anew(self, erased: Sequence[Mark]) -> None:
        """The files without what the rows held, and no more marks."""
        await self._index.purge()
        await self._database.scrub()
        await self._database.write(lambda connection: marks.drop(connection, erased))

    async def _until_answered(self, document: str) -> None:
        """Waits for the runs that began while the document could be read."""
        begun = set(await self._database.read(_unfinished))
        for _ in range(round(PATIENCE_S / BETWEEN_LOOKS_S)):
            if not begun & set(await self._database.read(_unfinished)):
                return
            await asyncio.sleep(BETWEEN_LOOKS_S)
        raise BusyError(
            f"The document {document!r} is deleted, and questions that may have read it are still being answered: "
            "forget it again once they are, or start Sophia anew, which finishes it"
        )


def _unfinished(connection: Connection) -> list[str]:
    return list(connection.scalars(sa.select(runs.c.id).where(runs.c.status.in_(UNFINISHED))))
