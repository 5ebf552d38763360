"""Approvals in the database. Each change is one transaction with its line in the audit log."""

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

import sqlalchemy as sa
from sqlalchemy import Connection

from api.approvals import policy
from api.approvals.approval import TRANSITIONS, Approval, State, Terms, read_approval
from api.approvals.tables import approvals
from api.security.keys import ROLES
from core.audit import Audit, Entry
from core.clock import Clock, NewId
from core.database import reading
from core.errors import ConflictError, ForbiddenError, InvalidInputError, NotFoundError, SophiaError
from core.identity import Principal
from core.plans import Fields, Plan, canonical, plan_fields, plan_hash

LONGEST = timedelta(days=90)
MOST_LISTED = 200
MOST_NOTED = 500
MOST_NAMED = 100


class Approvals:
    """Plans that wait for somebody, and what became of them.

    Seen by those of the tenant who are cleared for the plan and have its role, and by those who asked for it.
    """

    def __init__(self, audit: Audit, *, clock: Clock, new_id: NewId) -> None:
        self.database = audit.database
        self.audit = audit
        self._clock = clock
        self._new_id = new_id

    async def ask(self, plan: Plan, terms: Terms, *, principal: Principal) -> Approval:
        """Puts the plan before those who may approve it. It does nothing else: asking is not approving."""
        asked = self.drafted(plan, terms, (principal.id,), principal)
        return await self.audit.write(plan.tenant, lambda connection: self.put(connection, asked, principal.id))

    def drafted(self, plan: Plan, terms: Terms, authors: tuple[str, ...], principal: Principal) -> Approval:
        """What `ask` would put. InvalidInputError for terms that nobody could meet."""
        if plan.tenant != principal.tenant or plan.label > principal.clearance:
            raise ForbiddenError(f"{principal.user!r} may not ask for a plan of {plan.tenant!r} labelled {plan.label}")
        if terms.role not in ROLES:
            raise InvalidInputError(f"Unknown role {terms.role!r}: use {', '.join(sorted(ROLES))}")
        if not timedelta() < terms.lasts <= LONGEST:
            raise InvalidInputError(f"An approval waits up to {LONGEST.days} days, not {terms.lasts}")
        now = self._clock()
        return Approval(
            id=self._new_id("apr"),
            plan=plan,
            plan_hash=plan_hash(plan),
            role=terms.role,
            four_eyes=terms.four_eyes,
            authors=authors,
            asked_at=now,
            expires_at=now + terms.lasts,
            state=State.WAITING,
        )

    @reading
    def one(self, connection: Connection, approval_id: str, *, principal: Principal) -> Approval:
        """NotFoundError for one that the principal may not see."""
        return self._seen(connection, approval_id, principal)

    @reading
    def listed(self, connection: Connection, *, principal: Principal) -> list[Approval]:
        """Those that the principal may see, the newest first."""
        cleared = (approvals.c.tenant == principal.tenant, approvals.c.label <= int(principal.clearance))
        statement = sa.select(approvals).where(*cleared).order_by(approvals.c.asked_at.desc(), approvals.c.id)
        rows = connection.execute(statement.limit(MOST_LISTED))
        found = (read_approval(row, self._clock()) for row in rows)
        return [one for one in found if policy.is_seen_by(one, principal)]

    @reading
    def waiting(self, connection: Connection, plan: Plan, terms: Terms, *, principal: Principal) -> Approval | None:
        """The approval of exactly this plan that the principal alone asked for on these terms, and that waits still."""
        same = (
            approvals.c.tenant == principal.tenant,
            approvals.c.plan_hash == plan_hash(plan),
            approvals.c.state == State.WAITING,
            approvals.c.role == terms.role,
            approvals.c.four_eyes == terms.four_eyes,
        )
        rows = connection.execute(sa.select(approvals).where(*same).order_by(approvals.c.asked_at))
        found = (read_approval(row, self._clock()) for row in rows)
        mine = (one for one in found if one.authors == (principal.id,) and policy.is_seen_by(one, principal))
        return next((one for one in mine if one.state is State.WAITING), None)

    @reading
    def unfinished(self, connection: Connection) -> list[str]:
        """The ids of what was running when the process ended."""
        left = approvals.c.state.in_([State.RUNNING, State.UNDOING])
        return list(connection.execute(sa.select(approvals.c.id).where(left)).scalars())

    @reading
    def stored(self, connection: Connection, approval_id: str) -> Approval:
        """The approval as it is, whoever asks: for the executor alone."""
        return self._found(connection, approval_id)

    async def approve(self, approval_id: str, shown: str, *, principal: Principal) -> Approval:
        """Lets exactly the plan whose hash was `shown` run, once. ForbiddenError without the role or for an author under four eyes,
        ConflictError for another plan and for an approval that no longer waits.
        """

        def approved(connection: Connection) -> Approval:
            approval = self._decidable(connection, approval_id, shown, principal)
            policy.is_a_second_person(approval, principal)
            return self.move(connection, approval, State.RUNNING, actor=principal.id, decided_by=principal.id)

        return await self._decided(approval_id, principal, approved)

    async def reject(self, approval_id: str, shown: str, note: str, *, principal: Principal) -> Approval:
        """Ends it; nothing of it will run."""

        def rejected(connection: Connection) -> Approval:
            approval = self._decidable(connection, approval_id, shown, principal)
            return self.move(
                connection,
                approval,
                State.REJECTED,
                actor=principal.id,
                decided_by=principal.id,
                note=note[:MOST_NOTED],
            )

        return await self._decided(approval_id, principal, rejected)

    async def edit(self, approval_id: str, shown: str, plan: Plan, *, principal: Principal) -> Approval:
        """Replaces it by an approval of the edited plan, which has a hash of its own and waits in turn."""

        def edited(connection: Connection) -> Approval:
            old = self._decidable(connection, approval_id, shown, principal)
            if plan_hash(plan) == old.plan_hash:
                raise InvalidInputError(
                    f"The plan of approval {approval_id!r} was not changed: approve it, or change a step"
                )
            if plan.label < old.label:
                raise ForbiddenError(
                    f"The plan of approval {approval_id!r} is {old.label}: an edit cannot lower its label"
                )
            authors = tuple(dict.fromkeys((*old.authors, principal.id)))
            terms = Terms(old.role, old.four_eyes, old.expires_at - self._clock())
            new = self.put(
                connection, self.drafted(plan, terms, authors, principal), principal.id, replaces=approval_id
            )
            self.move(connection, old, State.REPLACED, actor=principal.id, decided_by=principal.id, replaced_by=new.id)
            return new

        return await self._decided(approval_id, principal, edited)

    def put(self, connection: Connection, approval: Approval, actor: str, **more: str) -> Approval:
        """Stores a new approval inside the caller's transaction."""
        plan = approval.plan
        connection.execute(
            sa.insert(approvals).values(
                id=approval.id,
                tenant=plan.tenant,
                plan_hash=approval.plan_hash,
                plan=canonical(plan_fields(plan)),
                label=int(plan.label),
                role=approval.role,
                four_eyes=approval.four_eyes,
                authors=list(approval.authors),
                asked_at=approval.asked_at.isoformat(),
                expires_at=approval.expires_at.isoformat(),
                state=approval.state,
            )
        )
        terms: Fields = {
            "role": approval.role,
            "four_eyes": approval.four_eyes,
            "expires_at": approval.expires_at.isoformat(),
            "label": str(plan.label),
            "steps": len(plan.steps),
        }
        self._note(connection, approval, "asked", actor, {**terms, **more})
        return approval

    def move(
        self,
        connection: Connection,
        approval: Approval,
        state: State,
        *,
        actor: str,
        decided_by: str | None = None,
        rule: str | None = None,
        replaced_by: str | None = None,
        note: str | None = None,
    ) -> Approval:
        """The approval in another state, stored inside the caller's transaction. ConflictError where it has moved meanwhile."""
        if state not in TRANSITIONS.get(approval.state, frozenset()):
            raise ConflictError(f"Approval {approval.id!r} is {approval.state} and cannot become {state}")
        moved = replace(
            approval, state=state, note=note or approval.note, replaced_by=replaced_by, rule=rule or approval.rule
        )
        if decided_by:
            moved = replace(moved, decided_by=decided_by, decided_at=self._clock())
        as_read = (approvals.c.id == approval.id, approvals.c.state == approval.state)
        changed = (
            sa.update(approvals)
            .where(*as_read)
            .values(
                state=state,
                decided_by=moved.decided_by,
                decided_at=moved.decided_at.isoformat() if moved.decided_at else None,
                rule=moved.rule,
                replaced_by=moved.replaced_by,
                note=moved.note,
            )
        )
        if not connection.execute(changed).rowcount:
            raise ConflictError(f"Approval {approval.id!r} was decided meanwhile: look at it again")
        self._note(connection, moved, str(state), actor, {"rule": rule} if rule else {})
        return moved

    async def moved(self, approval: Approval, state: State, *, actor: str, note: str | None = None) -> Approval:
        """`move` in a transaction of its own."""
        return await self.audit.write(
            approval.tenant, lambda connection: self.move(connection, approval, state, actor=actor, note=note)
        )

    async def _decided(
        self, approval_id: str, principal: Principal, decide: Callable[[Connection], Approval]
    ) -> Approval:
        """What the decision gives; one that is refused stands in the audit log as well."""
        try:
            return await self.audit.write(principal.tenant, decide)
        except SophiaError as error:
            entry = Entry(
                principal.tenant, principal.id, "approval.refused", approval_id[:MOST_NAMED], {"code": error.code}
            )
            await self.audit.write(principal.tenant, lambda connection: self.audit.note(connection, entry))
            raise

    def _decidable(self, connection: Connection, approval_id: str, shown: str, principal: Principal) -> Approval:
        approval = self._seen(connection, approval_id, principal)
        policy.has_its_role(approval, principal)
        policy.still_waits(approval)
        policy.is_of_the_plan_shown(approval, shown)
        policy.is_intact(approval)
        return approval

    def _seen(self, connection: Connection, approval_id: str, principal: Principal) -> Approval:
        row = connection.execute(sa.select(approvals).where(approvals.c.id == approval_id)).one_or_none()
        approval = row and read_approval(row, self._clock())
        if not approval or not policy.is_seen_by(approval, principal):
            raise NotFoundError(f"No approval {approval_id!r}: see GET /v1/approvals for those you may see")
        return approval

    def _found(self, connection: Connection, approval_id: str) -> Approval:
        return read_approval(
            connection.execute(sa.select(approvals).where(approvals.c.id == approval_id)).one(), self._clock()
        )

    def _note(self, connection: Connection, approval: Approval, what: str, actor: str, details: Fields) -> None:
        about: Fields = {"plan": approval.plan_hash, **details}
        self.audit.note(connection, Entry(approval.tenant, actor, f"approval.{what}", approval.id, about))
