"""The ledger: decisions are recorded, corrected and superseded by adding records; nothing is ever changed or removed."""

from collections.abc import Iterable, Sequence
from datetime import UTC, date, datetime, timedelta
from typing import Any

import sqlalchemy as sa
from sqlalchemy import Connection

from core.clock import Clock, NewId, new_id, utc_now
from core.database import Database, reading, transaction
from core.errors import ConflictError, ForbiddenError, InvalidInputError, NotFoundError
from core.identity import Label, Principal
from memory.decisions.evidence import Words, check_quotations, readable_only
from memory.decisions.history import Entry, Kept, Kind, chain, kept
from memory.decisions.model import DECISION, OUTCOME, Decision, Outcome
from memory.decisions.tables import records

TICK = timedelta(microseconds=1)
CONTENT = (Kind.DECIDED, Kind.CORRECTED)


class Ledger:
    """The decisions of all tenants. A decision that quotes what the principal may not read now is not there for him."""

    def __init__(self, database: Database, words: Words, clock: Clock = utc_now, new_id: NewId = new_id) -> None:
        self.database = database
        self._words, self._clock, self._new_id = words, clock, new_id

    async def record(self, decision: Decision, principal: Principal, *, supersedes: str | None = None) -> str:
        """Adds a decision and returns its id; with `supersedes` it takes that one's place from its own day on.

        InvalidInputError for a quotation that is not in its call, ForbiddenError for a label above the clearance.
        """
        await check_quotations(decision.quoted, self._words, principal)
        if supersedes is not None:
            await self.one(supersedes, principal)
        return await self._record(decision, principal, supersedes)

    async def correct(self, id_: str, decision: Decision, principal: Principal) -> None:
        """What the decision was from the start, as is known now; what was believed before stays to be read."""
        known = (await self.one(id_, principal)).decision.quoted
        await check_quotations([one for one in decision.quoted if one not in known], self._words, principal)
        await self._correct(id_, decision, principal)

    async def supersede(self, id_: str, by: str, principal: Principal) -> None:
        """Lets another decision take its place from that one's day on. ConflictError where something else has done so.

        InvalidInputError for a decision that would supersede itself, over others too, or one that came before it.
        """
        await self.one(id_, principal)
        await self.one(by, principal)
        await self._supersede(id_, by, principal)

    async def note_outcome(self, id_: str, outcome: Outcome, principal: Principal) -> None:
        """How it turned out; a later record replaces an earlier one."""
        found = await self.one(id_, principal)
        if outcome.on < found.decision.decided_on:
            raise InvalidInputError(
                f"An outcome on {outcome.on} comes before the decision of {found.decision.decided_on}"
            )
        await self._note(id_, outcome, found.label, principal)

    async def one(self, id_: str, principal: Principal) -> Kept:
        """The decision; NotFoundError for one that there is not, or that may not be read."""
        found = await self._shown(await self._all(principal), principal)
        if id_ not in found:
            raise NotFoundError(
                f"No decision {id_!r} that you may read: see 'sophia decisions list' or GET /v1/decisions"
            )
        return found[id_]

    async def all(self, principal: Principal) -> list[Kept]:
        """Every decision that the principal may read, by day."""
        return _by_day((await self._shown(await self._all(principal), principal)).values())

    async def as_of(self, day: date, principal: Principal, *, known: datetime | None = None) -> list[Kept]:
        """The decisions in force on the day, as the ledger knew them at a moment (now, if none is given)."""
        found = await self._shown(await self._all(principal, known=known, day=day), principal)
        return [one for one in _by_day(found.values()) if one.held_on(day)]

    async def history(self, id_: str, principal: Principal) -> list[Entry]:
        """The records of a decision in the order of recording, without versions of which a quotation may not be read now."""
        await self.one(id_, principal)
        entries = await self._entries(principal, id_)
        told = [kept([entry]).get(id_) for entry in entries]
        open_ = await self._open([one for one in told if one], principal)
        return [entry for entry, one in zip(entries, told, strict=True) if one is None or one in open_]

    async def versions(self, id_: str, principal: Principal) -> list[Kept]:
        """What the decision read after each of its records, where all that it quoted then may be read now."""
        await self.one(id_, principal)
        entries = await self._entries(principal, id_)
        return await self._open([kept(entries[:count])[id_] for count in range(1, len(entries) + 1)], principal)

    async def _open(self, versions: Sequence[Kept], principal: Principal) -> list[Kept]:
        found = {str(place): one for place, one in enumerate(versions)}
        return list((await self._shown(found, principal)).values())

    async def _shown(self, found: dict[str, Kept], principal: Principal) -> dict[str, Kept]:
        return await readable_only(found, self._words, principal)

    @reading
    def _all(
        self, connection: Connection, principal: Principal, known: datetime | None = None, day: date | None = None
    ) -> dict[str, Kept]:
        return kept(_entries(connection, principal.tenant, cleared=principal.clearance, known=known), day=day)

    @reading
    def _entries(self, connection: Connection, principal: Principal, id_: str) -> list[Entry]:
        entries = _entries(connection, principal.tenant, cleared=principal.clearance)
        return [entry for entry in entries if entry.decision == id_]

    @transaction
    def _record(self, connection: Connection, decision: Decision, principal: Principal, supersedes: str | None) -> str:
        return self.add(connection, decision, principal, supersedes)

    def add(
        self, connection: Connection, decision: Decision, principal: Principal, supersedes: str | None = None
    ) -> str:
        """As `record`, inside a transaction of the caller, who has checked the quotations."""
        id_ = self._new_id("dec")
        self._append(connection, id_, Kind.DECIDED, decision, decision.label, principal)
        if supersedes is not None:
            self._take_place(connection, supersedes, id_, principal)
        return id_

    @transaction
    def _correct(self, connection: Connection, id_: str, decision: Decision, principal: Principal) -> None:
        found = kept(_entries(connection, principal.tenant))
        before = [one for one in found.values() if one.superseded_by == id_]
        after = found[id_].ended_on
        if after is not None and after < decision.decided_on:
            raise InvalidInputError(f"Decision {id_!r} ended on {after}: it cannot have begun on {decision.decided_on}")
        if any(one.decision.decided_on > decision.decided_on for one in before):
            raise InvalidInputError(f"Decision {id_!r} took another's place: it cannot have begun before that one")
        self._append(connection, id_, Kind.CORRECTED, decision, max(decision.label, found[id_].label), principal)

    @transaction
    def _supersede(self, connection: Connection, id_: str, by: str, principal: Principal) -> None:
        self._take_place(connection, id_, by, principal)

    @transaction
    def _note(self, connection: Connection, id_: str, outcome: Outcome, label: Label, principal: Principal) -> None:
        self._append(connection, id_, Kind.OUTCOME, outcome, label, principal)

    def _take_place(self, connection: Connection, id_: str, by: str, principal: Principal) -> None:
        found = kept(_entries(connection, principal.tenant))
        old, new = found[id_], found[by]
        successors = {one.id: one.superseded_by for one in found.values() if one.superseded_by}
        if id_ in chain(by, successors):
            raise InvalidInputError(f"Decision {id_!r} would supersede itself: name one that did not come out of it")
        if old.superseded_by is not None:
            raise ConflictError(f"Decision {id_!r} was superseded already: supersede the one that took its place")
        if new.decision.decided_on < old.decision.decided_on:
            raise InvalidInputError(f"Decision {by!r} is older than {id_!r}: it cannot have taken its place")
        self._append(connection, id_, Kind.SUPERSEDED, by, max(old.label, new.label), principal)

    def _append(
        self,
        connection: Connection,
        id_: str,
        kind: Kind,
        told: Decision | Outcome | str,
        label: Label,
        principal: Principal,
    ) -> None:
        if label > principal.clearance:
            raise ForbiddenError(f"A decision that is {label} needs that clearance: yours is {principal.clearance}")
        connection.execute(
            sa.insert(records).values(
                tenant=principal.tenant,
                decision=id_,
                kind=kind,
                label=int(label),
                recorded_at=_moment(self._moment(connection, principal.tenant)),
                recorded_by=principal.id,
                told=_plain(told),
            )
        )

    def _moment(self, connection: Connection, tenant: str) -> datetime:
        """Now, but after every record there is: the order of recording is the order of its times."""
        last = connection.scalar(sa.select(sa.func.max(records.c.recorded_at)).where(records.c.tenant == tenant))
        now = self._clock()
        return now if last is None else max(now, datetime.fromisoformat(last) + TICK)


def _entries(
    connection: Connection, tenant: str, *, cleared: Label = Label.RESTRICTED, known: datetime | None = None
) -> list[Entry]:
    """The tenant's records, without a decision whose label was ever above the clearance, and without its succession."""
    mine = records.c.tenant == tenant
    above = sa.select(records.c.decision).where(mine, records.c.kind.in_(CONTENT), records.c.label > int(cleared))
    query = sa.select(records).where(mine, records.c.label <= int(cleared), records.c.decision.not_in(above))
    if known is not None:
        query = query.where(records.c.recorded_at <= _moment(known))
    return [_entry(row) for row in connection.execute(query.order_by(records.c.seq))]


def _entry(row: Any) -> Entry:
    kind = Kind(row.kind)
    told: Decision | Outcome | str
    if kind is Kind.OUTCOME:
        told = OUTCOME.validate_python(row.told)
    elif kind is Kind.SUPERSEDED:
        told = str(row.told)
    else:
        told = DECISION.validate_python(row.told)
    return Entry(row.decision, kind, told, datetime.fromisoformat(row.recorded_at), row.recorded_by)


def _plain(told: Decision | Outcome | str) -> object:
    if isinstance(told, Decision):
        return DECISION.dump_python(told, mode="json")
    return OUTCOME.dump_python(told, mode="json") if isinstance(told, Outcome) else told


def _moment(moment: datetime) -> str:
    """Moments in UTC and of one width, so that their order is that of their texts."""
    return moment.astimezone(UTC).isoformat(timespec="microseconds")


def _by_day(found: Iterable[Kept]) -> list[Kept]:
    return sorted(found, key=lambda one: (one.decision.decided_on, one.recorded_at))
