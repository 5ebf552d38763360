"""Briefings in the database: kept as they were told, read under the rights of now."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy import Connection

from agents.executive_briefing.document import BRIEFING, Briefing
from api.briefings.periods import Kind
from api.briefings.tables import briefings
from api.runs.rights import Basis, admitted
from core.database import Database, reading, transaction
from core.errors import ConflictError, NotFoundError, WithheldError
from core.identity import Label, Principal
from memory.citable import Shelf

MOST_LISTED = 100
_LISTED = [column for column in briefings.c if column.name != "briefing"]


@dataclass(frozen=True, slots=True)
class Asked:
    """What was asked for, in the words of the request; `key` makes asking again give the same briefing."""

    words: str
    kind: Kind
    key: str | None = None


@dataclass(frozen=True, slots=True)
class Listed:
    """A briefing in a list."""

    id: str
    audience: str
    kind: Kind
    first: date
    last: date
    label: Label
    made_at: datetime


class Briefings:
    """Whoever of the tenant may read all that a briefing rests on may read the briefing."""

    def __init__(self, database: Database, documents: Shelf) -> None:
        self.database = database
        self._documents = documents

    @transaction
    def keep(self, connection: Connection, briefing: Briefing, asked: Asked, *, owner: Principal) -> str:
        """Stores it and returns its id; the id of the one before it where its key has been used meanwhile."""
        if earlier := _with_key(connection, asked, owner):
            return earlier
        connection.execute(
            sa.insert(briefings).values(
                id=briefing.id,
                tenant=owner.tenant,
                owner=owner.id,
                key=asked.key,
                asked=asked.words,
                audience=briefing.audience,
                kind=asked.kind,
                first=briefing.first,
                last=briefing.last,
                label=int(briefing.label),
                documents=sorted(briefing.documents),
                quoted=sorted({(one.citation.document, one.citation.content_hash) for one in briefing.sources}),
                made_at=briefing.made_at.isoformat(),
                briefing=BRIEFING.dump_python(briefing, mode="json"),
            )
        )
        return briefing.id

    @reading
    def asked_before(self, connection: Connection, asked: Asked, *, owner: Principal) -> str | None:
        """The id of what this key gave; ConflictError where the key was used to ask for something else."""
        return _with_key(connection, asked, owner)

    async def one(self, briefing: str, *, principal: Principal) -> Briefing:
        """NotFoundError for one that the tenant does not have, WithheldError for one that he may not read now."""
        row = await self._row(briefing, principal)
        if row is None:
            raise NotFoundError(f"No briefing {briefing!r}: see GET /v1/briefings for those you may read")
        [shown] = await admitted(self._documents, principal, [_basis(row)])
        if not shown:
            raise WithheldError(
                f"The briefing {briefing!r} rests on material that you may not read, or that was deleted"
            )
        return BRIEFING.validate_python(row.briefing)

    async def listed(self, *, principal: Principal) -> list[Listed]:
        """Those that the principal may read now, the newest first."""
        rows = await self._rows(principal)
        shown = await admitted(self._documents, principal, [_basis(row) for row in rows])
        return [_listed(row) for row, admits in zip(rows, shown, strict=True) if admits]

    async def last(self, audience: str, kind: Kind, *, before: date, principal: Principal) -> Briefing | None:
        """The principal's newest one for the audience whose kind of period ended before the day, if he may read it now.

        Somebody else's would be no measure: it was made of what that person may read.
        """
        rows = await self._earlier(audience, kind, before, principal)
        shown = await admitted(self._documents, principal, [_basis(row) for row in rows])
        row = next((row for row, admits in zip(rows, shown, strict=True) if admits), None)
        return await self.one(row.id, principal=principal) if row else None

    @reading
    def _row(self, connection: Connection, briefing: str, principal: Principal) -> Any:
        mine = sa.select(briefings).where(briefings.c.id == briefing, briefings.c.tenant == principal.tenant)
        return connection.execute(mine).one_or_none()

    @reading
    def _rows(self, connection: Connection, principal: Principal) -> Sequence[Any]:
        cleared = (briefings.c.tenant == principal.tenant, briefings.c.label <= int(principal.clearance))
        newest = sa.select(*_LISTED).where(*cleared).order_by(briefings.c.made_at.desc(), briefings.c.id)
        return connection.execute(newest.limit(MOST_LISTED)).all()

    @reading
    def _earlier(
        self, connection: Connection, audience: str, kind: Kind, before: date, principal: Principal
    ) -> Sequence[Any]:
        statement = (
            sa.select(*_LISTED)
            .where(
                briefings.c.owner == principal.id,
                briefings.c.label <= int(principal.clearance),
                briefings.c.audience == audience,
                briefings.c.kind == kind,
                briefings.c.last < before,
            )
            .order_by(briefings.c.last.desc(), briefings.c.made_at.desc())
            .limit(MOST_LISTED)
        )
        return connection.execute(statement).all()


def _with_key(connection: Connection, asked: Asked, owner: Principal) -> str | None:
    if asked.key is None:
        return None
    used = sa.select(briefings.c.id, briefings.c.asked).where(
        briefings.c.owner == owner.id, briefings.c.key == asked.key
    )
    row = connection.execute(used).one_or_none()
    if row is None:
        return None
    if row.asked != asked.words:
        raise ConflictError(f"The key {asked.key!r} was used to ask for another briefing: send a new one")
    return str(row.id)


def _basis(row: Any) -> Basis:
    return Basis(Label(row.label), frozenset(row.documents), frozenset((one, version) for one, version in row.quoted))


def _listed(row: Any) -> Listed:
    made_at = datetime.fromisoformat(row.made_at)
    return Listed(row.id, row.audience, Kind(row.kind), row.first, row.last, Label(row.label), made_at)
