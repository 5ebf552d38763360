"""What a caller is told when an endpoint fails: what to do, and nothing of the request or the key."""

from datetime import datetime, timedelta

import pytest

from core.clock import utc_now
from core.errors import (
    DeadlineError,
    ForbiddenError,
    RateLimitedError,
    RejectedError,
    SophiaError,
    UnavailableError,
)
from core.identity import Label
from evals.outside.openai_peer import Reply, calls, says
from models.budget import BudgetSpentError, TokenBudget
from models.endpoints import Endpoints, open_endpoints
from models.language import Option
from tests.models.chatting import call, chat, written
from tests.models.material import BRIEF

OPTIONS = [Option("calls", "Finds calls"), Option("metrics", "Reads metrics")]


async def failed(reply: Reply, *, deadline: datetime | None = None, within: float = 10.0) -> SophiaError:
    async with chat(reply, key="sk-very-secret", within=within) as (language, _):
        with pytest.raises(SophiaError) as whole:
            await language.choose("We pay $48,000 today", OPTIONS, call=call(deadline=deadline))
        with pytest.raises(type(whole.value)):
            await written(language, deadline=deadline)
    return whole.value


@pytest.mark.parametrize(
    ("reply", "kind"),
    [
        (Reply(status=500), UnavailableError),
        (Reply(status=503), UnavailableError),
        (Reply(status=408), UnavailableError),
        (Reply(status=429), RateLimitedError),
        (Reply(status=429, code="insufficient_quota"), RejectedError),
        (Reply(status=400, code="context_length_exceeded"), RejectedError),
        (Reply(status=401), RejectedError),
        (Reply(status=403), RejectedError),
        (Reply(status=404), RejectedError),
        (Reply(status=302, headers={"location": "http://127.0.0.1:9/elsewhere"}), RejectedError),
    ],
)
async def test_a_refusal_says_what_to_do_and_keeps_secrets(reply: Reply, kind: type[SophiaError]) -> None:
    error = await failed(reply)

    assert type(error) is kind
    assert "'peer'" in str(error)
    assert "secret" not in str(error)
    assert "48,000" not in str(error)
    assert error.__suppress_context__


async def test_a_refused_key_names_its_variable() -> None:
    assert "PEER_KEY" in str(await failed(Reply(status=401)))


async def test_the_time_to_wait_is_passed_on() -> None:
    error = await failed(Reply(status=429, headers={"retry-after": "7"}))

    assert isinstance(error, RateLimitedError)
    assert error.retry_after == 7.0


@pytest.mark.parametrize("header", ["Wed, 21 Oct 2026 07:28:00 GMT", "-3"])
async def test_an_odd_time_to_wait_is_still_a_time(header: str) -> None:
    error = await failed(Reply(status=429, headers={"retry-after": header}))

    assert isinstance(error, RateLimitedError)
    assert error.retry_after >= 0


async def test_a_silent_endpoint_is_unavailable() -> None:
    assert type(await failed(says("", stalls=0), within=0.2)) is UnavailableError


async def test_a_silent_endpoint_is_left_at_the_deadline() -> None:
    error = await failed(says("", stalls=0), deadline=utc_now() + timedelta(seconds=0.2))

    assert type(error) is DeadlineError


async def test_a_passed_deadline_asks_nobody() -> None:
    async with chat(calls()) as (language, peer):
        with pytest.raises(DeadlineError):
            await language.choose("?", OPTIONS, call=call(deadline=utc_now() - timedelta(seconds=1)))

    assert peer.requests == []


async def test_an_endpoint_that_is_not_there_is_unavailable() -> None:
    config = Endpoints.model_validate(
        {"endpoints": {"gone": {"base_url": "http://127.0.0.1:9/v1", "model": "m"}}, "routing": {"default": ["gone"]}}
    )
    async with open_endpoints(config, {}) as languages:
        with pytest.raises(UnavailableError, match="gone"):
            await languages["gone"].choose("?", OPTIONS, call=call())


@pytest.mark.parametrize("raw", [b"<html>", b"{}", b"null", b'{"choices": null}', b'{"choices": [{}]}'])
async def test_an_answer_that_is_not_the_protocol_is_unavailable(raw: bytes) -> None:
    async with chat(Reply(raw=raw)) as (language, _):
        with pytest.raises(UnavailableError):
            await language.choose("?", OPTIONS, call=call())


@pytest.mark.parametrize("label", [Label.CONFIDENTIAL, Label.RESTRICTED])
async def test_secret_words_never_reach_a_remote_endpoint(label: Label) -> None:
    async with chat(calls()) as (language, peer):
        with pytest.raises(ForbiddenError):
            await language.choose("?", OPTIONS, call=call(label=label))

    assert peer.requests == []


async def test_secret_words_may_go_to_a_local_endpoint() -> None:
    async with chat(calls(), local=True) as (language, _):
        assert await language.choose("?", OPTIONS, call=call(label=Label.RESTRICTED)) == []


async def test_a_call_costs_what_the_endpoint_counted() -> None:
    budget = TokenBudget(10_000)
    async with chat(says("Pricing was open [1].", usage=(200, 50))) as (language, _):
        await written(language, budget=budget)

    assert budget.tokens_left == 10_000 - 250


async def test_a_call_that_is_not_counted_is_estimated() -> None:
    budget = TokenBudget(10_000)
    async with chat(says("Pricing was open [1].", usage=None)) as (language, _):
        await written(language, budget=budget)

    assert 10_000 - 2_000 < budget.tokens_left < 10_000 - 500


async def test_a_refused_call_costs_nothing() -> None:
    budget = TokenBudget(10_000)
    async with chat(Reply(status=500)) as (language, _):
        with pytest.raises(UnavailableError):
            await written(language, budget=budget)

    assert budget.tokens_left == 10_000


async def test_a_spent_budget_asks_nobody() -> None:
    async with chat(says("Pricing was open [1].")) as (language, peer):
        with pytest.raises(BudgetSpentError):
            await written(language, budget=TokenBudget(100))

    assert peer.requests == []


async def test_an_answer_left_early_gives_its_reservation_back() -> None:
    budget = TokenBudget(10_000)
    async with chat(says("Pricing was open [1]. Dana is the CFO [3].", stalls=5, usage=None)) as (language, _):
        stream = language.write(BRIEF, call=call(budget=budget))
        await anext(stream)
        await stream.aclose()  # type: ignore[attr-defined]

    assert budget.tokens_left > 10_000 - 2_000
