"""Everything that outside writes go through, built together."""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

from api.approvals.approval import Approval, Terms
from api.approvals.carrying import Carrying
from api.approvals.rules import Rules
from api.approvals.store import Approvals
from core.anchors import Anchors, audit_key
from core.audit import Audit
from core.clock import Clock, NewId
from core.database import Database
from core.effects import Effects
from core.identity import Principal
from core.plans import Plan
from core.remotes import Remote

TIMEOUT_S = 30.0


@dataclass(frozen=True, slots=True)
class Outside:
    """The one way to change outside systems: plans are asked for here, approved, carried out and audited."""

    audit: Audit
    approvals: Approvals
    rules: Rules
    carrying: Carrying

    async def ask(self, plan: Plan, terms: Terms, *, principal: Principal) -> Approval:
        """Puts the plan before those who may approve it; one within a standing rule runs, and how it ended comes back."""
        asked = await self.rules.ask(plan, terms, principal=principal)
        return await self.carrying.carry(asked) if asked.rule else asked


def outside_over(
    database: Database,
    folder: Path,
    remotes: Mapping[str, Remote],
    resolve: Callable[[str], Awaitable[Principal]],
    *,
    clock: Clock,
    new_id: NewId,
) -> Outside:
    """The audit log's key and anchor are files in the folder. Plans that were left running are taken up once `carrying` is entered."""
    audit = Audit(database, Anchors(folder / "audit.anchor.json"), key=audit_key(folder / "audit.key"), clock=clock)
    approvals = Approvals(audit, clock=clock, new_id=new_id)
    effects = Effects(audit, clock=clock, timeout_s=TIMEOUT_S)
    rules = Rules(approvals, resolve, clock=clock, new_id=new_id)
    return Outside(audit, approvals, rules, Carrying(approvals, effects, remotes, resolve, timeout_s=TIMEOUT_S))
