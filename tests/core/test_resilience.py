"""The breaker over a clock that stands still, and retries that do not sleep."""

import asyncio
from dataclasses import dataclass, field

import pytest

from core.errors import DeadlineError, NotFoundError, RateLimitedError, UnavailableError
from core.resilience import Backoff, Breaker, State, retry


@dataclass
class Clock:
    now: float = 100.0

    def __call__(self) -> float:
        return self.now


@dataclass
class Service:
    """Raises what it was given, one error a call, then answers."""

    errors: list[Exception] = field(default_factory=list)
    calls: int = 0

    async def read(self) -> str:
        self.calls += 1
        if self.errors:
            raise self.errors.pop(0)
        return "answer"


@dataclass
class Naps:
    slept: list[float] = field(default_factory=list)

    async def __call__(self, seconds: float) -> None:
        self.slept.append(seconds)


def breaker(clock: Clock) -> Breaker:
    return Breaker("The CRM", clock, failures=2, cooldown=30.0)


def stands(subject: Breaker, state: State) -> bool:
    return subject.state is state


def fail(subject: Breaker) -> None:
    with pytest.raises(UnavailableError, match="down"), subject.guard():
        raise UnavailableError("down")


def test_it_opens_after_failures_in_a_row_and_names_who_failed() -> None:
    clock = Clock()
    subject = breaker(clock)
    fail(subject)
    fail(subject)
    assert stands(subject, State.OPEN)
    clock.now += 12
    with pytest.raises(UnavailableError, match=r"The CRM failed 2 times in a row: try again in 18 s"), subject.guard():
        pytest.fail("an open breaker let a call through")


def test_a_success_between_failures_keeps_it_closed() -> None:
    subject = breaker(Clock())
    fail(subject)
    with subject.guard():
        pass
    fail(subject)
    assert stands(subject, State.CLOSED)


def test_a_refusal_proves_that_the_service_answers() -> None:
    subject = breaker(Clock())
    fail(subject)
    with pytest.raises(NotFoundError), subject.guard():
        raise NotFoundError("no such call")
    fail(subject)
    assert stands(subject, State.CLOSED)


def test_half_open_admits_one_probe_and_closes_when_it_succeeds() -> None:
    clock = Clock()
    subject = breaker(clock)
    fail(subject)
    fail(subject)
    clock.now += 30
    assert stands(subject, State.HALF_OPEN)
    with subject.guard(), pytest.raises(UnavailableError, match="being tried"), subject.guard():
        pytest.fail("a second probe was admitted")
    assert stands(subject, State.CLOSED)


def test_a_failed_probe_opens_it_for_another_cooldown() -> None:
    clock = Clock()
    subject = breaker(clock)
    fail(subject)
    fail(subject)
    clock.now += 30
    fail(subject)
    assert stands(subject, State.OPEN)
    clock.now += 29
    assert stands(subject, State.OPEN)
    clock.now += 1
    assert stands(subject, State.HALF_OPEN)


def test_a_late_answer_to_an_old_call_does_not_close_it() -> None:
    subject = breaker(Clock())
    with subject.guard():
        fail(subject)
        fail(subject)
    assert stands(subject, State.OPEN)


def test_a_probe_that_is_cancelled_makes_room_for_the_next() -> None:
    clock = Clock()
    subject = breaker(clock)
    fail(subject)
    fail(subject)
    clock.now += 30
    with pytest.raises(asyncio.CancelledError), subject.guard():
        raise asyncio.CancelledError
    with subject.guard():
        pass
    assert stands(subject, State.CLOSED)


async def test_a_read_is_tried_again_with_growing_pauses() -> None:
    service = Service([UnavailableError("1"), UnavailableError("2")])
    naps = Naps()
    backoff = Backoff(attempts=3, base=0.2, cap=0.3, jitter=lambda: 0.5, sleep=naps)
    assert await retry(service.read, backoff) == "answer"
    assert naps.slept == [0.1, 0.15]


async def test_the_last_error_is_raised_after_the_last_attempt() -> None:
    service = Service([UnavailableError("1"), UnavailableError("2"), UnavailableError("3")])
    with pytest.raises(UnavailableError, match="2"):
        await retry(service.read, Backoff(attempts=2, sleep=Naps()))
    assert service.calls == 2


async def test_a_rate_limit_is_waited_out() -> None:
    naps = Naps()
    service = Service([RateLimitedError("slow down", retry_after=7.0)])
    assert await retry(service.read, Backoff(attempts=2, sleep=naps)) == "answer"
    assert naps.slept == [7.0]


@pytest.mark.parametrize("error", [NotFoundError("no such call"), DeadlineError("too late")])
async def test_what_trying_again_cannot_help_is_raised_at_once(error: Exception) -> None:
    service = Service([error])
    with pytest.raises(type(error)):
        await retry(service.read, Backoff(attempts=3, sleep=Naps()))
    assert service.calls == 1
