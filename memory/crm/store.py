"""The embedded CRM, in Sophia's database."""

from collections import Counter
from collections.abc import Collection, Iterator, Sequence
from dataclasses import fields, replace
from datetime import date, datetime
from typing import Any, TypeVar, cast

import sqlalchemy as sa
from sqlalchemy import Connection

from core.clock import Clock, utc_now
from core.database import Database, reading, transaction
from core.errors import ConflictError, ForbiddenError, InvalidInputError, NotFoundError
from core.identity import Label, Principal
from core.plans import Fields
from memory.crm.base import Written
from memory.crm.edits import EXISTS, MODIFIED, SOPHIA, Edit, How, Synced, keep, outcome_of, synced_of
from memory.crm.records import Deal, Record, Source, StageChange, Status, content_hash
from memory.crm.tables import record_of, row_of, tables
from memory.crm.values import NAMES, plain_fields, typed_fields

IDS_A_QUERY = 500
CHANGED = " (changed since)"
IN_ORDER: tuple[type[Record], ...] = (StageChange, *(kind for kind in NAMES if kind is not StageChange))
"""What is told of stages is written before the deals, so that nothing is noticed that was told."""
changes = tables[StageChange]
R = TypeVar("R", bound=Record)
Known = dict[str, tuple[str, Label]]
"""The digest and the label of stored records, by id."""


class EmbeddedCrm:
    """The records of all tenants, in one table a kind."""

    def __init__(self, database: Database, clock: Clock = utc_now) -> None:
        self.database = database
        self._clock = clock

    @reading
    def find(
        self, connection: Connection, kind: type[R], principal: Principal, ids: Collection[str] | None = None
    ) -> list[R]:
        """The records of a kind, or those of them with these ids, that the principal may read, by id."""
        return _find(connection, kind, principal, ids)

    @reading
    def history(self, connection: Connection, deal: str, principal: Principal) -> list[StageChange]:
        """The stages that a deal entered, in order."""
        query = sa.select(changes).where(_readable(changes, principal), changes.c.deal == deal)
        rows = connection.execute(query.order_by(changes.c.entered, changes.c.observed, changes.c.id))
        return [cast("StageChange", record_of(StageChange, row)) for row in rows]

    @transaction
    def put(self, connection: Connection, records: Sequence[Record], principal: Principal) -> dict[str, Written]:
        """Write records over those with the same ids; what was written, by name of kind."""
        written = {}
        for kind in IN_ORDER:
            ours = [record for record in records if type(record) is kind]
            if ours:
                written[NAMES[kind]] = self._put(connection, kind, ours, principal)
        return written

    @transaction
    def amend(self, connection: Connection, record: Record, principal: Principal, *, read: str) -> None:
        """Write a record whose `content_hash` was `read`; ConflictError where it says something else by now."""
        found = _find(connection, type(record), principal, [record.id])
        if not found:
            raise NotFoundError(f"No record {record.id!r} of {NAMES[type(record)]} that you may read")
        if content_hash(found[0]) != read:
            raise ConflictError(
                f"Record {record.id!r} of {NAMES[type(record)]} has changed since it was read: read it again"
            )
        self._put(connection, type(record), [record], principal)

    @transaction
    def edit(self, connection: Connection, edit: Edit, principal: Principal) -> Fields:
        """Makes the edit once; what its fields read since, again also for a key that was seen before.

        NotFoundError where the principal may read no such record, ConflictError where one that is created is there
        already or one that is removed is not Sophia's own, InvalidInputError for fields that cannot be set so.
        """
        made = outcome_of(connection, edit.key, principal.tenant)
        if made is not None:
            return made
        before, after = self._edited(connection, edit, principal)
        at, by = self._clock(), principal.id
        return keep(connection, edit, before, after, tenant=principal.tenant, principal=by, at=at)

    @reading
    def outcome(self, connection: Connection, key: str, tenant: str) -> Fields | None:
        """What came of the tenant's edit under the key; None where there was none."""
        return outcome_of(connection, key, tenant)

    @reading
    def synced(
        self, connection: Connection, kind: type[Record], records: Collection[str], principal: Principal
    ) -> list[Synced]:
        """What edits wrote into those of these records that the principal may read, oldest first."""
        readable = {record.id for record in _find(connection, kind, principal, records)}
        return synced_of(connection, kind, readable, principal.tenant)

    def _edited(self, connection: Connection, edit: Edit, principal: Principal) -> tuple[Fields, Fields]:
        """Makes the edit; what its fields read before and after."""
        found = _find(connection, edit.kind, principal, [edit.id])
        if edit.how is How.CREATE:
            created = _created(edit, principal.tenant, self._clock(), known=bool(found))
            self._put(connection, edit.kind, [created], principal)
            return {}, {EXISTS: True, **plain_fields(created, [*edit.values, MODIFIED])}
        if not found:
            raise NotFoundError(f"No record {edit.id!r} of {NAMES[edit.kind]} that you may read")
        if edit.how is How.REMOVE:
            _remove(connection, edit, found[0])
            return {EXISTS: True}, {EXISTS: False}
        values = typed_fields(edit.kind, edit.values) | _stamped(edit.kind, self._clock())
        changed = replace(found[0], source=_since(found[0].source), **values)
        self._put(connection, edit.kind, [changed], principal)
        told = [*edit.values, MODIFIED]
        return plain_fields(found[0], told), plain_fields(changed, told)

    def _put(self, connection: Connection, kind: type[R], records: Sequence[R], principal: Principal) -> Written:
        known = _known(connection, kind, principal.tenant, [record.id for record in records])
        _check_writable(NAMES[kind], records, known, principal)
        fresh = [record for record in records if record.id not in known]
        risen = [_with_label(record, known) for record in records if record.id in known]
        changed = [one for one in risen if known[one.id] != (content_hash(one), one.label)]
        if kind is Deal:
            self._notice(connection, cast("list[Deal]", changed), principal)
        if kind is StageChange:
            _forget_observed(connection, cast("list[StageChange]", [*fresh, *changed]))
        _insert(connection, kind, fresh)
        _update(connection, kind, changed)
        return Written(len(fresh), len(changed), len(risen) - len(changed))

    def _notice(self, connection: Connection, deals: Sequence[Deal], principal: Principal) -> None:
        """Write into the history what no source tells: deals that are in another stage than they were."""
        before = {deal.id: deal for deal in _find(connection, Deal, principal, [deal.id for deal in deals])}
        moved = [deal for deal in deals if deal.stage != before[deal.id].stage]
        told = _latest_stages(connection, principal.tenant, [deal.id for deal in moved])
        seen = [
            _observed(deal, before[deal.id].stage, self._clock().date())
            for deal in moved
            if told.get(deal.id) != deal.stage
        ]
        known = _known(connection, StageChange, principal.tenant, [change.id for change in seen])
        _insert(connection, StageChange, [change for change in seen if change.id not in known])


def _created(edit: Edit, tenant: str, now: datetime, *, known: bool) -> Record:
    if known:
        raise ConflictError(f"There is a record {edit.id!r} of {NAMES[edit.kind]} already: change it instead")
    values = typed_fields(edit.kind, edit.values) | _stamped(edit.kind, now)
    try:
        return edit.kind(tenant=tenant, id=edit.id, label=edit.label, source=Source(SOPHIA), **values)
    except TypeError as error:
        raise InvalidInputError(f"A new record of {NAMES[edit.kind]} needs more: {error}") from None


def _since(source: Source) -> Source:
    """Where a record was read that reads otherwise by now."""
    told = source.file in ("", SOPHIA) or source.file.endswith(CHANGED)
    return source if told else Source(f"{source.file}{CHANGED}", source.line)


def _stamped(kind: type[Record], now: datetime) -> dict[str, Any]:
    """What is set with every edit."""
    return {MODIFIED: now} if MODIFIED in {field.name for field in fields(kind)} else {}


def _remove(connection: Connection, edit: Edit, record: Record) -> None:
    if record.source.file != SOPHIA:
        raise ConflictError(f"Record {edit.id!r} of {NAMES[edit.kind]} is not Sophia's: only what it made is removed")
    table = tables[edit.kind]
    connection.execute(sa.delete(table).where(table.c.tenant == record.tenant, table.c.id == record.id))


def _observed(deal: Deal, previous: str, today: date) -> StageChange:
    ended = deal.closed if deal.status is not Status.OPEN else None
    entered = ended or (deal.modified.date() if deal.modified else today)
    return StageChange(
        tenant=deal.tenant,
        id=f"{deal.id}:{entered}:{deal.stage}",
        label=deal.label,
        source=deal.source,
        deal=deal.id,
        stage=deal.stage,
        entered=entered,
        previous=previous,
        observed=True,
    )


def _check_writable(name: str, records: Sequence[Record], known: Known, principal: Principal) -> None:
    """ForbiddenError or InvalidInputError for the first record that the principal may not write."""
    twice = [id_ for id_, times in Counter(record.id for record in records).items() if times > 1]
    if twice:
        raise InvalidInputError(f"Two records of {name} have the id {twice[0]!r}: write each once")
    for record in records:
        if record.tenant != principal.tenant:
            raise ForbiddenError(f"Record {record.id!r} of {name} belongs to another tenant")
        _, label = known.get(record.id, ("", record.label))
        if max(label, record.label) > principal.clearance:
            raise ForbiddenError(f"The id {record.id!r} of {name} cannot be used: it needs a higher clearance")


def _with_label(record: R, known: Known) -> R:
    return replace(record, label=max(record.label, known[record.id][1]))


def _readable(table: sa.Table, principal: Principal) -> sa.ColumnElement[bool]:
    return (table.c.tenant == principal.tenant) & (table.c.label <= int(principal.clearance))


def _find(connection: Connection, kind: type[R], principal: Principal, ids: Collection[str] | None = None) -> list[R]:
    table = tables[kind]
    query = sa.select(table).where(_readable(table, principal)).order_by(table.c.id)
    queries = [query] if ids is None else [query.where(table.c.id.in_(some)) for some in _parts(ids)]
    return [cast("R", record_of(kind, row)) for one in queries for row in connection.execute(one)]


def _known(connection: Connection, kind: type[Record], tenant: str, ids: Collection[str]) -> Known:
    table = tables[kind]
    query = sa.select(table.c.id, table.c.hash, table.c.label).where(table.c.tenant == tenant)
    rows = (row for some in _parts(ids) for row in connection.execute(query.where(table.c.id.in_(some))))
    return {row.id: (row.hash, Label(row.label)) for row in rows}


def _latest_stages(connection: Connection, tenant: str, deals: Collection[str]) -> dict[str, str]:
    """The stage that a source last told of each of these deals."""
    query = sa.select(changes.c.deal, changes.c.stage).where(changes.c.tenant == tenant, ~changes.c.observed)
    ordered = query.order_by(changes.c.entered, changes.c.id)
    rows = (row for some in _parts(deals) for row in connection.execute(ordered.where(changes.c.deal.in_(some))))
    return {row.deal: row.stage for row in rows}


def _forget_observed(connection: Connection, told: Sequence[StageChange]) -> None:
    """A change that a source tells of stands for the one that was only noticed, on its day or later."""
    keys: list[dict[str, Any]] = [
        {"of_tenant": one.tenant, "of_deal": one.deal, "to_stage": one.stage, "since": one.entered}
        for one in told
        if not one.observed
    ]
    if keys:
        same = (changes.c.tenant == sa.bindparam("of_tenant")) & (changes.c.deal == sa.bindparam("of_deal"))
        later = (changes.c.stage == sa.bindparam("to_stage")) & (changes.c.entered >= sa.bindparam("since"))
        connection.execute(sa.delete(changes).where(changes.c.observed, same, later), keys)


def _insert(connection: Connection, kind: type[Record], records: Sequence[Record]) -> None:
    if records:
        connection.execute(sa.insert(tables[kind]), [row_of(record, content_hash(record)) for record in records])


def _update(connection: Connection, kind: type[Record], records: Sequence[Record]) -> None:
    """Write the rows again under their keys: they keep their places in the table, and nothing else is touched."""
    table = tables[kind]
    rows = [row_of(record, content_hash(record)) for record in records]
    if rows:
        key = (table.c.tenant == sa.bindparam("of_tenant")) & (table.c.id == sa.bindparam("of_id"))
        keyed: list[dict[str, Any]] = [{**row, "of_tenant": row["tenant"], "of_id": row["id"]} for row in rows]
        values: dict[str, Any] = {name: sa.bindparam(name) for name in rows[0] if name not in {"tenant", "id"}}
        connection.execute(sa.update(table).where(key).values(values), keyed)


def _parts(ids: Collection[str]) -> Iterator[list[str]]:
    listed = list(ids)
    return (listed[first : first + IDS_A_QUERY] for first in range(0, len(listed), IDS_A_QUERY))
