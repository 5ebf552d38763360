"""Every use of language as a span and a duration; who asked what stays out of both."""

from collections.abc import AsyncIterator, Iterator, Sequence
from contextlib import contextmanager
from time import perf_counter

from opentelemetry import trace
from opentelemetry.trace import Span, Status, StatusCode

from core.errors import SophiaError
from core.telemetry import model_seconds
from models.language import Brief, Call, Choice, Extracted, Language, Option, Sentence, T
from models.streams import closing

_tracer = trace.get_tracer("sophia")


class Traced:
    """A span `choose`, `extract` or `write` around each call; the endpoints' own spans `chat <model>` lie inside.

    `model` names what the calls go to, such as "routed".
    """

    def __init__(self, inner: Language, *, model: str) -> None:
        self._inner = inner
        self._model = model

    async def choose(self, question: str, options: Sequence[Option], *, call: Call) -> Sequence[Choice]:
        """As the inner language chooses."""
        with (
            self._span("choose", call) as span,
            trace.use_span(span, record_exception=False, set_status_on_exception=False),
        ):
            chosen = await self._inner.choose(question, options, call=call)
            span.set_attribute("sophia.choices", len(chosen))
            return chosen

    async def extract(self, schema: type[T], text: str, *, call: Call) -> Extracted[T]:
        """As the inner language extracts."""
        with (
            self._span("extract", call) as span,
            trace.use_span(span, record_exception=False, set_status_on_exception=False),
        ):
            extracted = await self._inner.extract(schema, text, call=call)
            span.set_attribute("sophia.fields", len(extracted.spans))
            return extracted

    async def write(self, brief: Brief, *, call: Call) -> AsyncIterator[Sentence]:
        """As the inner language writes."""
        with self._span("write", call) as span:
            count = 0
            async with closing(self._inner.write(brief, call=call)) as sentences:
                while True:
                    # Current only while the writer works: the reader's own spans are not its children.
                    with trace.use_span(span, record_exception=False, set_status_on_exception=False):
                        sentence = await anext(sentences, None)
                    if sentence is None:
                        break
                    count += 1
                    yield sentence
            span.set_attribute("sophia.sentences", count)

    @contextmanager
    def _span(self, verb: str, call: Call) -> Iterator[Span]:
        attributes = {"gen_ai.operation.name": verb, "gen_ai.request.model": self._model}
        span = _tracer.start_span(
            verb, attributes={**attributes, "sophia.purpose": call.purpose, "sophia.label": str(call.label)}
        )
        began = perf_counter()
        try:
            yield span
        except Exception as error:
            kind = error.code if isinstance(error, SophiaError) else type(error).__name__
            span.set_attribute("error.type", kind)
            span.set_status(Status(StatusCode.ERROR, kind))
            raise
        finally:
            span.end()
            model_seconds.record(perf_counter() - began, attributes)
