"""The tables of the embedded CRM: one a kind of record, a column a field."""

from dataclasses import fields
from datetime import date, datetime
from decimal import Decimal
from types import NoneType
from typing import Any, get_args, get_type_hints

import sqlalchemy as sa

from core.database import Exact, metadata
from core.identity import Label
from core.periods import Grain
from memory.crm.records import KINDS, Record, Source, Status


class Moment(sa.TypeDecorator[datetime]):
    """A moment with its offset."""

    impl = sa.String(40)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, _dialect: sa.Dialect) -> str | None:
        return None if value is None else value.isoformat()

    def process_result_value(self, value: str | None, _dialect: sa.Dialect) -> datetime | None:
        return None if value is None else datetime.fromisoformat(value)


TYPES: dict[type, type[sa.types.TypeEngine[Any]]] = {
    str: sa.Text,
    Status: sa.Text,
    Grain: sa.Text,
    int: sa.Integer,
    bool: sa.Boolean,
    date: sa.Date,
    datetime: Moment,
    Decimal: Exact,
}
REVIVED = {"status": Status, "grain": Grain}
OF_EVERY_RECORD = {field.name for field in fields(Record)}


def _table(name: str, kind: type[Record]) -> sa.Table:
    own = [(field, hint) for field, hint in get_type_hints(kind).items() if field not in OF_EVERY_RECORD]
    return sa.Table(
        f"crm_{name}",
        metadata,
        sa.Column("tenant", sa.String(64), primary_key=True),
        sa.Column("id", sa.String(200), primary_key=True),
        *(_column(field, hint) for field, hint in own),
        sa.Column("label", sa.Integer, nullable=False),
        sa.Column("file", sa.Text, nullable=False),
        sa.Column("line", sa.Integer),
        sa.Column("hash", sa.String(64), nullable=False),
    )


def _column(name: str, hint: Any) -> sa.Column[Any]:
    required = NoneType not in get_args(hint)
    [plain] = [part for part in get_args(hint) or (hint,) if part is not NoneType]
    return sa.Column(name, TYPES[plain], nullable=not required)


tables: dict[type[Record], sa.Table] = {kind: _table(name, kind) for name, kind in KINDS.items()}
"""The table of each kind of record."""

_changes = tables[KINDS["stage_changes"]]
sa.Index("ix_crm_stage_changes_tenant_deal", _changes.c.tenant, _changes.c.deal)


def row_of(record: Record, digest: str) -> dict[str, object]:
    """The row that keeps a record under the digest of its content."""
    row: dict[str, object] = {field.name: getattr(record, field.name) for field in fields(record)}
    del row["source"]
    return {**row, "label": int(record.label), "file": record.source.file, "line": record.source.line, "hash": digest}


def record_of(kind: type[Record], row: sa.Row[Any]) -> Record:
    """The record that a row keeps."""
    kept = dict(row._mapping)
    del kept["hash"]
    source = Source(kept.pop("file"), kept.pop("line"))
    worded = {name: word(kept[name]) for name, word in REVIVED.items() if name in kept}
    return kind(**{**kept, **worded, "label": Label(kept["label"]), "source": source})
