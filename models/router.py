"""Which endpoint is asked: a table of rules, a chain of substitutes, a breaker for each, shares for experiments."""

import hashlib
import json
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import TypeVar

from core.clock import Clock
from core.errors import DeadlineError, RateLimitedError, RejectedError, SophiaError, UnavailableError
from core.identity import Label
from core.resilience import Breaker
from models.budget import Measured
from models.endpoints import Endpoints
from models.evidence import highest
from models.language import Brief, Call, Choice, Extracted, Language, Option, Sentence, T
from models.streams import closing

R = TypeVar("R")
_NEXT_MAY_ANSWER = (UnavailableError, RateLimitedError, RejectedError)
_SHARE_OF_TIME = 0.7
_CHARACTERS_A_TOKEN = 4


@dataclass(frozen=True, slots=True)
class Request:
    """What routing looks at: the verb, the material's label, seconds and tokens left, tokens to be read (`size`)."""

    verb: str
    label: Label
    principal: str
    size: int
    seconds_left: float | None = None
    tokens_left: int | None = None


@dataclass(frozen=True, slots=True)
class Rule:
    """A row of the table. Its conditions must all hold: seconds, tokens left to spend, tokens to be read."""

    chain: tuple[str, ...]
    verb: str | None = None
    deadline_under: float | None = None
    budget_under: int | None = None
    complexity_over: int | None = None

    @property
    def rank(self) -> int:
        """Deadlines before budgets before complexity before the verb alone."""
        conditions = (self.deadline_under, self.budget_under, self.complexity_over, self.verb)
        return next((place for place, condition in enumerate(conditions) if condition is not None), len(conditions))

    def fits(self, request: Request) -> bool:
        """Whether every condition holds; one about a limit the request does not have does not."""
        return (
            self.verb in (None, request.verb)
            and _below(request.seconds_left, self.deadline_under)
            and _below(request.tokens_left, self.budget_under)
            and (self.complexity_over is None or request.size > self.complexity_over)
        )


@dataclass(frozen=True, slots=True)
class Arm:
    """An experiment: `share` of the principals get `use` where a chain says `instead_of`, always the same ones."""

    name: str
    share: float
    instead_of: str
    use: str

    def takes(self, principal: str) -> bool:
        """Whether the principal belongs to the experiment."""
        drawn = hashlib.sha256(f"{self.name}\0{principal}".encode()).digest()[:8]
        return int.from_bytes(drawn) < self.share * 2**64


@dataclass(frozen=True, slots=True)
class Table:
    """Routing as data. Above `remote_up_to` only endpoints in `local` are asked, whatever the rules say."""

    default: tuple[str, ...]
    local: frozenset[str]
    remote_up_to: Label = Label.INTERNAL
    rules: tuple[Rule, ...] = ()
    arms: tuple[Arm, ...] = ()

    def chain(self, request: Request) -> tuple[str, ...]:
        """The endpoints to ask, in order; empty where the label admits none."""
        ranked = sorted(self.rules, key=lambda rule: rule.rank)
        names = next((rule.chain for rule in ranked if rule.fits(request)), self.default)
        for arm in self.arms:
            if arm.takes(request.principal):
                names = tuple(arm.use if name == arm.instead_of else name for name in names)
        return tuple(name for name in dict.fromkeys(names) if name in self.local or request.label <= self.remote_up_to)


class Routed:
    """Asks the endpoints of the request's chain in turn, then `last`, which needs no endpoint at all.

    The next one is asked when an endpoint is down, busy or refuses; of sentences, until the first has been shown. An
    endpoint none of whose sentences passed the citation check has not answered. If nobody answers, the first error
    is raised.
    """

    def __init__(
        self,
        endpoints: Mapping[str, Language],
        table: Table,
        *,
        last: Language,
        breakers: Mapping[str, Breaker],
        clock: Clock,
    ) -> None:
        self._endpoints = endpoints
        self._table = table
        self._last = last
        self._breakers = breakers
        self._clock = clock

    async def choose(self, question: str, options: Sequence[Option], *, call: Call) -> Sequence[Choice]:
        """The choice of the first endpoint that answers."""
        size = len(question) + sum(len(o.description) + len(json.dumps(dict(o.parameters))) for o in options)
        return await self._first(
            "choose", size, call, lambda language, call: language.choose(question, options, call=call)
        )

    async def extract(self, schema: type[T], text: str, *, call: Call) -> Extracted[T]:
        """The fields found by the first endpoint that answers."""
        return await self._first(
            "extract", len(text), call, lambda language, call: language.extract(schema, text, call=call)
        )

    async def write(self, brief: Brief, *, call: Call) -> AsyncIterator[Sentence]:
        """The sentences of the first endpoint that has one."""
        call = replace(call, label=highest([call.label, *(source.label for source in brief.sources)]))
        size = len(brief.question) + sum(len(source.text) for source in brief.sources)
        first_error: SophiaError | None = None
        for name, language, share in self._asked("write", size, call):
            shown = False
            try:
                with self._breakers[name].guard():
                    async with closing(language.write(brief, call=share)) as sentences:
                        async for sentence in sentences:
                            shown = True
                            yield sentence
            except _NEXT_MAY_ANSWER as error:
                if shown:
                    raise
                first_error = first_error or error
            if shown:
                return
        try:
            async with closing(self._last.write(brief, call=call)) as sentences:
                async for sentence in sentences:
                    yield sentence
        except SophiaError as error:
            raise first_error or error from None

    async def _first(self, verb: str, size: int, call: Call, ask: Callable[[Language, Call], Awaitable[R]]) -> R:
        first_error: SophiaError | None = None
        for name, language, share in self._asked(verb, size, call):
            try:
                with self._breakers[name].guard():
                    return await ask(language, share)
            except _NEXT_MAY_ANSWER as error:
                first_error = first_error or error
        try:
            return await ask(self._last, call)
        except SophiaError as error:
            raise first_error or error from None

    def _asked(self, verb: str, size: int, call: Call) -> Iterator[tuple[str, Language, Call]]:
        """The chain with the terms for each: all but the last leave some of the time to their substitutes."""
        request = Request(
            verb=verb,
            label=call.label,
            principal=call.principal.id,
            size=size // _CHARACTERS_A_TOKEN,
            seconds_left=self._seconds_left(call),
            tokens_left=call.budget.tokens_left if isinstance(call.budget, Measured) else None,
        )
        names = self._table.chain(request)
        for place, name in enumerate(names, 1):
            left = self._seconds_left(call)
            if left is None or call.deadline is None or place == len(names):
                yield name, self._endpoints[name], call
            else:
                shorter = call.deadline - timedelta(seconds=left * (1 - _SHARE_OF_TIME))
                yield name, self._endpoints[name], replace(call, deadline=shorter)

    def _seconds_left(self, call: Call) -> float | None:
        """Until the deadline, if there is one; DeadlineError when it has passed."""
        if call.deadline is None:
            return None
        left = (call.deadline - self._clock()).total_seconds()
        if left <= 0:
            raise DeadlineError(f"The deadline of {call.purpose!r} has passed")
        return left


def table(config: Endpoints) -> Table:
    """The routing table of the endpoints' file."""
    routing = config.routing
    return Table(
        default=routing.default,
        local=frozenset(name for name, endpoint in config.endpoints.items() if endpoint.local),
        remote_up_to=routing.remote_up_to,
        rules=tuple(Rule(**dict(rule)) for rule in routing.rules),
        arms=tuple(Arm(**dict(arm)) for arm in routing.arms),
    )


def _below(value: float | None, limit: float | None) -> bool:
    return limit is None or (value is not None and value < limit)
