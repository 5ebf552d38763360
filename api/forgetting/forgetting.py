"""Forgets a call: the call first, then every place that has its words, then what the files still hold of deleted rows."""

import asyncio
from dataclasses import dataclass

import sqlalchemy as sa
from sqlalchemy import Connection

from api.forgetting.traces import Traces, counted, erase, traces
from api.runs.run import UNFINISHED
from api.runs.tables import runs
from core.audit import Audit, Entry
from core.errors import BusyError, NotFoundError
from core.identity import Principal
from memory.documents import Documents
from memory.documents import Entry as Listed
from memory.indexes.base import Writable
from memory.ingestion import Ingestion

PATIENCE_S, BETWEEN_LOOKS_S = 60.0, 0.2


@dataclass(frozen=True, slots=True)
class Survey:
    """What there is of a call; `call` is None where only traces of a deleted one are left."""

    document: str
    call: Listed | None
    versions: int
    traces: dict[str, int]


class Forgetting:
    """For the data directory's one owner."""

    def __init__(self, documents: Documents, ingestion: Ingestion, index: Writable, audit: Audit) -> None:
        self._documents, self._ingestion, self._index, self._audit = documents, ingestion, index, audit
        self._database = documents.database

    async def spoken_by(self, name: str, principal: Principal) -> list[str]:
        """The calls that the principal may read in which somebody of this name speaks, in any case. NotFoundError."""
        entries = await self._documents.catalogue(principal)
        found = [one.id for one in entries if name.casefold() in {who.name.casefold() for who in one.speakers}]
        if not found:
            raise NotFoundError(f"Nobody called {name!r} speaks in a call: see 'sophia documents speakers CALL'")
        return found

    async def survey(self, document: str, principal: Principal) -> Survey:
        """What would go and what would stay. NotFoundError where nothing of the document is left."""
        found = await self._traces(principal.tenant, document)
        entries = await self._documents.catalogue(principal)
        call = next((one for one in entries if one.id == document), None)
        versions = await self._documents.versions(principal.tenant, document)
        if not versions and found == Traces():
            raise NotFoundError(f"Nothing is left of a document {document!r}: see 'sophia documents list'")
        return Survey(document, call, versions, counted(found))

    async def forget(self, document: str, principal: Principal) -> Survey:
        """Deletes the document and every trace, and returns what went.

        BusyError where questions that may have read it are not answered in a minute: nobody sees it from then on, and
        forgetting again takes out the rest.
        """
        survey = await self.survey(document, principal)
        if survey.versions:
            await self._ingestion.delete(principal.tenant, document)
        await self._until_answered(document)
        await self._audit.write(principal.tenant, lambda connection: self._erase(connection, document, principal))
        await self._index.purge()
        await self._database.scrub()
        return survey

    async def _traces(self, tenant: str, document: str) -> Traces:
        return await self._database.read(lambda connection: traces(connection, tenant, document))

    def _erase(self, connection: Connection, document: str, principal: Principal) -> None:
        found = traces(connection, principal.tenant, document)
        erase(connection, document, found)
        gone = [("document.forgotten", document), *(("approval.forgotten", approval) for approval in found.unrun)]
        for action, subject in gone:
            self._audit.note(connection, Entry(principal.tenant, principal.id, action, subject))

    async def _until_answered(self, document: str) -> None:
        """Waits for the runs that began while the document could be read."""
        begun = set(await self._database.read(_unfinished))
        for _ in range(round(PATIENCE_S / BETWEEN_LOOKS_S)):
            if not begun & set(await self._database.read(_unfinished)):
                return
            await asyncio.sleep(BETWEEN_LOOKS_S)
        raise BusyError(
            f"The document {document!r} is deleted, and questions that may have read it are still being answered: "
            "forget it again once they are"
        )


def _unfinished(connection: Connection) -> list[str]:
    return list(connection.scalars(sa.select(runs.c.id).where(runs.c.status.in_(UNFINISHED))))
