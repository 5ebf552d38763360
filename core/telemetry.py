"""The telemetry facade: spans and measures over the OpenTelemetry API; the SDK is wired by api/telemetry.py.

Without an SDK every call here is a no-op. Names follow the GenAI semantic conventions where these have one. Content
(questions, answers, passages) never becomes an attribute.
"""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager

from opentelemetry import metrics, trace
from opentelemetry.context import Context
from opentelemetry.trace import Span, SpanKind, Status, StatusCode
from opentelemetry.trace.propagation.tracecontext import TraceContextTextMapPropagator

from core.errors import SophiaError

Value = str | int | float | bool

_tracer = trace.get_tracer("sophia")
_meter = metrics.get_meter("sophia")

runs = _meter.create_counter("sophia.runs", description="Runs that ended, by status")
run_seconds = _meter.create_histogram(
    "sophia.run.duration", unit="s", description="From acceptance to the end of a run"
)
first_sentence_seconds = _meter.create_histogram(
    "sophia.run.first_sentence", unit="s", description="From acceptance to the first sentence of an answer"
)
tool_seconds = _meter.create_histogram(
    "sophia.tool.duration", unit="s", description="Tool calls through the gateway, by tool"
)
retrieval_seconds = _meter.create_histogram("sophia.retrieval.duration", unit="s", description="Searches, by recipe")
model_seconds = _meter.create_histogram(
    "gen_ai.client.operation.duration", unit="s", description="Language calls, by operation and model"
)
model_tokens = _meter.create_histogram(
    "gen_ai.client.token.usage",
    unit="{token}",
    description="Tokens of language calls, by operation, model and direction",
)
withheld = _meter.create_counter("sophia.sentences.withheld", description="Sentences that failed the citation check")
documents = _meter.create_counter("sophia.documents", description="Documents ingested, by outcome")


_trace_context = TraceContextTextMapPropagator()


@contextmanager
def span(
    name: str,
    attributes: Mapping[str, Value] | None = None,
    *,
    kind: SpanKind = SpanKind.INTERNAL,
    parent: Context | None = None,
) -> Iterator[Span]:
    """A span around a block and current in it; an error marks it with its code or type, never with its message."""
    with span_beside(name, attributes, kind=kind, parent=parent) as opened, current(opened):
        yield opened


@contextmanager
def span_beside(
    name: str,
    attributes: Mapping[str, Value] | None = None,
    *,
    kind: SpanKind = SpanKind.INTERNAL,
    parent: Context | None = None,
) -> Iterator[Span]:
    """As `span`, but not current: for a generator, which would leave it to its reader at every yield."""
    opened = _tracer.start_span(name, context=parent, kind=kind, attributes=dict(attributes or {}))
    try:
        yield opened
    except Exception as error:
        kind_of = error.code if isinstance(error, SophiaError) else type(error).__name__
        opened.set_attribute("error.type", kind_of)
        opened.set_status(Status(StatusCode.ERROR, kind_of))
        raise
    finally:
        opened.end()


@contextmanager
def current(opened: Span) -> Iterator[None]:
    """A part of a block in which the span is current: what is opened here is its child."""
    with trace.use_span(opened, record_exception=False, set_status_on_exception=False):
        yield


def carrier() -> dict[str, str]:
    """The current span as W3C fields that a message takes along; empty where nothing is traced."""
    fields: dict[str, str] = {}
    _trace_context.inject(fields)
    return fields


def traceparent() -> str | None:
    """The current span as a W3C `traceparent`, to be continued elsewhere; None where nothing is traced."""
    return carrier().get("traceparent")


def continued(from_traceparent: str | None) -> Context:
    """The context in which a span becomes the child of the one that `traceparent` named."""
    return _trace_context.extract({"traceparent": from_traceparent} if from_traceparent else {}, context=Context())
