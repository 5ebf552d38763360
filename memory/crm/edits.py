"""Single edits of records: each is made once under its key, and leaves what it changed, in one transaction.

crm_edits      key -> what came of it, so that a key can be looked up
crm_synced     one line a field that an edit wrote: what it read before and what it reads since; `modified` has a line
               too, so that what changed a record before is known beside what an edit did
"""

import json
from collections.abc import Collection
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Any

import sqlalchemy as sa
from sqlalchemy import Connection

from core.database import metadata
from core.identity import Label
from core.plans import Fields, Json, canonical
from memory.crm.records import Record
from memory.crm.values import NAMES

edits = sa.Table(
    "crm_edits",
    metadata,
    sa.Column("key", sa.String(64), primary_key=True),
    sa.Column("tenant", sa.String(64), nullable=False),
    sa.Column("outcome", sa.Text, nullable=False),
    sa.Column("at", sa.String(40), nullable=False),
)
synced = sa.Table(
    "crm_synced",
    metadata,
    sa.Column("seq", sa.Integer, primary_key=True),
    sa.Column("tenant", sa.String(64), nullable=False),
    sa.Column("kind", sa.String(40), nullable=False),
    sa.Column("record", sa.String(200), nullable=False),
    sa.Column("field", sa.String(40), nullable=False),
    sa.Column("before", sa.Text, nullable=False),
    sa.Column("after", sa.Text, nullable=False),
    sa.Column("plan", sa.String(64), nullable=False),
    sa.Column("principal", sa.String(300), nullable=False),
    sa.Column("at", sa.String(40), nullable=False),
    sa.Index("ix_crm_synced_tenant_kind_record", "tenant", "kind", "record"),
)
SOPHIA = "Sophia"
"""Where a record comes from that an edit made; only such a record can be removed again."""
EXISTS = "exists"
"""What tells, beside its fields, whether there is a record."""
MODIFIED = "modified"
"""The field that each edit sets to the moment of its writing."""


class How(StrEnum):
    """What an edit does."""

    UPDATE = "update"
    CREATE = "create"
    REMOVE = "remove"


@dataclass(frozen=True, slots=True, kw_only=True)
class Edit:
    """One change of one record. `values` are the fields that are set, as JSON; `plan` is the hash of the approved plan.

    `label` is that of a record that is created.
    """

    key: str
    plan: str
    kind: type[Record]
    id: str
    how: How = How.UPDATE
    values: Fields = field(default_factory=dict)
    label: Label = Label.INTERNAL


@dataclass(frozen=True, slots=True)
class Synced:
    """A field that an edit wrote, with what it read before and since."""

    record: str
    field: str
    before: Json
    after: Json
    plan: str
    principal: str
    at: datetime


def outcome_of(connection: Connection, key: str, tenant: str) -> Fields | None:
    """What came of the tenant's edit under the key; None where there was none."""
    told = sa.select(edits.c.outcome).where(edits.c.key == key, edits.c.tenant == tenant)
    row = connection.execute(told).one_or_none()
    return None if row is None else _read(row.outcome)


def keep(
    connection: Connection, edit: Edit, before: Fields, after: Fields, *, tenant: str, principal: str, at: datetime
) -> Fields:
    """Stores the edit's outcome under its key, and a line for each field that reads otherwise since; the outcome."""
    outcome = {name: value for name, value in after.items() if name != MODIFIED}
    made = {"key": edit.key, "tenant": tenant, "outcome": canonical(outcome), "at": at.isoformat()}
    connection.execute(sa.insert(edits).values(**made))
    lines = [
        {
            "tenant": tenant,
            "kind": NAMES[edit.kind],
            "record": edit.id,
            "field": name,
            "before": canonical(before.get(name)),
            "after": canonical(value),
            "plan": edit.plan,
            "principal": principal,
            "at": at.isoformat(),
        }
        for name, value in after.items()
        if name != EXISTS and before.get(name) != value
    ]
    if lines:
        connection.execute(sa.insert(synced), lines)
    return outcome


def synced_of(connection: Connection, kind: type[Record], records: Collection[str], tenant: str) -> list[Synced]:
    """What edits wrote into these records, oldest first."""
    mine = (synced.c.tenant == tenant) & (synced.c.kind == NAMES[kind]) & synced.c.record.in_(list(records))
    rows = connection.execute(sa.select(synced).where(mine).order_by(synced.c.seq))
    return [_synced(row) for row in rows]


def _synced(row: sa.Row[Any]) -> Synced:
    before, after = json.loads(row.before), json.loads(row.after)
    return Synced(row.record, row.field, before, after, row.plan, row.principal, datetime.fromisoformat(row.at))


def _read(text: str) -> Fields:
    read: Fields = json.loads(text)
    return read
