"""A chat model behind the whole product: what it says is checked, and where it is silent Sophia answers all the same."""

import json
import shutil
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import asynccontextmanager
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from api.bootstrap import Sophia, open_sophia
from api.runs.run import Event
from api.security.keys import local_owner
from api.settings import Settings
from core.errors import InvalidInputError
from evals.outside.openai_peer import OpenAIPeer, Reply, calls, openai_peer, says
from memory.warehouse.measuring import Measured

QUESTION = "What did Marrowfield spend on detention?"
Answer = Callable[[dict[str, Any]], Reply]


def model(prose: str) -> Answer:
    """A model that finds every question to be one for call analysis, and writes the prose."""

    def answer(body: dict[str, Any]) -> Reply:
        names = [tool["function"]["name"] for tool in body.get("tools", ())]
        wanted = next((name for name in names if "call_analysis" in name or "question" in name), None)
        return calls((wanted, {"question": QUESTION})) if wanted else says(prose)

    return answer


@asynccontextmanager
async def speaking(
    answer: Answer | Reply,
    directory: Path,
    weights: Path | None,
    *,
    remote_up_to: str = "internal",
    price: Mapping[str, Any] | None = None,
) -> AsyncIterator[tuple[Sophia, OpenAIPeer]]:
    async with openai_peer(answer) as peer:
        endpoints = {
            "endpoints": {"peer": {"base_url": peer.url, "model": "m", "price": price}},
            "routing": {"default": ["peer"], "remote_up_to": remote_up_to},
        }
        file = directory / "models.yaml"
        file.write_text(json.dumps(endpoints))
        async with open_sophia(Settings(data_dir=directory, models=file, embedder_weights=weights)) as sophia:
            yield sophia, peer


async def ask(sophia: Sophia) -> list[Event]:
    run = await sophia.asking.ask(QUESTION, principal=local_owner("default"))
    return [event async for event in sophia.asking.follow(run.id)]


def one(events: list[Event], kind: str) -> dict[str, Any]:
    return next(event.payload for event in events if event.type == kind)


@pytest.fixture
def directory(light_directory: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(light_directory, tmp_path / "data"))


async def test_a_model_writes_prose_that_cites_and_a_claim_without_a_source_is_withheld(
    directory: Path, light_weights: Path | None
) -> None:
    prose = "The material is about detention [1]. They will certainly sign for $999,999 [1]."
    async with speaking(model(prose), directory, light_weights) as (sophia, peer):
        events = await ask(sophia)
    answer = one(events, "answer")
    assert answer["text"] == "The material is about detention [1]."
    assert answer["withheld"] == 1
    assert "999,999" in one(events, "withheld")["reason"]
    assert "999,999" not in answer["text"]
    assert len(peer.requests) >= 2


async def test_where_the_model_is_down_the_extractive_language_answers(
    directory: Path, light_weights: Path | None
) -> None:
    async with speaking(Reply(status=503), directory, light_weights) as (sophia, _peer):
        events = await ask(sophia)
    assert events[-1].type == "run.completed"
    assert one(events, "answer")["answered"]


async def test_material_above_the_label_never_reaches_a_remote_model(
    directory: Path, light_weights: Path | None
) -> None:
    async with speaking(model("So it is [1]."), directory, light_weights, remote_up_to="public") as (sophia, peer):
        events = await ask(sophia)
    assert events[-1].type == "run.completed"
    assert not any(
        "detention" in json.dumps(request["messages"]) and not request.get("tools") for request in peer.requests
    )


async def test_a_missing_key_is_named(directory: Path) -> None:
    file = directory / "models.yaml"
    endpoint = {"base_url": "http://127.0.0.1:9/v1", "model": "m", "api_key_env": "NO_SUCH_KEY"}
    file.write_text(json.dumps({"endpoints": {"peer": endpoint}, "routing": {"default": ["peer"]}}))
    with pytest.raises(InvalidInputError, match="NO_SUCH_KEY"):
        async with open_sophia(Settings(data_dir=directory, models=file)):
            pass


async def test_what_endpoints_report_arrives_in_the_metrics(directory: Path, light_weights: Path | None) -> None:
    price = {"input": 2, "output": 12.5, "currency": "USD"}
    async with speaking(model("So it is [1]."), directory, light_weights, price=price) as (sophia, peer):
        await ask(sophia)
        cost, tokens = await taken(sophia)
        asked = len(peer.requests)
    assert asked >= 2
    assert (cost.value, cost.unit) == (asked * (120 * Decimal(2) + 30 * Decimal("12.5")) / 1_000_000, "USD")
    assert tokens.value == asked * 150


async def test_without_a_price_there_are_tokens_and_the_cost_is_a_gap(
    directory: Path, light_weights: Path | None
) -> None:
    async with speaking(model("So it is [1]."), directory, light_weights) as (sophia, peer):
        await ask(sophia)
        cost, tokens = await taken(sophia)
    assert cost.value is None
    assert cost.gap == "there are only days of an endpoint with tokens whose cost is not known: 1"
    assert tokens.value == len(peer.requests) * 150


async def test_the_extractive_language_has_no_cost_rather_than_a_cost_of_nothing(
    directory: Path, light_weights: Path | None
) -> None:
    async with open_sophia(Settings(data_dir=directory, embedder_weights=light_weights)) as sophia:
        await ask(sophia)
        measured = await taken(sophia)
    assert [(one.value, one.gap) for one in measured] == [(None, "there are no calls to chat models yet")] * 2


async def taken(sophia: Sophia) -> list[Measured]:
    """Cost and tokens over the days of the ledger."""
    owner = local_owner("default")
    await sophia.figures.freshness.refresh()
    last = max((usage.day for usage in await sophia.usage.of(owner)), default=date(2026, 3, 20))
    measure = sophia.figures.metrics.measure
    return [await measure(name, {}, owner, last) for name in ("language_cost", "language_tokens")]
