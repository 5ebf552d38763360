"""Token budgets: reserved before a call, settled after it, so that two calls at once cannot spend the same token."""

from collections.abc import AsyncIterator, Callable, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from typing import Protocol, runtime_checkable

from core.clock import Clock
from core.errors import RateLimitedError, RejectedError
from core.identity import Principal
from models.language import Brief, Budget, Call, Choice, Extracted, Language, Option, Sentence, T
from models.streams import closing


class BudgetSpentError(RejectedError):
    """The run has used the tokens it was given; ask a smaller question or raise the run's budget."""

    code = "E_BUDGET_SPENT"


@runtime_checkable
class Measured(Protocol):
    """A budget that can say what is left of it, for the router."""

    @property
    def tokens_left(self) -> int: ...


@dataclass(slots=True)
class TokenBudget:
    """The tokens of one run."""

    limit: int
    _taken: int = 0

    @property
    def tokens_left(self) -> int:
        """What is neither used nor reserved."""
        return max(self.limit - self._taken, 0)

    def reserve(self, tokens: int) -> None:
        """BudgetSpentError if so many are not left."""
        if tokens > self.tokens_left:
            raise BudgetSpentError(f"The run has {self.tokens_left} of {self.limit} tokens left, and needs {tokens}")
        self._taken += tokens

    def settle(self, *, reserved: int, used: int) -> None:
        """Gives back what was reserved and not used."""
        self._taken += used - reserved


@dataclass(slots=True)
class DailyBudgets:
    """A tenant's tokens per UTC day, the same number for each; counted in this process."""

    limit: int
    clock: Clock
    _days: dict[str, tuple[datetime, TokenBudget]] = field(default_factory=dict)

    def of(self, principal: Principal) -> Budget:
        """The account of the principal's tenant for today."""
        return _Account(self._today(principal.tenant), self.clock)

    def _today(self, tenant: str) -> TokenBudget:
        today = _midnight(self.clock())
        day, budget = self._days.get(tenant, (today, TokenBudget(self.limit)))
        if day != today:
            budget = TokenBudget(self.limit)
        self._days[tenant] = (today, budget)
        return budget


@dataclass(frozen=True, slots=True)
class _Account:
    """A tenant's day: when it is spent, tomorrow is another."""

    day: TokenBudget
    clock: Clock

    @property
    def tokens_left(self) -> int:
        return self.day.tokens_left

    def reserve(self, tokens: int) -> None:
        try:
            self.day.reserve(tokens)
        except BudgetSpentError:
            now = self.clock()
            wait = (_midnight(now) + timedelta(days=1) - now).total_seconds()
            raise RateLimitedError(
                f"The tenant has {self.tokens_left} of its {self.day.limit} tokens for today left", retry_after=wait
            ) from None

    def settle(self, *, reserved: int, used: int) -> None:
        self.day.settle(reserved=reserved, used=used)


@dataclass(frozen=True, slots=True)
class _Both:
    """Two budgets that must both have room; what the second refuses is given back to the first."""

    first: Budget
    second: Budget

    @property
    def tokens_left(self) -> int:
        return min(one.tokens_left for one in (self.first, self.second) if isinstance(one, Measured))

    def reserve(self, tokens: int) -> None:
        self.first.reserve(tokens)
        try:
            self.second.reserve(tokens)
        except Exception:
            self.first.settle(reserved=tokens, used=0)
            raise

    def settle(self, *, reserved: int, used: int) -> None:
        self.first.settle(reserved=reserved, used=used)
        self.second.settle(reserved=reserved, used=used)


class Budgeted:
    """Lets every call pay from its tenant's account as well as from its run's budget."""

    def __init__(self, inner: Language, account: Callable[[Principal], Budget]) -> None:
        self._inner = inner
        self._account = account

    async def choose(self, question: str, options: Sequence[Option], *, call: Call) -> Sequence[Choice]:
        """As the inner language chooses."""
        return await self._inner.choose(question, options, call=self._paying(call))

    async def extract(self, schema: type[T], text: str, *, call: Call) -> Extracted[T]:
        """As the inner language extracts."""
        return await self._inner.extract(schema, text, call=self._paying(call))

    async def write(self, brief: Brief, *, call: Call) -> AsyncIterator[Sentence]:
        """As the inner language writes."""
        async with closing(self._inner.write(brief, call=self._paying(call))) as sentences:
            async for sentence in sentences:
                yield sentence

    def _paying(self, call: Call) -> Call:
        account = self._account(call.principal)
        return replace(call, budget=_Both(call.budget, account) if call.budget else account)


def _midnight(now: datetime) -> datetime:
    return now.astimezone(UTC).replace(hour=0, minute=0, second=0, microsecond=0)
