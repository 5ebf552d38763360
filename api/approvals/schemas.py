"""Approvals, rules and the audit log as HTTP sees them."""

import json
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

from pydantic import BaseModel, ConfigDict, Field

from api.approvals.approval import Approval
from api.approvals.rules import Allowance, Range, StandingRule
from core.audit import Noted
from core.effects import Effect
from core.plans import Inverse, Plan, Step, canonical, plan_fields, plan_hash

DAY_S = 86_400


class _Wanted(BaseModel):
    model_config = ConfigDict(extra="forbid")


class InverseFields(_Wanted):
    """What undoes a step."""

    action: str = Field(max_length=100)
    arguments: dict[str, Any] = {}


class StepFields(_Wanted):
    """One outside write."""

    system: str = Field(max_length=100)
    action: str = Field(max_length=100)
    target: str = Field(max_length=300)
    arguments: dict[str, Any] = {}
    before: dict[str, Any] = Field(default={}, description="What fields of the target read when the plan was made")
    after: dict[str, Any] = Field(default={}, description="What they read when it is done; verified")
    inverse: InverseFields | None = None

    def step(self) -> Step:
        undo = self.inverse and Inverse(self.inverse.action, self.inverse.arguments)
        return Step(self.system, self.action, self.target, self.arguments, self.before, self.after, undo or None)


class Decision(_Wanted):
    """What somebody decided about the plan whose hash he saw."""

    plan_hash: str = Field(description="Of the plan that you were shown", min_length=64, max_length=64)


class Rejection(Decision):
    """Why the plan will not run."""

    note: str = Field(default="", max_length=500)


class Edit(Decision):
    """The plan as it should be instead; purpose, reasons and label stay."""

    steps: list[StepFields] = Field(min_length=1, max_length=100)


class Settlement(_Wanted):
    """What came of the step that nobody could tell about."""

    happened: bool | None = Field(description="Whether it was made; null asks its system again")


class EffectView(BaseModel):
    """A write that was begun for an approval."""

    key: str
    system: str
    action: str
    target: str
    state: str
    attempt: int


class ApprovalView(BaseModel):
    """An approval in a list."""

    id: str
    purpose: str
    plan_hash: str
    state: str
    role: str
    four_eyes: bool
    authors: list[str]
    asked_at: datetime
    expires_at: datetime
    decided_by: str | None
    decided_at: datetime | None
    rule: str | None
    replaced_by: str | None
    note: str | None


class ApprovalDetail(ApprovalView):
    """An approval with exactly what will run; `plan_hash` is sha256 over the plan's canonical JSON, `canonical`."""

    plan: dict[str, Any]
    canonical: str
    effects: list[EffectView]


class WantedRange(_Wanted):
    """The values that a field may be given: `one_of` some, or a number from `low` to `high`."""

    one_of: list[Any] = []
    low: Decimal | None = None
    high: Decimal | None = None


class WantedRule(_Wanted):
    """A standing rule to make."""

    system: str = Field(min_length=1, max_length=100)
    action: str = Field(min_length=1, max_length=100)
    targets: list[str] = Field(min_length=1, max_length=1000)
    fields: dict[str, WantedRange] = {}
    most: int = Field(ge=1, description="How many steps in `per_s` seconds")
    per_s: int = Field(ge=1, le=366 * DAY_S)
    lasts_days: int = Field(default=30, ge=1, le=366)

    def allowance(self) -> Allowance:
        fields = {name: Range(tuple(one.one_of), one.low, one.high) for name, one in self.fields.items()}
        per = timedelta(seconds=self.per_s)
        return Allowance(self.system, self.action, frozenset(self.targets), self.most, per, fields)


class RuleView(BaseModel):
    """A standing rule."""

    id: str
    system: str
    action: str
    targets: list[str]
    fields: dict[str, WantedRange]
    most: int
    per_s: int
    made_by: str
    made_at: datetime
    expires_at: datetime
    revoked_at: datetime | None


class EntryView(BaseModel):
    """A line of the audit log."""

    n: int
    at: datetime
    actor: str
    action: str
    subject: str
    details: dict[str, Any]


class Verified(BaseModel):
    """The audit log is as it was written."""

    entries: int


def edited(plan: Plan, edit: Edit) -> Plan:
    """The plan with the edit's steps."""
    return Plan(plan.tenant, plan.purpose, tuple(step.step() for step in edit.steps), plan.because, plan.label)


def approval_view(approval: Approval) -> ApprovalView:
    return ApprovalView(**_said(approval))


def approval_detail(approval: Approval, effects: list[Effect]) -> ApprovalDetail:
    """What will run, exactly: the hash shown is taken of the plan shown."""
    fields = canonical(plan_fields(approval.plan))
    called = [
        EffectView(
            key=one.order.key,
            system=one.order.system,
            action=one.order.action,
            target=one.order.target,
            state=one.state,
            attempt=one.attempt,
        )
        for one in effects
    ]
    return ApprovalDetail(**_said(approval), plan=json.loads(fields), canonical=fields, effects=called)


def rule_view(rule: StandingRule) -> RuleView:
    allows = rule.allows
    return RuleView(
        id=rule.id,
        system=allows.system,
        action=allows.action,
        targets=sorted(allows.targets),
        fields={
            name: WantedRange(one_of=list(one.one_of), low=one.low, high=one.high)
            for name, one in allows.fields.items()
        },
        most=allows.most,
        per_s=int(allows.per.total_seconds()),
        made_by=rule.made_by,
        made_at=rule.made_at,
        expires_at=rule.expires_at,
        revoked_at=rule.revoked_at,
    )


def entry_view(noted: Noted) -> EntryView:
    return EntryView(
        n=noted.n,
        at=datetime.fromisoformat(noted.at),
        actor=noted.actor,
        action=noted.action,
        subject=noted.subject,
        details=dict(noted.details),
    )


def _said(approval: Approval) -> dict[str, Any]:
    return {
        "id": approval.id,
        "purpose": approval.plan.purpose,
        "plan_hash": plan_hash(approval.plan),
        "state": approval.state,
        "role": approval.role,
        "four_eyes": approval.four_eyes,
        "authors": list(approval.authors),
        "asked_at": approval.asked_at,
        "expires_at": approval.expires_at,
        "decided_by": approval.decided_by,
        "decided_at": approval.decided_at,
        "rule": approval.rule,
        "replaced_by": approval.replaced_by,
        "note": approval.note,
    }
