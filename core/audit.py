"""The audit log: an append-only chain per tenant, in which every change shows.

Each entry's digest is HMAC-SHA256 over the digest before it and its own canonical text, so that nobody without the key
can write one that fits. The chain alone cannot tell that its end is missing: a sealed head beside it in the database, and
another outside it, say how long the log is. Details pass an allow-list: what an entry may say of a write is which fields
were written, never their values.
"""

import hashlib
import hmac
import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, TypeVar

import sqlalchemy as sa
from sqlalchemy import Connection
from sqlalchemy.dialects.sqlite import insert

from core.anchors import Anchors, Head
from core.clock import Clock
from core.database import Database, metadata, reading, transaction
from core.errors import InvalidInputError, TamperedError
from core.plans import Fields, canonical

audit = sa.Table(
    "audit",
    metadata,
    sa.Column("tenant", sa.String(64), primary_key=True),
    sa.Column("n", sa.Integer, primary_key=True),
    sa.Column("at", sa.String(40), nullable=False),
    sa.Column("actor", sa.String(300), nullable=False),
    sa.Column("action", sa.String(60), nullable=False),
    sa.Column("subject", sa.String(300), nullable=False),
    sa.Column("details", sa.Text, nullable=False),
    sa.Column("previous", sa.String(64), nullable=False),
    sa.Column("digest", sa.String(64), nullable=False),
)
audit_heads = sa.Table(
    "audit_heads",
    metadata,
    sa.Column("tenant", sa.String(64), primary_key=True),
    sa.Column("count", sa.Integer, nullable=False),
    sa.Column("digest", sa.String(64), nullable=False),
    sa.Column("seal", sa.String(64), nullable=False),
)
GENESIS = "0" * 64
LONGEST = 200
MOST_SHOWN = 1000
WITHHELD = "withheld"
ALLOWED = frozenset(
    {
        "action", "approval", "attempt", "by", "code", "expires_at", "fields", "four_eyes", "key", "label", "per_s",
        "plan", "replaces", "role", "rule", "state", "step", "steps", "system", "target", "uses",
    }
)  # fmt: skip

R = TypeVar("R")


@dataclass(frozen=True, slots=True)
class Entry:
    """What is to be noted: who did what to what. Details that the allow-list lacks are noted by name alone."""

    tenant: str
    actor: str
    action: str
    subject: str
    details: Fields = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Noted:
    """An entry as it stands in the log, counted from 1."""

    n: int
    at: str
    actor: str
    action: str
    subject: str
    details: Mapping[str, Any]


class Audit:
    """Appends to the log and looks it over."""

    def __init__(self, database: Database, anchors: Anchors, *, key: bytes, clock: Clock) -> None:
        self.database = database
        self._anchors = anchors
        self._key = key
        self._clock = clock

    async def write(self, tenant: str, work: Callable[[Connection], R]) -> R:
        """What `work` returns, whose transaction may `note` things about the tenant. The log's end is anchored after it,
        and before its first entry that it has none: a log without an anchor is never what a crash left.
        """

        def noted(connection: Connection) -> tuple[R, Head | None]:
            if _head(connection, tenant) is None:
                self._anchors.keep(tenant, Head(0, GENESIS, self._seal(tenant, 0, GENESIS)))
            return work(connection), _head(connection, tenant)

        result, head = await self.database.write(noted)
        if head:
            await self.database.beside(lambda: self._anchors.keep(tenant, head))
        return result

    def note(self, connection: Connection, entry: Entry) -> None:
        """Appends the entry inside the caller's transaction: it stands there if and only if the deed does."""
        head = _head(connection, entry.tenant)
        n = head.count + 1 if head else 1
        row = {
            "tenant": entry.tenant,
            "n": n,
            "at": self._clock().isoformat(),
            "actor": entry.actor,
            "action": entry.action,
            "subject": entry.subject,
            "details": canonical(_allowed(entry.details)),
            "previous": head.digest if head else GENESIS,
        }
        digest = self._digest(row)
        connection.execute(sa.insert(audit).values(**row, digest=digest))
        end = {"count": n, "digest": digest, "seal": self._seal(entry.tenant, n, digest)}
        upsert = insert(audit_heads).values(tenant=entry.tenant, **end)
        connection.execute(upsert.on_conflict_do_update(index_elements=["tenant"], set_=end))

    async def verify(self, tenant: str) -> int:
        """How many entries the log has. TamperedError with the index of the first that is not as it was written."""
        anchored = (await self.database.beside(self._anchors.read)).get(tenant)
        rows, kept = await self._log(tenant)
        previous = GENESIS
        for index, row in enumerate(rows, 1):
            if row["n"] != index or row["previous"] != previous or not self._holds(row):
                raise TamperedError(
                    f"The audit log of {tenant!r} was changed at entry {index}: what stands there was not written by Sophia",
                    index=index,
                )
            previous = row["digest"]
        self._check_head(tenant, kept, rows, whole=True, where="the database")
        self._check_head(tenant, anchored, rows, whole=False, where="the anchor outside it")
        return len(rows)

    @reading
    def shown(self, connection: Connection, tenant: str, *, after: int = 0, most: int = 100) -> list[Noted]:
        """The entries behind the `after`th, the oldest first, at most 1000."""
        statement = sa.select(audit).where(audit.c.tenant == tenant, audit.c.n > after).order_by(audit.c.n)
        rows = connection.execute(statement.limit(min(most, MOST_SHOWN)))
        return [Noted(row.n, row.at, row.actor, row.action, row.subject, json.loads(row.details)) for row in rows]

    @transaction
    def _log(self, connection: Connection, tenant: str) -> tuple[Sequence[Mapping[str, Any]], Head | None]:
        rows = connection.execute(sa.select(audit).where(audit.c.tenant == tenant).order_by(audit.c.n)).mappings().all()
        return [dict(row) for row in rows], _head(connection, tenant)

    def _check_head(
        self, tenant: str, head: Head | None, rows: Sequence[Mapping[str, Any]], *, whole: bool, where: str
    ) -> None:
        """The log must reach the head; the one in the database must be its very end."""
        if head is None:
            if rows:
                raise TamperedError(f"The end of the audit log of {tenant!r} is missing from {where}", index=len(rows))
            return
        if not hmac.compare_digest(head.seal, self._seal(tenant, head.count, head.digest)):
            raise TamperedError(f"The end of the audit log of {tenant!r} in {where} was changed", index=len(rows))
        if head.count > len(rows):
            raise TamperedError(
                f"The audit log of {tenant!r} was cut short: entry {len(rows) + 1} of {head.count} is missing",
                index=len(rows) + 1,
            )
        digest = rows[head.count - 1]["digest"] if head.count else GENESIS
        if (whole and head.count < len(rows)) or digest != head.digest:
            raise TamperedError(
                f"The audit log of {tenant!r} goes on behind entry {head.count}, where {where} says that it ends",
                index=head.count + whole,
            )

    def _holds(self, row: Mapping[str, Any]) -> bool:
        try:
            digest = self._digest(row)
        except InvalidInputError:
            return False
        return hmac.compare_digest(str(row["digest"]).encode(), digest.encode())

    def _digest(self, row: Mapping[str, Any]) -> str:
        said = {name: value for name, value in row.items() if name != "digest"}
        return self._keyed(canonical(said))

    def _seal(self, tenant: str, count: int, digest: str) -> str:
        return self._keyed(canonical(["head", tenant, count, digest]))

    def _keyed(self, text: str) -> str:
        return hmac.new(self._key, text.encode(), hashlib.sha256).hexdigest()


def _head(connection: Connection, tenant: str) -> Head | None:
    found = sa.select(*audit_heads.c["count", "digest", "seal"]).where(audit_heads.c.tenant == tenant)
    row = connection.execute(found).mappings().one_or_none()
    return Head(**row) if row else None


def _allowed(details: Fields) -> Fields:
    """The details that may stand in the log, long texts cut; the names of the others."""
    known = {name: _short(value) for name, value in details.items() if name in ALLOWED}
    left_out = sorted(set(details) - ALLOWED)
    return {**known, WITHHELD: left_out} if left_out else known


def _short(value: Any) -> Any:
    if isinstance(value, str):
        return value[:LONGEST]
    if isinstance(value, bool | int | float | None):
        return value
    return [str(one)[:LONGEST] for one in value]
