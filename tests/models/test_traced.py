"""What a trace shows of language: operations, models, tokens; never a word of anybody's."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from opentelemetry import trace
from opentelemetry.sdk.trace import ReadableSpan
from opentelemetry.sdk.trace.export import SimpleSpanProcessor
from opentelemetry.sdk.trace.export.in_memory_span_exporter import InMemorySpanExporter
from pydantic import BaseModel

from api.settings import Settings
from api.telemetry import configure
from core.errors import UnavailableError
from evals.outside.openai_peer import Reply, calls, fills, says
from models.language import Option
from models.traced import Traced
from tests.models.chatting import call, chat, written
from tests.models.material import BRIEF


class Owner(BaseModel):
    owner: str | None = None


@pytest.fixture
def spans(tmp_path: Path) -> Iterator[InMemorySpanExporter]:
    """What is traced in this process while the test runs, by the provider that Sophia sets up."""
    exporter = InMemorySpanExporter()
    configure(Settings(data_dir=tmp_path)).add_span_processor(SimpleSpanProcessor(exporter))
    yield exporter
    exporter.shutdown()


def named(spans: InMemorySpanExporter) -> dict[str, ReadableSpan]:
    return {span.name: span for span in spans.get_finished_spans()}


async def test_a_choice_has_a_span_with_the_models_inside(spans: InMemorySpanExporter) -> None:
    async with chat(calls(("a_0", {}))) as (language, _):
        await Traced(language, model="routed").choose("We pay $48,000", [Option("a", "b")], call=call())

    outer, inner = named(spans)["choose"], named(spans)["chat peer-1"]
    assert inner.parent is not None
    assert inner.parent.span_id == outer.context.span_id
    assert dict(outer.attributes or {}) == {
        "gen_ai.operation.name": "choose",
        "gen_ai.request.model": "routed",
        "sophia.purpose": "test",
        "sophia.label": "internal",
        "sophia.choices": 1,
    }
    assert dict(inner.attributes or {}) == {
        "gen_ai.operation.name": "chat",
        "gen_ai.provider.name": "peer",
        "gen_ai.request.model": "peer-1",
        "gen_ai.usage.input_tokens": 120,
        "gen_ai.usage.output_tokens": 30,
    }


async def test_every_verb_is_seen_and_no_word_of_it(spans: InMemorySpanExporter) -> None:
    async with chat(says("Anna pays $48,000 [1].")) as (language, _):
        assert len(await written(Traced(language, model="routed"))) == 1
    async with chat(fills(owner={"value": "Anna", "quote": "Anna"})) as (language, _):
        await Traced(language, model="routed").extract(Owner, "Anna pays $48,000", call=call())

    seen = named(spans)
    assert {"write", "extract", "chat peer-1"} <= seen.keys()
    assert seen["write"].attributes is not None
    assert seen["write"].attributes["sophia.sentences"] == 1
    told = " ".join(span.to_json() for span in spans.get_finished_spans())
    assert "48,000" not in told
    assert "Anna" not in told
    assert "eva" not in told


async def test_a_failure_is_marked_by_its_code(spans: InMemorySpanExporter) -> None:
    async with chat(Reply(status=500)) as (language, _):
        with pytest.raises(UnavailableError):
            await written(Traced(language, model="routed"))

    for span in spans.get_finished_spans():
        assert span.attributes is not None
        assert span.attributes["error.type"] == "E_UNAVAILABLE"
        assert not span.events


async def test_the_readers_own_spans_are_not_the_writers(spans: InMemorySpanExporter) -> None:
    async with chat(says("Anna pays $48,000 [1].")) as (language, _):
        async for _sentence in Traced(language, model="routed").write(BRIEF, call=call()):
            assert not trace.get_current_span().get_span_context().is_valid

    assert len(spans.get_finished_spans()) == 2
