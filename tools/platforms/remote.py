"""Platforms as the remote on which approved plans are carried out: policy is asked once more, then a step is applied and
looked at; what is not as it was planned is taken back.
"""

from core.clock import Clock
from core.errors import ForbiddenError, RejectedError, SophiaError, UnavailableError, UnsupportedError
from core.identity import Principal
from core.plans import Fields, Step
from core.remotes import Order, Promises
from tools.platforms.base import Change, Planned, Platform
from tools.platforms.drift import drift
from tools.platforms.estate import Estate
from tools.platforms.store import Kind, Line

BACK = ":back"


class PlatformRemote:
    """The estate's platforms as targets; `reader` may see all of them."""

    promises = Promises(keyed=True)

    def __init__(self, estate: Estate, reader: Principal, clock: Clock) -> None:
        self._estate, self._reader, self._clock = estate, reader, clock

    async def read(self, target: str, fields: frozenset[str]) -> Fields:
        """What the fields of the platform's state are now. UnavailableError where it does not answer."""
        actual = (await self._platform(target).status()).actual
        return {name: value for name, value in actual.items() if name in fields}

    async def call(self, order: Order) -> Fields:
        """Carries out the order, or refuses it and leaves the platform as it was; the state it led to.

        ForbiddenError for what policy refuses by now, RejectedError for what was taken back. UnavailableError leaves open
        whether it was done: the call may be made again under its key.
        """
        platform = self._platform(order.target)
        planned = await platform.plan(Change(order.action, order.arguments))
        kind = Kind.ROLLED_BACK if await self._leads_back(order, planned.step) else Kind.APPLIED
        if kind is Kind.APPLIED:
            await self._check(planned)
        try:
            await self._carry_out(platform, planned.step, order.key)
        except SophiaError as error:
            failed = Kind.UNKNOWN if isinstance(error, UnavailableError) else Kind.FAILED
            await self._estate.store.changed(self._line(order, planned.step, failed, str(error)))
            raise
        await self._estate.store.changed(self._line(order, planned.step, kind), desired=planned.step.after)
        return planned.step.after

    async def look_up(self, key: str) -> Fields | None:
        """Platforms know keys, so that nobody needs to ask."""
        raise UnsupportedError(f"Platforms are called again under the key {key!r} instead of asked about it")

    async def _carry_out(self, platform: Platform, step: Step, key: str) -> None:
        await platform.apply(step, key=key)
        missed = drift(step.after, (await platform.status()).actual)
        if missed:
            await platform.rollback(step, key=key + BACK)
            found = ", ".join(f"{one.name} {one.actual} instead of {one.desired}" for one in missed)
            raise RejectedError(
                f"The {platform.title} was not as planned after the change ({found}): it was taken back"
            )

    async def _check(self, planned: Planned) -> None:
        refusal = self._estate.policies.refusal(await self._estate.proposal(planned, frozenset()))
        if refusal:
            raise ForbiddenError(f"Policy refuses this by now: rule {refusal.rule!r}, {refusal.because}")

    async def _leads_back(self, order: Order, step: Step) -> bool:
        """Whether this undoes what the same plan did: that is let through, whatever policy says of it."""
        lines = await self._estate.history(self._reader, order.target)
        done = [line for line in lines if line.plan == order.plan_hash and line.kind in (Kind.APPLIED, Kind.UNKNOWN)]
        return any(line.after == step.before and line.before == step.after for line in done)

    def _platform(self, target: str) -> Platform:
        return self._estate.platform(target, self._reader)

    def _line(self, order: Order, step: Step, kind: Kind, note: str = "") -> Line:
        return Line(step.target, self._clock(), kind, step.before, step.after, note, order.principal, order.plan_hash)
