"""One trace a run, from the request to the search, with none of the content in it."""

from collections.abc import AsyncIterator, Iterator

import pytest
import pytest_asyncio
from opentelemetry.sdk.trace import ReadableSpan
from opentelemetry.sdk.trace.export import SimpleSpanProcessor
from opentelemetry.sdk.trace.export.in_memory_span_exporter import InMemorySpanExporter

from api import telemetry
from tests.api.served import Served, ask

pytestmark = pytest.mark.asyncio(loop_scope="session")
QUESTION = "What does Castellan say about the price of Yard?"
REMOTE = ("4bf92f3577b34da6a3ce929d0e0e4736", "00f067aa0ba902b7")


class Trace:
    """The finished spans of one run."""

    def __init__(self, spans: tuple[ReadableSpan, ...]) -> None:
        self.spans = spans
        self._by_id = {span.context.span_id: span for span in spans if span.context}

    def path(self, name: str) -> list[str]:
        """The names from the outermost span down to the first one of this name."""
        found: ReadableSpan | None = self.named(name)
        names: list[str] = []
        while found:
            names.insert(0, found.name)
            found = self._by_id.get(found.parent.span_id) if found.parent else None
        return names

    def named(self, name: str) -> ReadableSpan:
        return next(span for span in self.spans if span.name == name)

    def content(self) -> Iterator[str]:
        """Every word that a span takes along."""
        for span in self.spans:
            yield span.name
            yield str(span.status.description)
            for attributes in (span.attributes, *(event.attributes for event in span.events)):
                yield from (f"{key}={value!r}" for key, value in (attributes or {}).items())


@pytest.fixture(scope="module")
def exporter(served: Served) -> InMemorySpanExporter:
    spans = InMemorySpanExporter()
    telemetry.configure(served.sophia.settings).add_span_processor(SimpleSpanProcessor(spans))
    return spans


@pytest_asyncio.fixture(loop_scope="session")
async def answer_and_trace(served: Served, exporter: InMemorySpanExporter) -> AsyncIterator[tuple[str, Trace]]:
    exporter.clear()
    async with served.client() as client:
        client.headers["traceparent"] = f"00-{REMOTE[0]}-{REMOTE[1]}-01"
        lines = await ask(client, QUESTION)
    answer = next(line for line in lines if line.type == "answer")
    assert answer.data["answered"]
    yield answer.data["text"], Trace(exporter.get_finished_spans())


async def test_a_question_is_one_trace_that_goes_on_from_the_callers(answer_and_trace: tuple[str, Trace]) -> None:
    _, trace = answer_and_trace
    assert {f"{span.context.trace_id:032x}" for span in trace.spans if span.context} == {REMOTE[0]}
    request = trace.named("POST /v1/chat")
    assert request.parent
    assert f"{request.parent.span_id:016x}" == REMOTE[1]


async def test_a_trace_shows_the_way_from_the_request_to_the_search(answer_and_trace: tuple[str, Trace]) -> None:
    _, trace = answer_and_trace
    run = ["POST /v1/chat", "run"]
    assert trace.path("choose") == [*run, "node plan", "choose"]
    assert trace.path("write") == [*run, "node answer", "write"]
    assert trace.path("retrieval.search") == [
        *run,
        "node call_analysis",
        "invoke_agent call_analysis",
        "node search",
        "execute_tool search_calls",
        "tools/call search_calls",
        "retrieval.search",
    ]


async def test_spans_carry_the_names_of_the_genai_conventions(answer_and_trace: tuple[str, Trace]) -> None:
    _, trace = answer_and_trace
    expected = {
        "run": {"gen_ai.conversation.id"},
        "choose": {"gen_ai.operation.name", "gen_ai.request.model"},
        "invoke_agent call_analysis": {"gen_ai.operation.name", "gen_ai.agent.name"},
        "execute_tool search_calls": {"gen_ai.operation.name", "gen_ai.tool.name", "gen_ai.tool.type"},
        "write": {"gen_ai.operation.name", "gen_ai.request.model"},
    }
    for name, attributes in expected.items():
        assert attributes <= set(trace.named(name).attributes or {}), name
    assert (trace.named("execute_tool search_calls").attributes or {})["gen_ai.operation.name"] == "execute_tool"


async def test_no_words_of_the_question_or_its_answer_are_traced(answer_and_trace: tuple[str, Trace]) -> None:
    answer, trace = answer_and_trace
    secrets = [QUESTION, "Castellan", *(line.partition('"')[2][:20] for line in answer.splitlines())]
    taken = "\n".join(trace.content())
    assert [secret for secret in secrets if secret and secret in taken] == []


async def test_probes_leave_no_traces(served: Served, exporter: InMemorySpanExporter) -> None:
    exporter.clear()
    async with served.client() as client:
        for path in ("/healthz", "/readyz", "/metrics"):
            assert (await client.get(path)).status_code == 200
    assert exporter.get_finished_spans() == ()
