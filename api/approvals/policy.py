"""What has to hold before a plan runs, each rule a function of its own. docs/security.md has the attack that each one stops."""

from api.approvals.approval import Approval, State
from api.security.keys import require
from core.errors import ConflictError, ForbiddenError
from core.identity import Principal
from core.plans import plan_hash


def is_seen_by(approval: Approval, principal: Principal) -> bool:
    """An approval is there for those of its tenant who are cleared for it, and have its role or are among its authors."""
    concerned = approval.role in principal.roles or principal.id in approval.authors
    return principal.tenant == approval.tenant and approval.label <= principal.clearance and concerned


def has_its_role(approval: Approval, principal: Principal) -> None:
    """ForbiddenError for whoever may not decide about it."""
    require(principal, approval.role)


def is_a_second_person(approval: Approval, principal: Principal) -> None:
    """ForbiddenError under four eyes for whoever asked for the plan or edited it."""
    if approval.four_eyes and principal.id in approval.authors:
        raise ForbiddenError(
            f"Approval {approval.id!r} needs a second person: {principal.user!r} asked for it or edited it"
        )


def still_waits(approval: Approval) -> None:
    """ConflictError once it was decided, and after its time."""
    if approval.state is not State.WAITING:
        by = f" since {approval.decided_by} decided it" if approval.decided_by else ""
        raise ConflictError(f"Approval {approval.id!r} is {approval.state}{by}: nothing waits in it; ask for a new one")


def is_of_the_plan_shown(approval: Approval, shown: str) -> None:
    """ConflictError unless `shown`, the hash of the plan that somebody saw, is its plan's."""
    if shown != approval.plan_hash:
        raise ConflictError(
            f"Approval {approval.id!r} is of another plan than the one you saw ({shown!r}): look at it again"
        )


def is_intact(approval: Approval) -> None:
    """ConflictError where the stored plan is no longer the one that the hash was taken of."""
    if plan_hash(approval.plan) != approval.plan_hash:
        raise ConflictError(f"The plan of approval {approval.id!r} was changed behind its hash: it will not run")
