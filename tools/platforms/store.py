"""What is known of platforms, in the database: desired and actual state, dependencies, and the history of changes."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Any

import sqlalchemy as sa
from sqlalchemy import Connection
from sqlalchemy.dialects.sqlite import insert

from core.database import Database, reading, transaction
from core.plans import Fields, canonical
from tools.platforms.base import Health, Status
from tools.platforms.drift import Difference, drift
from tools.platforms.tables import changes, dependencies, states

MOST_SHOWN = 50


class Kind(StrEnum):
    """What happened: Sophia changed it, took a change back, or could not tell; or it was found to be otherwise."""

    APPLIED = "applied"
    ROLLED_BACK = "rolled_back"
    FAILED = "failed"
    UNKNOWN = "unknown"
    OBSERVED = "observed"


@dataclass(frozen=True, slots=True)
class Line:
    """One line of a platform's history. `by` is the principal's id, and `plan` the hash of the plan, of what Sophia did."""

    platform: str
    at: datetime
    kind: Kind
    before: Fields
    after: Fields
    note: str = ""
    by: str = ""
    plan: str | None = None


@dataclass(frozen=True, slots=True)
class Known:
    """What is wanted of a platform, and what it was when it was last looked at."""

    platform: str
    desired: Fields = field(default_factory=dict)
    actual: Fields = field(default_factory=dict)
    health: Health = Health.UNKNOWN
    observed_at: datetime | None = None

    @property
    def drift(self) -> tuple[Difference, ...]:
        """Where it is otherwise than it is wanted."""
        return drift(self.desired, self.actual)


class PlatformStore:
    """The states of one tenant's platforms."""

    def __init__(self, database: Database, tenant: str) -> None:
        self.database = database
        self._tenant = tenant

    @transaction
    def observe(self, connection: Connection, found: Sequence[Status]) -> None:
        """Keeps what platforms are like now; where one is otherwise than it was, its history says so."""
        for status in found:
            before = self._known(connection, status.platform)
            actual = before.actual if status.health is Health.UNKNOWN else status.actual
            if before.observed_at and before.observed_at > status.at:
                continue
            other = bool(before.observed_at) and before.health is not status.health
            if other or (before.actual and before.actual != actual):
                note = f"found {status.health}: {status.says}"
                self._note(
                    connection,
                    Line(status.platform, status.at, Kind.OBSERVED, _told(before.health, before.actual), _told(status.health, actual), note),
                )  # fmt: skip
            at = status.at.isoformat()
            self._keep(connection, status.platform, actual=_plain(actual), health=status.health, observed_at=at)

    @transaction
    def changed(self, connection: Connection, line: Line, *, desired: Fields | None = None) -> None:
        """Writes a line of the history; `desired` is what is wanted of the platform from now on, where that changed."""
        self._note(connection, line)
        if desired is not None:
            wanted = {**self._known(connection, line.platform).desired, **desired}
            self._keep(connection, line.platform, desired=_plain(wanted))
        if line.kind in (Kind.APPLIED, Kind.ROLLED_BACK):
            actual = {**self._known(connection, line.platform).actual, **line.after}
            self._keep(connection, line.platform, actual=_plain(actual))

    @transaction
    def depend(self, connection: Connection, needs: Mapping[str, Sequence[str]]) -> None:
        """Keeps what each platform needs, in place of what was kept."""
        connection.execute(sa.delete(dependencies).where(dependencies.c.tenant == self._tenant))
        rows = [{"tenant": self._tenant, "platform": one, "needs": other} for one in needs for other in set(needs[one])]
        if rows:
            connection.execute(sa.insert(dependencies), rows)

    @reading
    def known(self, connection: Connection, platform: str) -> Known:
        """What is known of the platform; nothing of one that was never looked at."""
        return self._known(connection, platform)

    @reading
    def dependents(self, connection: Connection, platform: str) -> tuple[str, ...]:
        """What needs the platform, itself or through others, by name."""
        theirs = sa.select(dependencies).where(dependencies.c.tenant == self._tenant)
        edges = [(row.platform, row.needs) for row in connection.execute(theirs)]
        reached, found = {platform}, set[str]()
        while more := {one for one, needs in edges if needs in reached} - found:
            found |= more
            reached = found
        return tuple(sorted(found - {platform}))

    @reading
    def history(self, connection: Connection, platform: str | None = None, limit: int = MOST_SHOWN) -> tuple[Line, ...]:
        """What happened to the platform, or to all, the newest first."""
        query = sa.select(changes).where(changes.c.tenant == self._tenant)
        if platform is not None:
            query = query.where(changes.c.platform == platform)
        return tuple(_line(row) for row in connection.execute(query.order_by(changes.c.n.desc()).limit(limit)))

    def _known(self, connection: Connection, platform: str) -> Known:
        theirs = sa.select(states).where(states.c.tenant == self._tenant, states.c.platform == platform)
        row = connection.execute(theirs).one_or_none()
        if row is None:
            return Known(platform)
        at = datetime.fromisoformat(row.observed_at) if row.observed_at else None
        return Known(platform, row.desired, row.actual, Health(row.health), at)

    def _keep(self, connection: Connection, platform: str, **values: object) -> None:
        row = {"tenant": self._tenant, "platform": platform, "desired": {}, "actual": {}, "health": Health.UNKNOWN}
        statement = insert(states).values(**{**row, **values})
        keys = [states.c.tenant, states.c.platform]
        connection.execute(statement.on_conflict_do_update(index_elements=keys, set_=values))

    def _note(self, connection: Connection, line: Line) -> None:
        connection.execute(
            sa.insert(changes).values(
                tenant=self._tenant,
                platform=line.platform,
                at=line.at.isoformat(),
                kind=line.kind,
                before=_plain(line.before),
                after=_plain(line.after),
                by=line.by,
                plan=line.plan,
                note=line.note,
            )
        )


def _told(health: Health, actual: Fields) -> Fields:
    return {"health": str(health), **actual}


def _plain(fields: Fields) -> Any:
    """The fields as the database's JSON takes them."""
    return json.loads(canonical(fields))


def _line(row: sa.Row[Any]) -> Line:
    at = datetime.fromisoformat(row.at)
    return Line(row.platform, at, Kind(row.kind), row.before, row.after, row.note, row.by, row.plan)
