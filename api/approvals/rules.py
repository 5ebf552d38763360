"""Standing rules: what a person allows beforehand, down to the system, fields, values and rate.

A rule is matched by code alone. What it covers runs without waiting, under the name of the rule; each use is counted and
stands in the audit log.
"""

import json
import math
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from decimal import Decimal, InvalidOperation
from typing import Any

import sqlalchemy as sa
from sqlalchemy import Connection

from api.approvals.approval import Approval, State, Terms
from api.approvals.store import Approvals
from api.approvals.tables import rule_uses, standing_rules
from api.security.keys import APPROVE, require
from core.audit import Entry
from core.clock import Clock, NewId
from core.database import reading
from core.errors import InvalidInputError, NotFoundError, UnauthenticatedError
from core.identity import Principal
from core.plans import Fields, Json, Plan, canonical

LONGEST = timedelta(days=366)


@dataclass(frozen=True, slots=True)
class Range:
    """The values that a field may be given: one of some, or a number between two, both included."""

    one_of: tuple[Json, ...] = ()
    low: Decimal | None = None
    high: Decimal | None = None

    def __post_init__(self) -> None:
        numbers = self.low is not None and self.high is not None and self.low <= self.high
        if bool(self.one_of) == numbers or (self.one_of and (self.low, self.high) != (None, None)):
            raise InvalidInputError("A field of a rule is bounded by some values, or by a lower and an upper number")

    def admits(self, value: Json) -> bool:
        """Whether the value may be written. A number may be written as text, as amounts are."""
        number = _number(value)
        if self.one_of:
            return any(_same(value, number, one) for one in self.one_of)
        return number is not None and self.low is not None and self.high is not None and self.low <= number <= self.high


@dataclass(frozen=True, slots=True)
class Allowance:
    """What a rule allows: an action of a system on these targets, giving these fields these values, `most` times `per`."""

    system: str
    action: str
    targets: frozenset[str]
    most: int
    per: timedelta
    fields: Mapping[str, Range] = field(default_factory=dict)

    def __post_init__(self) -> None:
        if not self.system.strip() or not self.action.strip() or not self.targets:
            raise InvalidInputError("A rule names a system, an action and at least one target")
        if self.most < 1 or self.per < timedelta(seconds=1):
            raise InvalidInputError("A rule's rate is at least once in a second or longer")

    def covers(self, plan: Plan) -> bool:
        """Whether each step, and what would undo it, is within the rule."""
        return all(
            step.system == self.system
            and step.target in self.targets
            and self._within(step.action, step.arguments)
            and (step.inverse is None or self._within(step.inverse.action, step.inverse.arguments))
            for step in plan.steps
        )

    def _within(self, action: str, arguments: Fields) -> bool:
        named = set(arguments) <= set(self.fields)
        return action == self.action and named and all(self.fields[name].admits(arguments[name]) for name in arguments)


@dataclass(frozen=True, slots=True)
class StandingRule:
    """A rule, who made it and until when it holds."""

    id: str
    tenant: str
    allows: Allowance
    made_by: str
    made_at: datetime
    expires_at: datetime
    revoked_at: datetime | None = None


class Rules:
    """Makes, ends and applies standing rules."""

    def __init__(
        self, approvals: Approvals, resolve: Callable[[str], Awaitable[Principal]], *, clock: Clock, new_id: NewId
    ) -> None:
        """`resolve` gives the rights that somebody has now."""
        self.database = approvals.database
        self._approvals = approvals
        self._resolve = resolve
        self._clock = clock
        self._new_id = new_id

    async def make(self, allows: Allowance, lasts: timedelta, *, principal: Principal) -> StandingRule:
        """A new rule of the principal, who must have the role `approve`."""
        require(principal, APPROVE)
        if not timedelta() < lasts <= LONGEST:
            raise InvalidInputError(f"A rule holds for up to {LONGEST.days} days, not {lasts}")
        now = self._clock()
        rule = StandingRule(self._new_id("rul"), principal.tenant, allows, principal.id, now, now + lasts)

        def made(connection: Connection) -> StandingRule:
            connection.execute(sa.insert(standing_rules).values(**_row(rule)))
            self._note(connection, rule, "made", principal.id)
            return rule

        return await self._approvals.audit.write(rule.tenant, made)

    async def revoke(self, rule_id: str, *, principal: Principal) -> None:
        """Ends the rule at once. NotFoundError for one that the tenant does not have, or that has ended."""
        require(principal, APPROVE)

        def revoked(connection: Connection) -> None:
            live = (
                standing_rules.c.id == rule_id,
                standing_rules.c.tenant == principal.tenant,
                standing_rules.c.revoked_at.is_(None),
            )
            row = connection.execute(sa.select(standing_rules).where(*live)).one_or_none()
            if row is None:
                raise NotFoundError(f"No rule {rule_id!r} that still holds: see 'sophia rules list' or GET /v1/rules")
            connection.execute(sa.update(standing_rules).where(*live).values(revoked_at=self._clock().isoformat()))
            self._note(connection, _rule(row), "revoked", principal.id)

        await self._approvals.audit.write(principal.tenant, revoked)

    @reading
    def listed(self, connection: Connection, *, principal: Principal) -> list[StandingRule]:
        """The tenant's rules, the newest first, those that have ended among them."""
        require(principal, APPROVE)
        mine = sa.select(standing_rules).where(standing_rules.c.tenant == principal.tenant)
        return [_rule(row) for row in connection.execute(mine.order_by(standing_rules.c.made_at.desc()))]

    async def ask(self, plan: Plan, terms: Terms, *, principal: Principal) -> Approval:
        """As `Approvals.ask`; a plan that a rule covers runs at once, unless its terms want a second person."""
        drafted = self._approvals.drafted(plan, terms, (principal.id,), principal)
        candidates = [] if terms.four_eyes else await self._covering(plan, terms)

        def asked(connection: Connection) -> Approval:
            approval = self._approvals.put(connection, drafted, principal.id)
            rule = next((one for one in candidates if self._holds(connection, one, len(plan.steps))), None)
            return self._used(connection, rule, approval) if rule else approval

        return await self._approvals.audit.write(plan.tenant, asked)

    async def _covering(self, plan: Plan, terms: Terms) -> list[StandingRule]:
        """The rules whose bounds the plan keeps, and whose makers may still approve it themselves."""
        rules = [rule for rule in await self._of(plan.tenant) if rule.allows.covers(plan)]
        return [rule for rule in rules if await self._may(rule.made_by, plan, terms)]

    @reading
    def _of(self, connection: Connection, tenant: str) -> list[StandingRule]:
        mine = sa.select(standing_rules).where(standing_rules.c.tenant == tenant)
        return [_rule(row) for row in connection.execute(mine.order_by(standing_rules.c.made_at, standing_rules.c.id))]

    async def _may(self, maker: str, plan: Plan, terms: Terms) -> bool:
        try:
            principal = await self._resolve(maker)
        except UnauthenticatedError:
            return False
        return {APPROVE, terms.role} <= principal.roles and plan.label <= principal.clearance

    def _holds(self, connection: Connection, rule: StandingRule, steps: int) -> bool:
        """Whether the rule holds now and has so many uses left, as the transaction sees it."""
        now = self._clock()
        live = (
            standing_rules.c.id == rule.id,
            standing_rules.c.revoked_at.is_(None),
            standing_rules.c.expires_at > now.isoformat(),
        )
        since = (rule_uses.c.rule == rule.id, rule_uses.c.at > (now - rule.allows.per).isoformat())
        used: int = connection.execute(
            sa.select(sa.func.coalesce(sa.func.sum(rule_uses.c.steps), 0)).where(*since)
        ).scalar_one()
        return used + steps <= rule.allows.most and bool(
            connection.execute(sa.select(standing_rules.c.id).where(*live)).first()
        )

    def _used(self, connection: Connection, rule: StandingRule, approval: Approval) -> Approval:
        steps = len(approval.plan.steps)
        connection.execute(
            sa.insert(rule_uses).values(rule=rule.id, approval=approval.id, steps=steps, at=self._clock().isoformat())
        )
        self._note(connection, rule, "used", rule.id, approval=approval.id, plan=approval.plan_hash, uses=steps)
        return self._approvals.move(
            connection, approval, State.RUNNING, actor=rule.id, decided_by=rule.made_by, rule=rule.id
        )

    def _note(self, connection: Connection, rule: StandingRule, what: str, actor: str, **more: Json) -> None:
        allows = rule.allows
        details: Fields = {"system": allows.system, "action": allows.action, "fields": sorted(allows.fields), **more}
        self._approvals.audit.note(connection, Entry(rule.tenant, actor, f"rule.{what}", rule.id, details))


def _same(value: Json, number: Decimal | None, one: Json) -> bool:
    """Whether the value, which is this number or none, is the one that a rule names."""
    if isinstance(one, int | float) and not isinstance(one, bool):
        return number is not None and number == _number(one)
    return canonical(value) == canonical(one)


def _number(value: Json) -> Decimal | None:
    if isinstance(value, bool) or not isinstance(value, int | float | str):
        return None
    try:
        number = Decimal(str(value))
    except InvalidOperation:
        return None
    return number if math.isfinite(number) else None


def _row(rule: StandingRule) -> dict[str, Any]:
    allows = rule.allows
    return {
        "id": rule.id,
        "tenant": rule.tenant,
        "system": allows.system,
        "action": allows.action,
        "targets": sorted(allows.targets),
        "fields": canonical({name: _range_fields(one) for name, one in allows.fields.items()}),
        "most": allows.most,
        "per_s": int(allows.per.total_seconds()),
        "made_by": rule.made_by,
        "made_at": rule.made_at.isoformat(),
        "expires_at": rule.expires_at.isoformat(),
    }


def _range_fields(one: Range) -> Fields:
    return {"one_of": one.one_of} if one.one_of else {"low": str(one.low), "high": str(one.high)}


def _rule(row: Any) -> StandingRule:
    fields = {
        name: Range(tuple(one["one_of"])) if "one_of" in one else Range((), Decimal(one["low"]), Decimal(one["high"]))
        for name, one in json.loads(row.fields).items()
    }
    allows = Allowance(row.system, row.action, frozenset(row.targets), row.most, timedelta(seconds=row.per_s), fields)
    revoked_at = datetime.fromisoformat(row.revoked_at) if row.revoked_at else None
    made_at, expires_at = datetime.fromisoformat(row.made_at), datetime.fromisoformat(row.expires_at)
    return StandingRule(row.id, row.tenant, allows, row.made_by, made_at, expires_at, revoked_at)
