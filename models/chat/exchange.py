"""One request to a chat model: who may send it, how long it may take, what it costs, how it is seen in traces."""

import asyncio
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

from langchain_core.messages import AIMessage
from langchain_core.runnables.config import var_child_runnable_config
from langsmith import tracing_context
from opentelemetry.trace import Span, SpanKind

from core.clock import Clock
from core.errors import DeadlineError, ForbiddenError, SophiaError, UnavailableError
from core.identity import Label
from core.telemetry import model_seconds, model_tokens, span_beside
from models.language import Call
from models.usage import UNRECORDED, Ledger, Price, Usage

Failure = Callable[[Exception], SophiaError | None]
"""Translates a client library's error into one of ours; None where it is not the library's."""


def unknown_failure(_error: Exception) -> None:
    """Translates nothing: for a model in the same process."""
    return


@dataclass(frozen=True, slots=True)
class Terms:
    """What is agreed with an endpoint: its names, the highest label it may see, seconds and tokens an answer may take.

    `ledger` is told what every request took, at the `price` where one is known.
    """

    name: str
    model: str
    ceiling: Label
    timeout: float = 60.0
    answer_tokens: int = 1024
    failure: Failure = unknown_failure
    price: Price | None = None
    ledger: Ledger = UNRECORDED


@dataclass(slots=True)
class Exchange:
    """Measures one request. Tokens are as the endpoint counts them, or estimated where it does not say."""

    terms: Terms
    call: Call
    clock: Clock
    cut_off: bool = False
    _began: datetime = field(init=False)
    _input: int = 0
    _output: int = 0
    _received: int = 0
    _counted: bool = False

    def __post_init__(self) -> None:
        self._began = self.clock()

    @contextmanager
    def open(self, characters: int) -> Iterator["Exchange"]:
        """Reserves for a prompt of so many characters and the longest answer, and settles for what was used."""
        if self.call.label > self.terms.ceiling:
            raise ForbiddenError(
                f"{self.call.label} material may not go to the endpoint {self.terms.name!r}, which may see {self.terms.ceiling}"
            )
        self.seconds_left()
        self._input = estimated_tokens(characters)
        reserved = self._input + self.terms.answer_tokens
        if self.call.budget:
            self.call.budget.reserve(reserved)
        failed: SophiaError | None = None
        with span_beside(f"chat {self.terms.model}", self._attributes(), kind=SpanKind.CLIENT) as span:
            try:
                yield self
            except SophiaError as error:
                failed = error
                raise
            finally:
                used = self._used(failed)
                if self.call.budget:
                    self.call.budget.settle(reserved=reserved, used=used)
                if used:
                    self.terms.ledger.record(self._usage())
                self._report(span)

    @asynccontextmanager
    async def listening(self) -> AsyncIterator[None]:
        """Around every wait for the model: no longer than there is time, nobody listening, the client's errors as ours."""
        left = self.seconds_left()
        try:
            with _unheard():
                async with asyncio.timeout(left):
                    yield
        except TimeoutError:
            raise self._late() from None
        except Exception as error:
            if (ours := self.terms.failure(error)) is None:
                raise
            # The client's message may quote the request or the key; ours replaces it.
            raise ours from None

    def seconds_left(self) -> float:
        """Until the endpoint's own limit or the call's deadline, whichever is nearer; DeadlineError when that is past."""
        own = self._began + timedelta(seconds=self.terms.timeout)
        end = min(own, self.call.deadline) if self.call.deadline else own
        left = (end - self.clock()).total_seconds()
        if left <= 0:
            raise self._late()
        return left

    def hear(self, message: AIMessage) -> None:
        """Takes from a message, or a piece of one, what it says about length and usage."""
        self._received += len(str(message.text))
        if message.response_metadata.get("finish_reason") in ("length", "content_filter"):
            self.cut_off = True
        if usage := message.usage_metadata:
            self._input, self._output, self._counted = usage["input_tokens"], usage["output_tokens"], True

    def _late(self) -> SophiaError:
        own = self._began + timedelta(seconds=self.terms.timeout)
        if self.call.deadline and self.call.deadline <= own:
            return DeadlineError(f"The deadline passed while the endpoint {self.terms.name!r} was asked")
        return UnavailableError(f"The endpoint {self.terms.name!r} did not answer within {self.terms.timeout:g} s")

    def _used(self, failed: SophiaError | None) -> int:
        """A refused request costs nothing; one that was given up half-way costs what it had come to."""
        if not self._counted:
            self._output = estimated_tokens(self._received)
            if failed and not self._received and not isinstance(failed, DeadlineError):
                self._input = 0
        return self._input + self._output

    def _usage(self) -> Usage:
        """An estimate has no cost: only what the endpoint counts is what it charges for."""
        price = self.terms.price if self._counted else None
        return Usage(
            tenant=self.call.principal.tenant,
            day=self._began.astimezone(UTC).date(),
            endpoint=self.terms.name,
            label=self.call.label,
            input_tokens=self._input,
            output_tokens=self._output,
            cost=price.of(input_tokens=self._input, output_tokens=self._output) if price else None,
            currency=price.currency if price else None,
        )

    def _attributes(self) -> dict[str, str]:
        return {
            "gen_ai.operation.name": "chat",
            "gen_ai.provider.name": self.terms.name,
            "gen_ai.request.model": self.terms.model,
        }

    def _report(self, span: Span) -> None:
        attributes = self._attributes()
        span.set_attribute("gen_ai.usage.input_tokens", self._input)
        span.set_attribute("gen_ai.usage.output_tokens", self._output)
        model_seconds.record((self.clock() - self._began).total_seconds(), attributes)
        model_tokens.record(self._input, {**attributes, "gen_ai.token.type": "input"})
        model_tokens.record(self._output, {**attributes, "gen_ai.token.type": "output"})


@contextmanager
def _unheard() -> Iterator[None]:
    """Neither a tracing service nor the callbacks of a graph around hear the model: nothing it says is checked yet."""
    outer = var_child_runnable_config.set(None)
    try:
        with tracing_context(enabled=False):
            yield
    finally:
        var_child_runnable_config.reset(outer)


def estimated_tokens(characters: int) -> int:
    """About four characters of English a token; three are reckoned, so that a reservation is seldom too small."""
    return -(-characters // 3)
