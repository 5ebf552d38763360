"""Everything that a citation may point at: documents that were ingested, and notes of the CRM."""

from collections.abc import Collection
from typing import Protocol

from core.identity import Principal
from memory.crm.notes import PREFIX
from memory.transcripts.model import Transcript


class Shelf(Protocol):
    """Texts under the access of now."""

    async def readable(self, ids: Collection[str], principal: Principal) -> dict[str, set[str]]:
        """The versions of each of these texts that the principal may read."""
        ...

    async def live(self, ids: Collection[str], principal: Principal) -> dict[str, str]:
        """The present version of each of these texts that the principal may read."""
        ...

    async def transcript(self, document: str, principal: Principal, version: str | None = None) -> Transcript:
        """The text in its present or in the given version; NotFoundError for what may not be read."""
        ...


class Citable:
    """Both shelves as one; a text's id says on which it stands."""

    def __init__(self, documents: Shelf, notes: Shelf) -> None:
        self._documents, self._notes = documents, notes

    async def readable(self, ids: Collection[str], principal: Principal) -> dict[str, set[str]]:
        """The versions of each of these texts that the principal may read."""
        noted = [one for one in ids if one.startswith(PREFIX)]
        others = [one for one in ids if not one.startswith(PREFIX)]
        found = await self._documents.readable(others, principal) if others else {}
        return found | (await self._notes.readable(noted, principal) if noted else {})

    async def live(self, ids: Collection[str], principal: Principal) -> dict[str, str]:
        """The present version of each of these texts that the principal may read."""
        noted = [one for one in ids if one.startswith(PREFIX)]
        others = [one for one in ids if not one.startswith(PREFIX)]
        found = await self._documents.live(others, principal) if others else {}
        return found | (await self._notes.live(noted, principal) if noted else {})

    async def transcript(self, document: str, principal: Principal, version: str | None = None) -> Transcript:
        """The text in its present or in the given version; NotFoundError for what may not be read."""
        shelf = self._notes if document.startswith(PREFIX) else self._documents
        return await shelf.transcript(document, principal, version)
