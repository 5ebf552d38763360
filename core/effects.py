"""Outside writes, each made once: an intent is committed, the call is made under its key, the result is stored.

    intended -> done       the remote said what came of it
             -> refused    the remote said no: nothing was done
             -> unknown    nobody can tell whether it was done; parked for a person, never tried again blindly
    unknown  -> done, void by a person, or by what the remote finds when it is looked up again

A process may die between any two lines. What it leaves behind `intended` is in doubt: a remote that knows keys is called
again under the same key; one that can look a key up is asked; with any other it is parked.
"""

import asyncio
import json
import logging
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

import sqlalchemy as sa
from sqlalchemy import Connection

from core.audit import Audit, Entry
from core.clock import Clock
from core.database import metadata, reading
from core.errors import BusyError, ConflictError, ForbiddenError, NotFoundError, RateLimitedError, RejectedError
from core.plans import Fields, canonical, digest
from core.remotes import Order, Remote

effects = sa.Table(
    "effects",
    metadata,
    sa.Column("key", sa.String(64), primary_key=True),
    sa.Column("tenant", sa.String(64), nullable=False),
    sa.Column("plan_hash", sa.String(64), nullable=False),
    sa.Column("system", sa.String(100), nullable=False),
    sa.Column("action", sa.String(100), nullable=False),
    sa.Column("target", sa.String(300), nullable=False),
    sa.Column("arguments", sa.Text, nullable=False),
    sa.Column("principal", sa.String(300), nullable=False),
    sa.Column("attempt", sa.Integer, nullable=False),
    sa.Column("state", sa.String(20), nullable=False),
    sa.Column("called_at", sa.String(40), nullable=False),
    sa.Column("outcome", sa.Text),
    sa.Index("ix_effects_tenant_state", "tenant", "state"),
)
SAID_NO = (RejectedError, ForbiddenError, RateLimitedError)
MOST_ATTEMPTS = 3
LONGEST_REASON = 500
log = logging.getLogger(__name__)


async def always() -> bool:
    """Lets every call be made again."""
    return True


class State(StrEnum):
    """Where an effect stands."""

    INTENDED = "intended"
    DONE = "done"
    REFUSED = "refused"
    UNKNOWN = "unknown"
    VOID = "void"


TRANSITIONS = {
    State.INTENDED: frozenset({State.INTENDED, State.DONE, State.REFUSED, State.UNKNOWN}),
    State.UNKNOWN: frozenset({State.INTENDED, State.DONE, State.REFUSED, State.VOID}),
    State.DONE: frozenset[State](),
    State.REFUSED: frozenset[State](),
    State.VOID: frozenset[State](),
}
"""From `unknown` an effect is only `intended` again where the remote promises that this cannot double it."""


class Reached(StrEnum):
    """The points between which a process can die."""

    BEGUN = "begun"
    INTENT_KEPT = "intent kept"
    ANSWERED = "answered"
    RESULT_KEPT = "result kept"


@dataclass(frozen=True, slots=True)
class Effect:
    """An order as the ledger knows it; `outcome` is what the remote answered, or why it refused."""

    order: Order
    attempt: int
    state: State
    called_at: datetime
    outcome: Fields | None = None


def effect_key(approval: str, step: int, direction: str) -> str:
    """The key of a step of an approved plan: the same however often the plan is taken up again."""
    return digest([approval, step, direction])


class Effects:
    """The ledger of outside writes, and the only way to make one."""

    def __init__(
        self,
        audit: Audit,
        *,
        clock: Clock,
        timeout_s: float,
        sleep: Callable[[float], Awaitable[None]] = asyncio.sleep,
        reached: Callable[[Reached], None] = lambda _point: None,
    ) -> None:
        """A call is given up after `timeout_s`; `reached` hears of each point that is passed."""
        self.database = audit.database
        self._audit = audit
        self._clock = clock
        self._timeout_s = timeout_s
        self._sleep = sleep
        self._reached = reached
        self._under_way: set[str] = set()

    async def perform(self, order: Order, remote: Remote, again: Callable[[], Awaitable[bool]] = always) -> Effect:
        """Sees to it that the write is made once, and returns how it stands; it is the same to ask again.

        `again` is asked before a call that is in doubt is repeated: where it says no, the effect is parked.
        ConflictError where the key stands for another write, BusyError while it is being made.
        """
        if order.key in self._under_way:
            raise BusyError(f"{order.action!r} on {order.target!r} is being made: wait for it")
        self._under_way.add(order.key)
        try:
            return await self._perform(order, remote, again)
        finally:
            self._under_way.discard(order.key)

    async def _perform(self, order: Order, remote: Remote, again: Callable[[], Awaitable[bool]]) -> Effect:
        self._reached(Reached.BEGUN)
        effect, fresh = await self._audit.write(order.tenant, lambda connection: self._intend(connection, order))
        if fresh:
            effect = await self._call(effect, remote)
        while effect.state in {State.INTENDED, State.UNKNOWN}:
            settled = await self._resolve(effect, remote, again)
            if settled.state is State.UNKNOWN:
                return settled
            effect = settled
        return effect

    @reading
    def one(self, connection: Connection, key: str, tenant: str) -> Effect:
        """NotFoundError for a key that the tenant does not have."""
        return _found(connection, key, tenant)

    @reading
    def find(self, connection: Connection, key: str) -> Effect | None:
        """The effect of the key, if it was ever intended."""
        row = connection.execute(sa.select(effects).where(effects.c.key == key)).one_or_none()
        return _effect(row) if row else None

    async def settle(self, key: str, *, tenant: str, happened: bool, by: str) -> Effect:
        """What a person found out about an effect that was parked. ConflictError for one that was not."""

        def settled(connection: Connection) -> Effect:
            effect = _found(connection, key, tenant)
            if effect.state is not State.UNKNOWN:
                raise ConflictError(
                    f"The effect {key!r} is {effect.state}: only one that is unknown waits to be settled"
                )
            return self._move(connection, effect, State.DONE if happened else State.VOID, {"settled_by": by}, actor=by)

        return await self._audit.write(tenant, settled)

    async def _call(self, effect: Effect, remote: Remote) -> Effect:
        """Calls, and stores what came of it. An error that is no refusal leaves it `intended`, which is in doubt; so does
        the refusal of a second call, where the first may have been heard.
        """
        self._reached(Reached.INTENT_KEPT)
        first_missed = remote.promises.searchable and not remote.promises.keyed
        try:
            async with asyncio.timeout(self._timeout_s):
                outcome = await remote.call(effect.order)
            canonical(outcome)
        except SAID_NO as error:
            if effect.attempt > 1 and not first_missed:
                return effect
            return await self._moved(effect, State.REFUSED, {"code": error.code, "reason": str(error)[:LONGEST_REASON]})
        except Exception as error:
            log.warning("%s left %s in doubt: %s", effect.order.system, effect.order.key, type(error).__name__)
            return effect
        self._reached(Reached.ANSWERED)
        done = await self._moved(effect, State.DONE, outcome)
        self._reached(Reached.RESULT_KEPT)
        return done

    async def _resolve(self, effect: Effect, remote: Remote, again: Callable[[], Awaitable[bool]]) -> Effect:
        """One step towards knowing what came of a call that is in doubt."""
        promises = remote.promises
        if promises.searchable:
            waits = (effect.called_at + promises.settles - self._clock()).total_seconds()
            if waits > 0 and not promises.keyed:
                await self._sleep(waits)
            try:
                async with asyncio.timeout(self._timeout_s):
                    found = await remote.look_up(effect.order.key)
            except Exception as error:
                log.warning("%s has not found %s: %s", effect.order.system, effect.order.key, type(error).__name__)
                return await self._parked(effect)
            if found is not None:
                return await self._moved(effect, State.DONE, found)
        repeatable = promises.keyed or promises.searchable
        if not repeatable or effect.attempt >= MOST_ATTEMPTS or not await again():
            return await self._parked(effect)
        return await self._call(await self._moved(effect, State.INTENDED, None), remote)

    async def _parked(self, effect: Effect) -> Effect:
        return effect if effect.state is State.UNKNOWN else await self._moved(effect, State.UNKNOWN, None)

    def _intend(self, connection: Connection, order: Order) -> tuple[Effect, bool]:
        row = connection.execute(sa.select(effects).where(effects.c.key == order.key)).one_or_none()
        if row:
            effect = _effect(row)
            if _same(effect.order) != _same(order):
                raise ConflictError(f"The key {order.key!r} stands for another write")
            return effect, False
        effect = Effect(order, 1, State.INTENDED, self._clock())
        connection.execute(sa.insert(effects).values(**_row(effect)))
        self._note(connection, effect, order.principal)
        return effect, True

    async def _moved(self, effect: Effect, state: State, outcome: Fields | None) -> Effect:
        return await self._audit.write(
            effect.order.tenant,
            lambda connection: self._move(connection, effect, state, outcome, actor=effect.order.principal),
        )

    def _move(
        self, connection: Connection, effect: Effect, state: State, outcome: Fields | None, *, actor: str
    ) -> Effect:
        if state not in TRANSITIONS[effect.state]:
            raise ConflictError(f"The effect {effect.order.key!r} is {effect.state} and cannot become {state}")
        again = state is State.INTENDED
        moved = Effect(
            effect.order, effect.attempt + again, state, self._clock() if again else effect.called_at, outcome
        )
        as_read = (
            effects.c.key == effect.order.key,
            effects.c.state == effect.state,
            effects.c.attempt == effect.attempt,
        )
        if not connection.execute(sa.update(effects).where(*as_read).values(**_row(moved))).rowcount:
            raise ConflictError(f"The effect {effect.order.key!r} was settled meanwhile: look at it again")
        self._note(connection, moved, actor)
        return moved

    def _note(self, connection: Connection, effect: Effect, actor: str) -> None:
        order = effect.order
        details: Fields = {
            "plan": order.plan_hash,
            "system": order.system,
            "action": order.action,
            "target": order.target,
            "fields": sorted(order.arguments),
            "attempt": effect.attempt,
        }
        self._audit.note(connection, Entry(order.tenant, actor, f"effect.{effect.state}", order.key, details))


def _found(connection: Connection, key: str, tenant: str) -> Effect:
    mine = sa.select(effects).where(effects.c.key == key, effects.c.tenant == tenant)
    row = connection.execute(mine).one_or_none()
    if row is None:
        raise NotFoundError(f"No effect {key!r}: an approval names those of its plan")
    return _effect(row)


def _same(order: Order) -> tuple[str, ...]:
    """What makes two orders the same write; who takes it up again does not matter."""
    return (order.tenant, order.plan_hash, order.system, order.action, order.target, canonical(order.arguments))


def _row(effect: Effect) -> dict[str, Any]:
    order = effect.order
    return {
        "key": order.key,
        "tenant": order.tenant,
        "plan_hash": order.plan_hash,
        "system": order.system,
        "action": order.action,
        "target": order.target,
        "arguments": canonical(order.arguments),
        "principal": order.principal,
        "attempt": effect.attempt,
        "state": effect.state,
        "called_at": effect.called_at.isoformat(),
        "outcome": None if effect.outcome is None else canonical(effect.outcome),
    }


def _effect(row: Any) -> Effect:
    order = Order(
        key=row.key,
        tenant=row.tenant,
        plan_hash=row.plan_hash,
        system=row.system,
        action=row.action,
        target=row.target,
        principal=row.principal,
        arguments=json.loads(row.arguments),
    )
    called_at = datetime.fromisoformat(row.called_at)
    return Effect(order, row.attempt, State(row.state), called_at, row.outcome and json.loads(row.outcome))
