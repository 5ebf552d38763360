"""Marks of calls that are being forgotten: what a crash cuts short is finished by the next owner of the data directory.

    asked     somebody wants it forgotten; the call may still be there
    deleted   no version of the call is left, and the id may be used again
    erased    its words are out of every row; the files still hold what the rows held

A mark goes when the files are written anew.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

import sqlalchemy as sa
from sqlalchemy import Connection
from sqlalchemy.dialects.sqlite import insert

from core.database import metadata


class Step(StrEnum):
    """How far a forgetting has come."""

    ASKED = "asked"
    DELETED = "deleted"
    ERASED = "erased"


forgettings = sa.Table(
    "forgettings",
    metadata,
    sa.Column("tenant", sa.String(64), primary_key=True),
    sa.Column("document", sa.String(200), primary_key=True),
    sa.Column("principal", sa.String(300), nullable=False),
    sa.Column("step", sa.String(16), nullable=False),
)


@dataclass(frozen=True, slots=True)
class Mark:
    """A document that is being forgotten, and on whose word."""

    tenant: str
    document: str
    principal: str
    step: Step = Step.ASKED


def left(connection: Connection) -> list[Mark]:
    """The marks of all tenants."""
    rows = connection.execute(sa.select(forgettings).order_by(forgettings.c.tenant, forgettings.c.document))
    return [Mark(row.tenant, row.document, row.principal, Step(row.step)) for row in rows]


def keep(connection: Connection, mark: Mark) -> None:
    """Writes the mark over an earlier one of the document."""
    row = {"tenant": mark.tenant, "document": mark.document, "principal": mark.principal, "step": mark.step}
    upsert = insert(forgettings).values(row)
    connection.execute(upsert.on_conflict_do_update(index_elements=["tenant", "document"], set_=row))


def drop(connection: Connection, ended: Iterable[Mark]) -> None:
    """Takes the marks away."""
    for mark in ended:
        mine = (forgettings.c.tenant == mark.tenant) & (forgettings.c.document == mark.document)
        connection.execute(sa.delete(forgettings).where(mine))
