"""API keys: shown once, kept as a digest, each standing for a principal."""

import hashlib
import hmac
import secrets
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy import Connection

from core.clock import Clock
from core.database import Database, metadata, reading, transaction
from core.errors import ForbiddenError, InvalidInputError, UnauthenticatedError
from core.identity import Label, Principal

api_keys = sa.Table(
    "api_keys",
    metadata,
    sa.Column("digest", sa.String(64), primary_key=True),
    sa.Column("tenant", sa.String(64), nullable=False),
    sa.Column("user", sa.String(200), nullable=False),
    sa.Column("roles", sa.JSON, nullable=False),
    sa.Column("groups", sa.JSON, nullable=False),
    sa.Column("clearance", sa.Integer, nullable=False),
    sa.Column("created_at", sa.String(40), nullable=False),
    sa.Column("revoked_at", sa.String(40)),
    sa.Index("ix_api_keys_tenant_user", "tenant", "user"),
)

ASK, INGEST, DECIDE, APPROVE, ADMIN, METRICS = "ask", "ingest", "decide", "approve", "admin", "metrics"
ROLES = frozenset({ASK, INGEST, DECIDE, APPROVE, ADMIN, METRICS})
OWNER = "owner"


def local_owner(tenant: str) -> Principal:
    """The person whose data directory this is: every role, cleared for everything, and a reader of every document.

    He is in no group; `api.security.access` names him among the readers of what is narrowed to some.
    """
    return Principal(tenant, OWNER, roles=ROLES, clearance=Label.RESTRICTED)


def require(principal: Principal, role: str) -> None:
    """ForbiddenError unless the principal has the role."""
    if role not in principal.roles:
        raise ForbiddenError(f"This needs the role {role!r}, which the key of {principal.user!r} does not have")


@dataclass(frozen=True, slots=True)
class OwnerToken:
    """The secret that the owner's card holds, so that commands of the same user reach the server."""

    value: str
    principal: Principal

    def __repr__(self) -> str:
        return f"OwnerToken({self.principal.id!r})"


@dataclass(frozen=True, slots=True)
class Holder:
    """Somebody who holds `keys` keys that are not revoked; the rights are those of the newest."""

    principal: Principal
    keys: int
    newest_at: datetime


class Keys:
    """Creates keys and finds the principal behind one."""

    def __init__(
        self,
        database: Database,
        *,
        clock: Clock,
        owner: OwnerToken,
        new_secret: Callable[[], str] = secrets.token_urlsafe,
    ) -> None:
        self.database = database
        self._clock = clock
        self._owner = owner
        self._new_secret = new_secret

    @transaction
    def create(self, connection: Connection, principal: Principal) -> str:
        """A new key for the principal, shown this once. InvalidInputError for an unknown role or an empty user."""
        if unknown := principal.roles - ROLES:
            raise InvalidInputError(f"Unknown role {sorted(unknown)[0]!r}: use {', '.join(sorted(ROLES))}")
        if not principal.user.strip() or principal.user == OWNER:
            raise InvalidInputError(f"A key needs a user's name, not {principal.user!r}")
        key = f"sk-sophia-{self._new_secret()}"
        connection.execute(
            sa.insert(api_keys).values(
                digest=_digest(key),
                tenant=principal.tenant,
                user=principal.user,
                roles=sorted(principal.roles),
                groups=sorted(principal.groups),
                clearance=int(principal.clearance),
                created_at=self._clock().isoformat(),
            )
        )
        return key

    @transaction
    def revoke(self, connection: Connection, tenant: str, user: str) -> int:
        """Ends every key of the user at once; how many that were."""
        live = (api_keys.c.tenant == tenant, api_keys.c.user == user, api_keys.c.revoked_at.is_(None))
        ended = connection.execute(sa.update(api_keys).where(*live).values(revoked_at=self._clock().isoformat()))
        return ended.rowcount

    @reading
    def holders(self, connection: Connection, tenant: str) -> list[Holder]:
        """Everybody of the tenant who holds a key, by name."""
        live = sa.select(api_keys).where(api_keys.c.tenant == tenant, api_keys.c.revoked_at.is_(None))
        found: dict[str, Holder] = {}
        for row in connection.execute(live.order_by(api_keys.c.user, api_keys.c.created_at)):
            earlier = found[row.user].keys if row.user in found else 0
            found[row.user] = Holder(_principal(row), earlier + 1, datetime.fromisoformat(row.created_at))
        return list(found.values())

    async def principal(self, key: str) -> Principal:
        """Who the key stands for now; UnauthenticatedError for a key that is unknown or revoked.

        Rights belong to the user, not to the key: they are those that the user's newest key was made with.
        """
        if hmac.compare_digest(key.encode(), self._owner.value.encode()):
            return self._owner.principal
        named = api_keys.alias("named")
        holds = sa.exists().where(
            named.c.digest == _digest(key),
            named.c.revoked_at.is_(None),
            named.c.tenant == api_keys.c.tenant,
            named.c.user == api_keys.c.user,
        )
        found = await self._find(holds)
        if found is None:
            raise UnauthenticatedError(
                "Unknown API key: send 'Authorization: Bearer <key>'; 'sophia keys add' makes one"
            )
        return found

    async def resolve(self, principal_id: str) -> Principal:
        """The principal of a stored run as it is now; UnauthenticatedError once all its keys are revoked."""
        if principal_id == self._owner.principal.id:
            return self._owner.principal
        tenant, _, user = principal_id.partition("/")
        found = await self._find(sa.and_(api_keys.c.tenant == tenant, api_keys.c.user == user))
        if found is None:
            raise UnauthenticatedError(f"The rights of {principal_id!r} were revoked")
        return found

    @reading
    def _find(self, connection: Connection, condition: sa.ColumnElement[bool]) -> Principal | None:
        statement = (
            sa.select(api_keys)
            .where(condition, api_keys.c.revoked_at.is_(None))
            .order_by(api_keys.c.created_at.desc())
            .limit(1)
        )
        row = connection.execute(statement).one_or_none()
        return None if row is None else _principal(row)


def _principal(row: Any) -> Principal:
    return Principal(row.tenant, row.user, frozenset(row.roles), frozenset(row.groups), Label(row.clearance))


def _digest(key: str) -> str:
    return hashlib.sha256(key.encode()).hexdigest()
