"""The register of documents: every version of every conversation, which one is live, and who may read it.

A version's state says what may be seen of it, and whether the index may hold its chunks:

    staged     being ingested, or being deleted: nobody sees it, some of its chunks may be in the index
    live       the one version that is searched and read
    leaving    no longer live, opened only from old citations; its chunks may still be in the index
    replaced   no longer live, opened only from old citations; the index has none of its chunks

Access belongs to the document: all its versions have the same.
"""

import math
from collections import OrderedDict
from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy import Connection

from core.clock import Clock, utc_now
from core.database import Database, metadata, reading, transaction
from core.errors import ConflictError, NotFoundError
from core.identity import Access, Label, Principal
from memory.retrieval.access import Standing
from memory.transcripts.model import Properties, Speaker, Transcript
from memory.transcripts.stored import from_json, speakers_from_json, to_json

IDS_A_QUERY = 500
STAGED, LIVE, LEAVING, REPLACED = "staged", "live", "leaving", "replaced"

documents = sa.Table(
    "documents",
    metadata,
    sa.Column("tenant", sa.String(64), primary_key=True),
    sa.Column("id", sa.String(200), primary_key=True),
    sa.Column("version", sa.String(64), primary_key=True),
    sa.Column("state", sa.String(16), nullable=False),
    sa.Column("title", sa.Text, nullable=False),
    sa.Column("held", sa.String(40)),
    sa.Column("account", sa.Text),
    sa.Column("label", sa.Integer, nullable=False),
    sa.Column("readers", sa.JSON, nullable=False),
    sa.Column("origin", sa.Text, nullable=False),
    sa.Column("transcript", sa.JSON, nullable=False),
    sa.Column("ingested_at", sa.String(40), nullable=False),
)
_live = documents.c.state == LIVE
sa.Index(
    "uq_documents_live", documents.c.tenant, documents.c.id, unique=True, sqlite_where=_live, postgresql_where=_live
)

LISTED = sa.select(documents.c.id, documents.c.version, documents.c.label, documents.c.readers).where(
    documents.c.tenant == sa.bindparam("tenant"), _live
)
STANDING = LISTED.add_columns(documents.c.title, documents.c.held, documents.c.account).where(
    documents.c.id.in_(sa.bindparam("ids", expanding=True))
)

Key = tuple[str, str, str]
"""Tenant, id and version of a document."""


@dataclass(frozen=True, slots=True)
class Entry:
    """A live document as the catalogue lists it; `turns` is how many there are."""

    id: str
    version: str
    title: str
    held: datetime | None
    account: str | None
    label: Label
    readers: frozenset[str]
    speakers: tuple[Speaker, ...]
    turns: int


@dataclass(frozen=True, slots=True)
class Unpublished:
    """A document with chunks in the index that may not be live; `live` is the version whose chunks stay."""

    tenant: str
    id: str
    live: str | None


Listed = dict[tuple[str, str], Entry]
"""Entries by id and version."""


class Documents:
    """The documents of all tenants. What a version holds never changes, so versions read once are remembered."""

    def __init__(self, database: Database, clock: Clock = utc_now, *, remembered: int = 128) -> None:
        self.database = database
        self._clock = clock
        self._remembered = remembered
        self._transcripts: OrderedDict[Key, Transcript] = OrderedDict()
        self._listed: dict[str, Listed] = {}

    @transaction
    def stage(self, connection: Connection, transcript: Transcript, access: Access, *, origin: str) -> Access:
        """Write a version that nobody sees yet, and return the access it has: that of the document, if it is known.

        A version that was replaced before stays open to old citations while it is ingested again. ConflictError for
        the one that is live.
        """
        key = _key(access.tenant, transcript.id, transcript.content_hash)
        standing_access = _known_access(connection, access.tenant, transcript.id) or access
        state = connection.scalar(sa.select(documents.c.state).where(key))
        if state == LIVE:
            raise ConflictError(f"Document {transcript.id!r} is live in this version: there is nothing to stage")
        if state in (LEAVING, REPLACED):
            connection.execute(sa.update(documents).where(key).values(state=LEAVING))
            return standing_access
        connection.execute(sa.delete(documents).where(key))
        connection.execute(sa.insert(documents).values(self._row(transcript, standing_access, origin)))
        return standing_access

    @transaction
    def publish(self, connection: Connection, tenant: str, document: str, version: str) -> None:
        """Make a staged version live and its predecessor leave, in one transaction. ConflictError if it was not staged."""
        connection.execute(sa.update(documents).where(_is(tenant, document), _live).values(state=LEAVING))
        published = connection.execute(
            sa.update(documents)
            .where(_key(tenant, document, version), documents.c.state.in_((STAGED, LEAVING)))
            .values(state=LIVE, ingested_at=self._clock().isoformat())
        )
        if published.rowcount != 1:
            raise ConflictError(f"Version {version[:12]} of document {document!r} is not staged: stage it first")

    @reading
    def unpublished(
        self,
        connection: Connection,
    ) -> list[Unpublished]:
        """The documents, of all tenants, of which the index may hold chunks that are not live."""
        current = documents.alias("current")
        is_current = (
            (current.c.tenant == documents.c.tenant) & (current.c.id == documents.c.id) & (current.c.state == LIVE)
        )
        query = (
            sa.select(documents.c.tenant, documents.c.id, current.c.version)
            .select_from(documents.outerjoin(current, is_current))
            .where(documents.c.state.in_((STAGED, LEAVING)))
            .distinct()
        )
        return [Unpublished(*row) for row in connection.execute(query)]

    @transaction
    def settle(self, connection: Connection, tenant: str, document: str) -> None:
        """Record that the index holds no chunks of the document but its live version's: staged versions are forgotten."""
        mine = _is(tenant, document)
        connection.execute(sa.delete(documents).where(mine, documents.c.state == STAGED))
        connection.execute(sa.update(documents).where(mine, documents.c.state == LEAVING).values(state=REPLACED))

    @reading
    def standing(self, connection: Connection, tenant: str, ids: Collection[str]) -> dict[str, Standing]:
        """What the rows of the tenant's live documents say now; ids that are not live are left out."""
        rows = connection.execute(STANDING, {"tenant": tenant, "ids": list(ids)})
        return {
            row.id: Standing(
                row.version, _access(tenant, row.label, row.readers), row.title, _moment(row.held), row.account
            )
            for row in rows
        }

    async def live(self, ids: Collection[str], principal: Principal) -> dict[str, str]:
        """The live version of each of these documents that the principal may read."""
        found = await self.standing(principal.tenant, ids)
        return {id_: standing.version for id_, standing in found.items() if standing.access.admits(principal)}

    @reading
    def readable(self, connection: Connection, ids: Collection[str], principal: Principal) -> dict[str, set[str]]:
        """The versions, live and replaced, of each of these documents that the principal may read now."""
        columns = (documents.c.id, documents.c.version, documents.c.label, documents.c.readers)
        query = sa.select(*columns).where(documents.c.tenant == principal.tenant, documents.c.state != STAGED)
        found: dict[str, set[str]] = {}
        for row in connection.execute(query.where(documents.c.id.in_(ids))):
            if _access(principal.tenant, row.label, row.readers).admits(principal):
                found.setdefault(row.id, set()).add(row.version)
        return found

    async def transcript(self, document: str, principal: Principal, version: str | None = None) -> Transcript:
        """The live version, or the published one that a citation names, under the document's access of now.

        NotFoundError, in the same words, for what does not exist and for what the principal may not read.
        """
        current = (await self.live([document], principal)).get(document)
        if current is None:
            raise _not_found(document)
        key = (principal.tenant, document, version or current)
        known = self._transcripts.get(key)
        if known is None:
            known = await self._read(*key)
            self._remember(key, known)
        self._transcripts.move_to_end(key)
        return known

    async def catalogue(self, principal: Principal) -> list[Entry]:
        """The live documents that the principal may read, latest first, those without a date last."""
        tenant = principal.tenant
        rows, known = await self._list(tenant, self._listed.get(tenant, {}))
        self._listed[tenant] = known
        entries = [
            replace(known[row.id, row.version], label=Label(row.label), readers=frozenset(row.readers))
            for row in rows
            if (row.id, row.version) in known and _access(tenant, row.label, row.readers).admits(principal)
        ]
        return sorted(entries, key=lambda entry: (-entry.held.timestamp() if entry.held else math.inf, entry.id))

    @reading
    def _list(self, connection: Connection, tenant: str, known: Listed) -> tuple[Sequence[Any], Listed]:
        """The rows of the tenant's live documents, with what is known of each; only new versions are read whole."""
        rows = connection.execute(LISTED, {"tenant": tenant}).all()
        missing = [row.id for row in rows if (row.id, row.version) not in known]
        entries = known | _entries(connection, tenant, missing)
        return rows, {key: entries[key] for row in rows if (key := (row.id, row.version)) in entries}

    @transaction
    def set_access(self, connection: Connection, document: str, access: Access) -> None:
        """Let these and no others read all versions of the document of this tenant. NotFoundError if there is none."""
        change = sa.update(documents).where(_is(access.tenant, document))
        changed = connection.execute(change.values(label=int(access.label), readers=sorted(access.readers)))
        if not changed.rowcount:
            raise _not_found(document)

    @reading
    def origins(self, connection: Connection, tenant: str, ids: Collection[str]) -> dict[str, str]:
        """Where the live versions of these documents came from, such as their files; ids that are not live are left out."""
        query = sa.select(documents.c.id, documents.c.origin).where(documents.c.tenant == tenant, _live)
        return {row.id: row.origin for row in connection.execute(query.where(documents.c.id.in_(ids)))}

    @transaction
    def set_origin(self, connection: Connection, tenant: str, document: str, origin: str) -> None:
        """Record where the live version came from, for one of which less was known."""
        connection.execute(sa.update(documents).where(_is(tenant, document), _live).values(origin=origin))

    @reading
    def versions(self, connection: Connection, tenant: str, document: str) -> int:
        """How many versions of the document are kept, whoever may read them."""
        query = sa.select(sa.func.count()).where(_is(tenant, document), documents.c.state != STAGED)
        return int(connection.scalar(query) or 0)

    @reading
    def properties(self, connection: Connection, tenant: str, document: str) -> Properties:
        """What is kept beside the words of the live version; nothing where there is none."""
        kept = documents.c.transcript["properties"]
        found = connection.scalar(sa.select(kept).where(_is(tenant, document), _live))
        return tuple((name, value) for name, value in found or ())

    async def withdraw(self, tenant: str, document: str) -> None:
        """Let nobody see any version of the document any more; `settle` forgets them once the index has. NotFoundError."""
        await self._withdraw(tenant, document)
        for key in [key for key in self._transcripts if key[:2] == (tenant, document)]:
            del self._transcripts[key]

    @transaction
    def _withdraw(self, connection: Connection, tenant: str, document: str) -> None:
        seen = sa.update(documents).where(_is(tenant, document), documents.c.state != STAGED)
        if not connection.execute(seen.values(state=STAGED)).rowcount:
            raise _not_found(document)

    @reading
    def _read(self, connection: Connection, tenant: str, document: str, version: str) -> Transcript:
        query = sa.select(documents.c.transcript).where(_key(tenant, document, version), documents.c.state != STAGED)
        stored = connection.scalar(query)
        if stored is None:
            raise _not_found(document)
        return from_json(stored)

    def _remember(self, key: Key, transcript: Transcript) -> None:
        self._transcripts[key] = transcript
        while len(self._transcripts) > self._remembered:
            self._transcripts.popitem(last=False)

    def _row(self, transcript: Transcript, access: Access, origin: str) -> dict[str, object]:
        return {
            "tenant": access.tenant,
            "id": transcript.id,
            "version": transcript.content_hash,
            "state": STAGED,
            "title": transcript.title,
            "held": transcript.held.isoformat() if transcript.held else None,
            "account": transcript.account,
            "label": int(access.label),
            "readers": sorted(access.readers),
            "origin": origin,
            "transcript": to_json(transcript),
            "ingested_at": self._clock().isoformat(),
        }


def _entries(connection: Connection, tenant: str, ids: Sequence[str]) -> dict[tuple[str, str], Entry]:
    """The live documents with these ids; the database takes speakers and the count of turns out of the JSON."""
    stored = documents.c.transcript
    query = sa.select(
        *(documents.c.id, documents.c.version, documents.c.title, documents.c.held, documents.c.account),
        stored["speakers"].label("speakers"),
        sa.func.json_array_length(stored["turns"], type_=sa.Integer).label("turns"),
    ).where(documents.c.tenant == tenant, _live)
    found: dict[tuple[str, str], Entry] = {}
    for first in range(0, len(ids), IDS_A_QUERY):
        for row in connection.execute(query.where(documents.c.id.in_(ids[first : first + IDS_A_QUERY]))):
            found[row.id, row.version] = Entry(
                id=row.id,
                version=row.version,
                title=row.title,
                held=_moment(row.held),
                account=row.account,
                label=Label.RESTRICTED,
                readers=frozenset(),
                speakers=speakers_from_json(row.speakers),
                turns=row.turns,
            )
    return found


def _known_access(connection: Connection, tenant: str, document: str) -> Access | None:
    """The access of a document that is known; any of its versions has it."""
    query = sa.select(documents.c.label, documents.c.readers).where(_is(tenant, document), documents.c.state != STAGED)
    row = connection.execute(query.limit(1)).first()
    return _access(tenant, row.label, row.readers) if row else None


def _is(tenant: str, document: str) -> sa.ColumnElement[bool]:
    return (documents.c.tenant == tenant) & (documents.c.id == document)


def _key(tenant: str, document: str, version: str) -> sa.ColumnElement[bool]:
    return _is(tenant, document) & (documents.c.version == version)


def _access(tenant: str, label: int, readers: list[str]) -> Access:
    return Access(tenant, frozenset(readers), Label(label))


def _moment(written: str | None) -> datetime | None:
    return datetime.fromisoformat(written) if written else None


def _not_found(document: str) -> NotFoundError:
    return NotFoundError(f"No document {document!r} that you may read: choose one from the list of documents")
