"""What a call to an endpoint takes is told as the endpoint counts it, at its price, and nothing else of the call is."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import asdict
from decimal import Decimal

import pytest

from core.errors import SophiaError
from core.identity import Label
from evals.outside.openai_peer import Reply, calls, openai_peer, says
from models.endpoints import Endpoints, open_endpoints
from models.language import Language, Option
from models.usage import Price, Usage
from tests.models.chatting import ASKER, call, written

OPTIONS = [Option("calls", "Finds calls"), Option("metrics", "Reads metrics")]
PRICE = {"input": 1.25, "output": 10, "currency": "USD"}


class Kept:
    """A ledger in memory."""

    def __init__(self) -> None:
        self.usages: list[Usage] = []

    def record(self, usage: Usage) -> None:
        self.usages.append(usage)


@asynccontextmanager
async def priced(reply: Reply, price: dict[str, object] | None = PRICE) -> AsyncIterator[tuple[Language, Kept]]:
    async with openai_peer(reply) as peer:
        endpoint = {"base_url": peer.url, "model": "peer-1", "price": price}
        config = Endpoints.model_validate({"endpoints": {"peer": endpoint}, "routing": {"default": ["peer"]}})
        kept = Kept()
        async with open_endpoints(config, {}, ledger=kept) as languages:
            yield languages["peer"], kept


@pytest.mark.parametrize("verb", ["choose", "write"])
async def test_a_call_is_told_as_the_endpoint_counted_it(verb: str) -> None:
    reply = calls() if verb == "choose" else says("So it is [1].")
    async with priced(reply) as (language, kept):
        if verb == "choose":
            await language.choose("Which calls?", OPTIONS, call=call(label=Label.PUBLIC))
        else:
            await written(language, label=Label.PUBLIC)

    [usage] = kept.usages
    assert (usage.tenant, usage.endpoint) == (ASKER.tenant, "peer")
    assert (usage.input_tokens, usage.output_tokens) == (120, 30)
    assert (usage.cost, usage.currency) == (Decimal("0.00045"), "USD")


async def test_what_is_told_has_the_label_of_the_material() -> None:
    async with priced(calls()) as (language, kept):
        for label in (Label.PUBLIC, Label.INTERNAL):
            await language.choose("Which calls?", OPTIONS, call=call(label=label))

    assert [usage.label for usage in kept.usages] == [Label.PUBLIC, Label.INTERNAL]


async def test_without_a_price_there_are_tokens_and_no_cost() -> None:
    async with priced(calls(), None) as (language, kept):
        await language.choose("Which calls?", OPTIONS, call=call())

    [usage] = kept.usages
    assert (usage.input_tokens, usage.output_tokens, usage.cost, usage.currency) == (120, 30, None, None)


async def test_where_the_endpoint_does_not_count_the_tokens_are_estimated_and_no_cost_is_made_up() -> None:
    async with priced(says("So it is [1].", usage=None)) as (language, kept):
        await written(language)

    [usage] = kept.usages
    assert usage.input_tokens > 0
    assert usage.output_tokens > 0
    assert usage.cost is None


async def test_a_refused_request_took_nothing() -> None:
    async with priced(Reply(status=429)) as (language, kept):
        with pytest.raises(SophiaError):
            await language.choose("Which calls?", OPTIONS, call=call())

    assert kept.usages == []


async def test_no_word_of_the_question_or_of_the_answer_is_told() -> None:
    async with priced(says("The zeppelin is late [1].")) as (language, kept):
        await language.choose("Where is the zeppelin?", OPTIONS, call=call())
        await written(language)

    assert len(kept.usages) == 2
    assert "zeppelin" not in repr([asdict(usage) for usage in kept.usages])


def test_a_price_is_exact() -> None:
    price = Price(Decimal("0.075"), Decimal("0.30"), "USD")

    assert price.of(input_tokens=1, output_tokens=1) == Decimal("0.000000375")
    assert price.of(input_tokens=1_000_000, output_tokens=0) == Decimal("0.075")
