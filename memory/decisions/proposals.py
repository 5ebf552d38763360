"""Decisions that were heard and wait for a person: nothing enters the ledger until somebody has confirmed it."""

import hashlib
import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

import sqlalchemy as sa
from sqlalchemy import Connection

from core.clock import Clock, NewId, new_id, utc_now
from core.database import Database, reading, transaction
from core.errors import ConflictError, ForbiddenError, InvalidInputError, NotFoundError
from core.identity import Principal
from memory.decisions.evidence import Words, check_quotations
from memory.decisions.model import DECISION, Decision
from memory.decisions.store import Ledger
from memory.decisions.tables import proposals

MOST_LISTED = 200


class State(StrEnum):
    """What became of a proposal."""

    WAITING = "waiting"
    CONFIRMED = "confirmed"
    DISMISSED = "dismissed"


@dataclass(frozen=True, slots=True)
class Proposal:
    """A decision that somebody or something heard, with the words it was heard in."""

    id: str
    draft: Decision
    state: State
    proposed_at: datetime
    proposed_by: str
    decision: str | None


class Proposals:
    """What waits, over the ledger that it may enter."""

    def __init__(
        self, database: Database, ledger: Ledger, words: Words, clock: Clock = utc_now, new_id: NewId = new_id
    ) -> None:
        self.database = database
        self._ledger, self._words, self._clock, self._new_id = ledger, words, clock, new_id

    async def propose(self, draft: Decision, principal: Principal) -> str:
        """Lets a draft wait and returns its id; the same draft again is the proposal that is there already.

        InvalidInputError without a quotation, or with one that is not in its call.
        """
        if not draft.quoted:
            raise InvalidInputError(
                "A proposal needs a quotation of what was said: name the call, its turns and the words"
            )
        if draft.label > principal.clearance:
            raise ForbiddenError(
                f"A proposal that is {draft.label} needs that clearance: yours is {principal.clearance}"
            )
        await check_quotations(draft.quoted, self._words, principal)
        return await self._propose(draft, principal)

    async def waiting(self, principal: Principal) -> list[Proposal]:
        """The proposals that the principal may read and nobody has settled, oldest first."""
        found = await self._waiting(principal)
        named = {one.document for proposal in found for one in proposal.draft.quoted}
        readable = await self._words.readable(named, principal) if named else {}
        return [
            proposal
            for proposal in found
            if all(one.content_hash in readable.get(one.document, ()) for one in proposal.draft.quoted)
        ]

    async def confirm(
        self, id_: str, principal: Principal, *, edited: Decision | None = None, supersedes: str | None = None
    ) -> str:
        """Records the draft, or what the person made of it, and returns the decision's id; confirming again does too.

        With `supersedes` it takes that decision's place. Its quotations are held against the calls again, since rights and
        versions may have changed.
        """
        proposal = await self.one(id_, principal)
        decision = edited or proposal.draft
        await check_quotations(decision.quoted, self._words, principal)
        if supersedes is not None:
            await self._ledger.one(supersedes, principal)
        return await self._confirm(id_, decision, principal, supersedes)

    async def dismiss(self, id_: str, principal: Principal) -> None:
        """Lets the proposal go; ConflictError for one that was confirmed."""
        await self.one(id_, principal)
        await self._dismiss(id_, principal)

    async def one(self, id_: str, principal: Principal) -> Proposal:
        """The proposal; NotFoundError for one that there is not, or that quotes what may not be read."""
        proposal = await self._one(id_, principal)
        await check_quotations(proposal.draft.quoted, self._words, principal)
        return proposal

    @reading
    def _one(self, connection: Connection, id_: str, principal: Principal) -> Proposal:
        return _proposal(_row(connection, id_, principal))

    @reading
    def _waiting(self, connection: Connection, principal: Principal) -> Sequence[Proposal]:
        query = sa.select(proposals).where(_mine(principal), proposals.c.state == State.WAITING)
        ordered = query.order_by(proposals.c.proposed_at, proposals.c.id).limit(MOST_LISTED)
        return [_proposal(row) for row in connection.execute(ordered)]

    @transaction
    def _propose(self, connection: Connection, draft: Decision, principal: Principal) -> str:
        plain = DECISION.dump_python(draft, mode="json")
        digest = hashlib.sha256(json.dumps(plain, sort_keys=True).encode()).hexdigest()
        same = sa.select(proposals.c.id).where(_mine(principal), proposals.c.digest == digest)
        if known := connection.scalar(same):
            return str(known)
        id_ = self._new_id("prop")
        connection.execute(
            sa.insert(proposals).values(
                tenant=principal.tenant,
                id=id_,
                state=State.WAITING,
                label=int(draft.label),
                proposed_at=self._clock().isoformat(),
                proposed_by=principal.id,
                digest=digest,
                draft=plain,
            )
        )
        return id_

    @transaction
    def _confirm(
        self, connection: Connection, id_: str, decision: Decision, principal: Principal, supersedes: str | None
    ) -> str:
        row = _row(connection, id_, principal)
        if row.state == State.CONFIRMED:
            return str(row.decision)
        if row.state == State.DISMISSED:
            raise ConflictError(f"The proposal {id_!r} was dismissed: record the decision by itself")
        recorded = self._ledger.add(connection, decision, principal, supersedes)
        _settle(connection, id_, principal, state=State.CONFIRMED, at=self._clock(), decision=recorded)
        return recorded

    @transaction
    def _dismiss(self, connection: Connection, id_: str, principal: Principal) -> None:
        row = _row(connection, id_, principal)
        if row.state == State.CONFIRMED:
            raise ConflictError(
                f"The proposal {id_!r} is the decision {row.decision!r} by now: correct or supersede it"
            )
        _settle(connection, id_, principal, state=State.DISMISSED, at=self._clock(), decision=None)


def _mine(principal: Principal) -> sa.ColumnElement[bool]:
    return (proposals.c.tenant == principal.tenant) & (proposals.c.label <= int(principal.clearance))


def _row(connection: Connection, id_: str, principal: Principal) -> Any:
    row = connection.execute(sa.select(proposals).where(_mine(principal), proposals.c.id == id_)).one_or_none()
    if row is None:
        raise NotFoundError(
            f"No proposal {id_!r} that you may read: see 'sophia decisions proposals' or GET /v1/decisions/proposals"
        )
    return row


def _settle(
    connection: Connection, id_: str, principal: Principal, *, state: State, at: datetime, decision: str | None
) -> None:
    settled = sa.update(proposals).where(_mine(principal), proposals.c.id == id_)
    connection.execute(
        settled.values(state=state, settled_at=at.isoformat(), settled_by=principal.id, decision=decision)
    )


def _proposal(row: Any) -> Proposal:
    draft = DECISION.validate_python(row.draft)
    return Proposal(
        row.id, draft, State(row.state), datetime.fromisoformat(row.proposed_at), row.proposed_by, row.decision
    )
