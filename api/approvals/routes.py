"""`/v1/approvals`, `/v1/rules` and `/v1/audit`: who lets what run, and what was done."""

from datetime import timedelta
from typing import Annotated

from fastapi import APIRouter, Depends, Query

from api.approvals.approval import Approval
from api.approvals.schemas import (
    ApprovalDetail,
    ApprovalView,
    Decision,
    Edit,
    EntryView,
    Rejection,
    RuleView,
    Settlement,
    Verified,
    WantedRule,
    approval_detail,
    approval_view,
    edited,
    entry_view,
    rule_view,
)
from api.bootstrap import Sophia
from api.security.http import asker, the_sophia
from api.security.keys import ADMIN, require
from core.identity import Principal

router = APIRouter(prefix="/v1")
Sophia_ = Annotated[Sophia, Depends(the_sophia)]
Asker = Annotated[Principal, Depends(asker)]


@router.get("/approvals", tags=["approvals"])
async def approvals(sophia: Sophia_, principal: Asker) -> list[ApprovalView]:
    """Plans that wait for your decision, and those that were decided, newest first; and whatever you asked for."""
    return [approval_view(one) for one in await sophia.outside.approvals.listed(principal=principal)]


@router.get("/approvals/{approval}", tags=["approvals"])
async def approval(approval: str, sophia: Sophia_, principal: Asker) -> ApprovalDetail:
    """Exactly what will run, and what was called already."""
    return await _detail(sophia, await sophia.outside.approvals.one(approval, principal=principal))


@router.post("/approvals/{approval}/approve", tags=["approvals"])
async def approve(approval: str, decision: Decision, sophia: Sophia_, principal: Asker) -> ApprovalDetail:
    """Lets exactly the plan that you saw run, once, and answers how it ended. It runs on when you leave.

    E_FORBIDDEN without the approval's role, or for an author where a second person is asked for; E_CONFLICT for another
    plan than this, and once it was decided or its time is over.
    """
    approved = await sophia.outside.approvals.approve(approval, decision.plan_hash, principal=principal)
    return await _detail(sophia, await sophia.outside.carrying.carry(approved))


@router.post("/approvals/{approval}/reject", tags=["approvals"])
async def reject(approval: str, rejection: Rejection, sophia: Sophia_, principal: Asker) -> ApprovalDetail:
    """Ends it; nothing of the plan will run."""
    store = sophia.outside.approvals
    return await _detail(sophia, await store.reject(approval, rejection.plan_hash, rejection.note, principal=principal))


@router.post("/approvals/{approval}/edit", tags=["approvals"])
async def edit(approval: str, wanted: Edit, sophia: Sophia_, principal: Asker) -> ApprovalDetail:
    """Replaces the plan by an edited one, which has a hash and an approval of its own."""
    store = sophia.outside.approvals
    plan = edited((await store.one(approval, principal=principal)).plan, wanted)
    return await _detail(sophia, await store.edit(approval, wanted.plan_hash, plan, principal=principal))


@router.post("/approvals/{approval}/settle", tags=["approvals"])
async def settle(approval: str, settlement: Settlement, sophia: Sophia_, principal: Asker) -> ApprovalDetail:
    """Goes on with a parked plan, now that you found out whether its unknown step was made."""
    carrying = sophia.outside.carrying
    ended = await carrying.settle(approval, happened=settlement.happened, principal=principal)
    return await _detail(sophia, ended)


@router.get("/rules", tags=["rules"])
async def rules(sophia: Sophia_, principal: Asker) -> list[RuleView]:
    """The standing rules of your tenant, newest first."""
    return [rule_view(rule) for rule in await sophia.outside.rules.listed(principal=principal)]


@router.post("/rules", status_code=201, tags=["rules"])
async def make_rule(wanted: WantedRule, sophia: Sophia_, principal: Asker) -> RuleView:
    """Lets plans within these bounds run without waiting, under your name. It needs the role `approve`."""
    lasts = timedelta(days=wanted.lasts_days)
    return rule_view(await sophia.outside.rules.make(wanted.allowance(), lasts, principal=principal))


@router.delete("/rules/{rule}", status_code=204, tags=["rules"])
async def revoke_rule(rule: str, sophia: Sophia_, principal: Asker) -> None:
    """Ends a standing rule at once."""
    await sophia.outside.rules.revoke(rule, principal=principal)


@router.get("/audit", tags=["audit"])
async def audit(
    sophia: Sophia_,
    principal: Asker,
    after: Annotated[int, Query(ge=0, description="Only entries behind this one")] = 0,
    most: Annotated[int, Query(ge=1, le=1000)] = 100,
) -> list[EntryView]:
    """The audit log of your tenant, oldest first. It needs the role `admin`."""
    require(principal, ADMIN)
    return [entry_view(one) for one in await sophia.outside.audit.shown(principal.tenant, after=after, most=most)]


@router.get("/audit/verify", tags=["audit"])
async def verify(sophia: Sophia_, principal: Asker) -> Verified:
    """Looks the whole log over. E_TAMPERED names the first entry that is not as it was written."""
    require(principal, ADMIN)
    return Verified(entries=await sophia.outside.audit.verify(principal.tenant))


async def _detail(sophia: Sophia, approval: Approval) -> ApprovalDetail:
    return approval_detail(approval, await sophia.outside.carrying.effects_of(approval))
