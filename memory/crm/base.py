"""The port of the CRM: what reads it and what writes to it need of wherever it is kept."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Protocol, TypeVar

from core.identity import Principal
from memory.crm.records import Record, StageChange

R = TypeVar("R", bound=Record)


@dataclass(frozen=True, slots=True)
class Written:
    """How many records of a kind a `put` found new, different from what was known, and as they were."""

    added: int = 0
    changed: int = 0
    unchanged: int = 0


class Crm(Protocol):
    """The records of all tenants. A principal reads and writes those of its tenant up to its clearance."""

    async def find(self, kind: type[R], principal: Principal, ids: Collection[str] | None = None) -> list[R]:
        """The records of a kind, or those of them with these ids, that the principal may read, by id."""
        ...

    async def history(self, deal: str, principal: Principal) -> list[StageChange]:
        """The stages that a deal entered, in order."""
        ...

    async def put(self, records: Sequence[Record], principal: Principal) -> dict[str, Written]:
        """Write records over those with the same ids, all of them or none; what was written, by name of kind.

        Writing the same again changes nothing. A label rises but never falls. A deal that was in another stage enters its
        history, unless a source tells of that change. ForbiddenError for a record of another tenant, above the
        principal's clearance, or under an id whose record the principal may not read; InvalidInputError for two records
        under one id.
        """
        ...

    async def amend(self, record: Record, principal: Principal, *, read: str) -> None:
        """Write a record whose `content_hash` was `read`; ConflictError where it says something else by now.

        NotFoundError where the principal may read no such record.
        """
        ...
