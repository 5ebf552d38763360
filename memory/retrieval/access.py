"""The second fence: each hit is checked against its document's row before it leaves memory.

The first is the filter inside the index's query. Between a change of access and its arrival in the index, and between
a new version and the removal of the old one, only the row is right.
"""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from core.identity import Access, Principal
from memory.indexes.base import Hit


@dataclass(frozen=True, slots=True)
class Standing:
    """What a document's row says now: its live version, who may read it, how it is called, whom it is with."""

    version: str
    access: Access
    title: str
    held: datetime | None = None
    account: str | None = None


class Register(Protocol):
    """Where documents' rows are."""

    async def standing(self, tenant: str, documents: Collection[str]) -> Mapping[str, Standing]:
        """The standing of those of the tenant's documents that are live; the others are left out."""
        ...


class Fence:
    """Lets hits pass whose document is live in that version and may be read; one per search, so that rows are read once."""

    def __init__(self, register: Register, principal: Principal) -> None:
        self._register = register
        self._principal = principal
        self._standings: dict[str, Standing | None] = {}

    def __getitem__(self, document: str) -> Standing:
        """The standing of a document that passed."""
        standing = self._standings[document]
        assert standing is not None, f"{document!r} did not pass"
        return standing

    def names(self, documents: Iterable[str]) -> dict[str, str]:
        """Titles of documents that passed, with the account where it is known."""
        return {document: f"{self[document].title} {self[document].account or ''}" for document in documents}

    async def look_up(self, hits: Iterable[Hit]) -> None:
        """Read the rows of the hits' documents that were not read yet."""
        unknown = {hit.document for hit in hits} - self._standings.keys()
        if unknown:
            found = await self._register.standing(self._principal.tenant, unknown)
            self._standings |= {document: found.get(document) for document in unknown}

    def passes(self, hit: Hit) -> bool:
        """Whether the hit may leave; its document must have been looked up."""
        standing = self._standings[hit.document]
        return standing is not None and standing.version == hit.version and standing.access.admits(self._principal)
