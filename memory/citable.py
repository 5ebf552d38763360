"""Everything that a citation may point at: documents that were ingested, notes of the CRM, decisions, messages."""

from collections import defaultdict
from collections.abc import Collection, Mapping
from typing import Protocol

from core.identity import Principal
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
    """Several shelves as one: a text's id says by its beginning on which of `others` it stands, else it is a document."""

    def __init__(self, documents: Shelf, others: Mapping[str, Shelf]) -> None:
        self._documents, self._others = documents, others

    async def readable(self, ids: Collection[str], principal: Principal) -> dict[str, set[str]]:
        """The versions of each of these texts that the principal may read."""
        found: dict[str, set[str]] = {}
        for shelf, own in self._by_shelf(ids).items():
            found |= await shelf.readable(own, principal)
        return found

    async def live(self, ids: Collection[str], principal: Principal) -> dict[str, str]:
        """The present version of each of these texts that the principal may read."""
        found: dict[str, str] = {}
        for shelf, own in self._by_shelf(ids).items():
            found |= await shelf.live(own, principal)
        return found

    async def transcript(self, document: str, principal: Principal, version: str | None = None) -> Transcript:
        """The text in its present or in the given version; NotFoundError for what may not be read."""
        return await self._shelf(document).transcript(document, principal, version)

    def _shelf(self, id_: str) -> Shelf:
        return next((shelf for prefix, shelf in self._others.items() if id_.startswith(prefix)), self._documents)

    def _by_shelf(self, ids: Collection[str]) -> Mapping[Shelf, list[str]]:
        found: defaultdict[Shelf, list[str]] = defaultdict(list)
        for id_ in ids:
            found[self._shelf(id_)].append(id_)
        return found
