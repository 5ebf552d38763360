"""Every use of language as a span and a duration; who asked what stays out of both."""

from collections.abc import AsyncIterator, Iterator, Sequence
from contextlib import contextmanager
from time import perf_counter

from opentelemetry.trace import Span

from core.telemetry import current, model_seconds, span_beside
from models.language import Brief, Call, Choice, Extracted, Language, Option, Sentence, T
from models.streams import closing


class Traced:
    """A span `choose`, `extract` or `write` around each call; the endpoints' own spans `chat <model>` lie inside.

    `model` names what the calls go to, such as "routed".
    """

    def __init__(self, inner: Language, *, model: str) -> None:
        self._inner = inner
        self._model = model

    async def choose(self, question: str, options: Sequence[Option], *, call: Call) -> Sequence[Choice]:
        """As the inner language chooses."""
        with self._span("choose", call) as span, current(span):
            chosen = await self._inner.choose(question, options, call=call)
            span.set_attribute("sophia.choices", len(chosen))
            return chosen

    async def extract(self, schema: type[T], text: str, *, call: Call) -> Extracted[T]:
        """As the inner language extracts."""
        with self._span("extract", call) as span, current(span):
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
                    with current(span):
                        sentence = await anext(sentences, None)
                    if sentence is None:
                        break
                    count += 1
                    yield sentence
            span.set_attribute("sophia.sentences", count)

    @contextmanager
    def _span(self, verb: str, call: Call) -> Iterator[Span]:
        attributes = {"gen_ai.operation.name": verb, "gen_ai.request.model": self._model}
        told = {**attributes, "sophia.purpose": call.purpose, "sophia.label": str(call.label)}
        began = perf_counter()
        try:
            with span_beside(verb, told) as span:
                yield span
        finally:
            model_seconds.record(perf_counter() - began, attributes)
