"""Carries approved plans out: each step through the ledger of effects, verified, and undone in reverse where one fails."""

import asyncio
import logging
from collections import defaultdict
from collections.abc import Awaitable, Callable, Mapping
from contextlib import AsyncExitStack
from types import TracebackType
from typing import Self

from api.approvals import policy
from api.approvals.approval import Approval, State
from api.approvals.store import Approvals
from core.effects import Effect, Effects, effect_key
from core.effects import State as EffectState
from core.errors import ConflictError, SophiaError, UnavailableError
from core.identity import Principal
from core.plans import Fields, Step, canonical
from core.remotes import Order, Remote

DO, UNDO = "do", "undo"
log = logging.getLogger(__name__)


class _StoppedError(Exception):
    """A step that cannot be made, or was not made as planned; its text says why, and how the plan then ends."""

    def __init__(self, why: str, ends: State = State.FAILED) -> None:
        super().__init__(why)
        self.ends = ends


class _ParkedError(Exception):
    """Nobody can tell what came of a step."""


class Carrying:
    """Runs approved plans in tasks of its own, so that whoever approved may leave. Entered, it takes up what was left."""

    def __init__(
        self,
        approvals: Approvals,
        effects: Effects,
        remotes: Mapping[str, Remote],
        resolve: Callable[[str], Awaitable[Principal]],
        *,
        timeout_s: float,
    ) -> None:
        """`remotes` by the name of their system; `resolve` gives the rights that somebody has now."""
        self._approvals = approvals
        self._effects = effects
        self._remotes = remotes
        self._resolve = resolve
        self._timeout_s = timeout_s
        self._locks: defaultdict[str, asyncio.Lock] = defaultdict(asyncio.Lock)
        self._tasks: dict[str, asyncio.Task[Approval]] = {}
        self._told: list[Callable[[Approval], Awaitable[None]]] = []

    def tell(self, stopped: Callable[[Approval], Awaitable[None]]) -> None:
        """Has it hear of every plan that ended or was parked, before whoever waits for the plan; what it raises is logged."""
        self._told.append(stopped)

    async def __aenter__(self) -> Self:
        for left in await self._approvals.unfinished():
            self._start(left)
        return self

    async def __aexit__(
        self, _kind: type[BaseException] | None, _error: BaseException | None, _traceback: TracebackType | None
    ) -> None:
        """What is under way is left where it is, and taken up again at the next start."""
        tasks = list(self._tasks.values())
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)

    async def carry(self, approval: Approval) -> Approval:
        """How the plan ended. It goes on when the caller leaves."""
        return await asyncio.shield(self._start(approval.id))

    async def idle(self) -> None:
        """Returns when nothing is under way."""
        await asyncio.gather(*self._tasks.values(), return_exceptions=True)

    async def settle(self, approval_id: str, *, happened: bool | None, principal: Principal) -> Approval:
        """Goes on with a parked plan: a person says whether the unknown step happened, or None to ask its system again.

        ForbiddenError without the approval's role, ConflictError for one that is not parked.
        """
        approval = await self._approvals.one(approval_id, principal=principal)
        policy.has_its_role(approval, principal)
        if approval.state is not State.PARKED:
            raise ConflictError(f"Approval {approval_id!r} is {approval.state}: only a parked one waits to be settled")
        called = await self.effects_of(approval)
        for effect in called:
            if effect.state is EffectState.UNKNOWN and happened is not None:
                await self._effects.settle(effect.order.key, tenant=approval.tenant, happened=happened, by=principal.id)
        undo = {effect_key(approval.id, n, UNDO) for n in range(len(approval.plan.steps))}
        state = State.UNDOING if any(effect.order.key in undo for effect in called) else State.RUNNING
        return await self.carry(await self._approvals.moved(approval, state, actor=principal.id))

    async def effects_of(self, approval: Approval) -> list[Effect]:
        """What was called for the approval, in the order of its steps."""
        keys = [effect_key(approval.id, n, way) for n in range(len(approval.plan.steps)) for way in (DO, UNDO)]
        return [effect for key in keys if (effect := await self._effects.find(key))]

    def _start(self, approval_id: str) -> asyncio.Task[Approval]:
        if approval_id not in self._tasks:
            task = asyncio.create_task(self._carried(approval_id), name=f"plan {approval_id}")
            self._tasks[approval_id] = task
            task.add_done_callback(lambda done: self._ended(approval_id, done))
        return self._tasks[approval_id]

    def _ended(self, approval_id: str, task: asyncio.Task[Approval]) -> None:
        del self._tasks[approval_id]
        if not task.cancelled() and (error := task.exception()):
            log.error("Approval %s stopped and is taken up at the next start: %s", approval_id, type(error).__name__)

    async def _carried(self, approval_id: str) -> Approval:
        """One plan at a time on a system, so that the next one's check sees what this one wrote."""
        approval = await self._approvals.stored(approval_id)
        async with AsyncExitStack() as stack:
            for system in sorted({step.system for step in approval.plan.steps}):
                await stack.enter_async_context(self._locks[system])
            stopped = await self._alone(approval)
        for hears in self._told:
            try:
                await hears(stopped)
            except Exception:
                log.exception("Approval %s is %s, and what follows from it was not done", stopped.id, stopped.state)
        return stopped

    async def _alone(self, approval: Approval) -> Approval:
        try:
            if approval.state is State.RUNNING:
                approval = await self._forward(approval)
            if approval.state is State.UNDOING:
                approval = await self._backward(approval)
        except _ParkedError as parked:
            note = f"{approval.note}; {parked}" if approval.state is State.UNDOING else str(parked)
            return await self._approvals.moved(approval, State.PARKED, actor=_actor(approval), note=note)
        return approval

    async def _forward(self, approval: Approval) -> Approval:
        try:
            await self._check(approval)
            for n, step in enumerate(approval.plan.steps):
                await self._make(approval, n, step)
        except _StoppedError as stopped:
            note = f"{stopped.ends}: {stopped}"
            return await self._approvals.moved(approval, State.UNDOING, actor=_actor(approval), note=note)
        return await self._approvals.moved(approval, State.DONE, actor=_actor(approval))

    async def _check(self, approval: Approval) -> None:
        """Nothing is called unless every system is there, the data is as planned and the approver still may."""
        try:
            policy.is_intact(approval)
            approver = await self._resolve(approval.decided_by or "")
            policy.has_its_role(approval, approver)
        except SophiaError as error:
            raise _StoppedError(str(error)) from error
        if not policy.is_seen_by(approval, approver):
            raise _StoppedError(f"{approver.user!r} no longer has the rights under which it was approved")
        touched: set[tuple[str, str]] = set()
        for n, step in enumerate(approval.plan.steps):
            self._remote(step.system)
            if (step.system, step.target) not in touched and not await self._effects.find(
                effect_key(approval.id, n, DO)
            ):
                await self._unchanged(step)
            touched.add((step.system, step.target))

    async def _make(self, approval: Approval, n: int, step: Step) -> None:
        order = _order(approval, n, DO, step.action, step.arguments)
        if not await self._effects.find(order.key):
            await self._unchanged(step)
        effect = await self._effects.perform(
            order, self._remote(step.system), lambda: self._untouched(step, frozenset(step.before))
        )
        if effect.state is EffectState.UNKNOWN:
            raise _ParkedError(f"Nobody can tell whether step {n + 1} was made: look at {step.target!r} and settle it")
        if effect.state is not EffectState.DONE:
            raise _StoppedError(f"step {n + 1} was not made: {_why(effect)}")
        if differing := await self._differing(step, step.after):
            raise _StoppedError(f"step {n + 1} was made, but {step.target!r} does not read as planned: {differing}")

    async def _unchanged(self, step: Step) -> None:
        if differing := await self._differing(step, step.before):
            why = f"{step.target!r} changed since the plan was made ({differing}): a new plan is needed"
            raise _StoppedError(why, State.STALE)

    async def _differing(self, step: Step, expected: Fields) -> str:
        """Which fields of the target do not read as expected, by name; empty where all do."""
        if not expected:
            return ""
        now = await self._read(step, frozenset(expected))
        return ", ".join(name for name in sorted(expected) if name not in now or not _alike(now, expected, name))

    async def _untouched(self, step: Step, fields: frozenset[str]) -> bool:
        """Whether each of the fields reads as before the step or as after it: what somebody else wrote since is not ours."""
        if not fields:
            return True
        try:
            now = await self._read(step, fields)
        except _StoppedError:
            return False
        return all(_alike(now, step.before, name) or _alike(now, step.after, name) for name in fields)

    async def _read(self, step: Step, fields: frozenset[str]) -> Fields:
        try:
            async with asyncio.timeout(self._timeout_s):
                return await self._remote(step.system).read(step.target, fields)
        except (SophiaError, TimeoutError, OSError) as error:
            raise _StoppedError(f"{step.target!r} could not be read: {error or 'no answer in time'}") from error

    async def _backward(self, approval: Approval) -> Approval:
        """Undoes what was done, the last first, and says what could not be undone, or was changed by others since."""
        undone, left = 0, []
        for n, step in reversed(list(enumerate(approval.plan.steps))):
            made = await self._effects.find(effect_key(approval.id, n, DO))
            if made is None or made.state is not EffectState.DONE:
                continue
            if await self._unmade(approval, n, step):
                undone += 1
            else:
                left.append(n + 1)
        ends, _, why = (approval.note or "").partition(": ")
        if left:
            steps = ", ".join(map(str, sorted(left)))
            return await self._end(approval, State.FAILED, f"{why}; still in force: step {steps}")
        if undone:
            return await self._end(approval, State.UNDONE, why)
        return await self._end(approval, State.STALE if ends == State.STALE else State.FAILED, why)

    async def _unmade(self, approval: Approval, n: int, step: Step) -> bool:
        if step.inverse is None:
            return False
        order = _order(approval, n, UNDO, step.inverse.action, step.inverse.arguments)

        async def ours() -> bool:
            return await self._untouched(step, frozenset(step.after))

        if not await self._effects.find(order.key) and not await ours():
            return False
        try:
            effect = await self._effects.perform(order, self._remote(step.system), ours)
        except _StoppedError:
            return False
        if effect.state is EffectState.UNKNOWN:
            raise _ParkedError(
                f"Nobody can tell whether step {n + 1} was undone: look at {step.target!r} and settle it"
            )
        return effect.state is EffectState.DONE

    async def _end(self, approval: Approval, state: State, note: str) -> Approval:
        return await self._approvals.moved(approval, state, actor=_actor(approval), note=note)

    def _remote(self, system: str) -> Remote:
        if system not in self._remotes:
            known = ", ".join(sorted(self._remotes)) or "none"
            raise _StoppedError(str(UnavailableError(f"There is no system {system!r} here: known are {known}")))
        return self._remotes[system]


def _order(approval: Approval, n: int, way: str, action: str, arguments: Fields) -> Order:
    step = approval.plan.steps[n]
    return Order(
        key=effect_key(approval.id, n, way),
        tenant=approval.tenant,
        plan_hash=approval.plan_hash,
        system=step.system,
        action=action,
        target=step.target,
        principal=_actor(approval),
        arguments=arguments,
    )


def _alike(one: Fields, other: Fields, name: str) -> bool:
    """Whether the field reads the same in both, or is in neither."""
    if name not in one or name not in other:
        return name not in one and name not in other
    return canonical(one[name]) == canonical(other[name])


def _actor(approval: Approval) -> str:
    return approval.decided_by or approval.id


def _why(effect: Effect) -> str:
    return str((effect.outcome or {}).get("reason", effect.state))
