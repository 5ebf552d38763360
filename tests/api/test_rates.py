"""How often, and how many at once, somebody may ask."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from api.runs.store import Runs
from api.security.rates import Rates, TokenBuckets, Unlimited
from api.settings import Settings
from core.errors import RateLimitedError
from tests.api.conftest import ALICE, BOB
from tests.api.served import JSON, OBJECTIONS, Served, kept_open, problem_of, serving


class Seconds:
    """A clock that a test moves."""

    def __init__(self) -> None:
        self.now = 1000.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
async def sparing(tmp_path: Path, light_weights: Path | None) -> AsyncIterator[Served]:
    """A Sophia that answers two questions at once, and one a minute."""
    settings = Settings(
        data_dir=tmp_path / "data", embedder_weights=light_weights, questions_a_minute=1, questions_burst=2
    )
    async with kept_open(serving(settings)) as opened:
        yield opened


async def test_a_burst_is_let_through_and_what_comes_behind_it_told_how_long_to_wait() -> None:
    clock = Seconds()
    rates = TokenBuckets(per_minute=60, burst=3, monotonic=clock)
    assert [await rates.take("a") for _ in range(5)] == [0, 0, 0, 1, 1]
    clock.now += 1
    assert [await rates.take("a") for _ in range(2)] == [0, 1]
    clock.now += 1000
    assert [await rates.take("a") for _ in range(4)] == [0, 0, 0, 1]


async def test_each_name_has_a_bucket_of_its_own() -> None:
    rates = TokenBuckets(per_minute=1, burst=1, monotonic=Seconds())
    assert [await rates.take(name) for name in ("a", "a", "b", "b")] == [0, 60, 0, 60]


async def test_without_a_limit_there_is_always_one_more() -> None:
    rates: Rates = Unlimited()
    assert {await rates.take("a") for _ in range(100)} == {0}


async def test_whoever_asks_too_much_is_told_when_to_come_again_and_nobody_else_is(sparing: Served) -> None:
    question = {"question": OBJECTIONS}
    async with sparing.client(await sparing.key("ann")) as ann, sparing.client(await sparing.key("ben")) as ben:
        let_in = [await ann.post("/v1/chat", json=question, headers=JSON) for _ in range(2)]
        refused = await ann.post("/v1/chat", json=question, headers=JSON)
        briefing = await ann.post("/v1/briefings", json={"audience": "ceo", "period": "last-week"})
        others = await ben.post("/v1/chat", json=question, headers=JSON)
        reading = await ann.get("/v1/threads")
    assert [response.status_code for response in (*let_in, others, reading)] == [200] * 4
    assert "wait" in await problem_of(refused, 429, "E_RATE_LIMITED")
    assert 50 <= int(refused.headers["retry-after"]) == refused.json()["retry_after"] <= 60
    assert await problem_of(briefing, 429, "E_RATE_LIMITED")


async def test_the_owner_of_the_data_directory_is_not_limited(sparing: Served) -> None:
    async with sparing.client() as owner:
        asked = [await owner.post("/v1/chat", json={"question": OBJECTIONS}, headers=JSON) for _ in range(4)]
    assert {response.status_code for response in asked} == {200}


async def test_nobody_has_more_unfinished_questions_than_he_may(runs: Runs) -> None:
    first = await runs.accept("One?", principal=ALICE, at_once=2)
    await runs.accept("Two?", principal=ALICE, at_once=2)
    with pytest.raises(RateLimitedError, match="not answered yet"):
        await runs.accept("Three?", principal=ALICE, at_once=2)
    await runs.accept("One?", principal=BOB, at_once=1)
    await runs.cancel(first.id, principal=ALICE)
    await runs.accept("Three?", principal=ALICE, at_once=2)
