"""Tokens are reserved before they are spent."""

from datetime import timedelta

import pytest

from core.errors import RateLimitedError
from models.budget import Budgeted, BudgetSpentError, DailyBudgets, TokenBudget
from models.language import Budget
from tests.models.chatting import NOW, call
from tests.models.speaking import Speaker


def test_what_is_reserved_cannot_be_reserved_again() -> None:
    budget = TokenBudget(100)
    budget.reserve(60)
    with pytest.raises(BudgetSpentError):
        budget.reserve(41)
    budget.settle(reserved=60, used=10)
    budget.reserve(90)

    assert budget.tokens_left == 0


def test_a_call_that_cost_more_than_reserved_is_owed() -> None:
    budget = TokenBudget(100)
    budget.reserve(50)
    budget.settle(reserved=50, used=120)

    assert budget.tokens_left == 0


def test_a_tenant_has_tokens_again_tomorrow() -> None:
    now = [NOW]
    accounts = DailyBudgets(100, lambda: now[0])
    accounts.of(call().principal).reserve(100)
    with pytest.raises(RateLimitedError) as refused:
        accounts.of(call().principal).reserve(1)
    assert refused.value.retry_after == 15 * 3600

    now[0] = NOW + timedelta(days=1)
    accounts.of(call().principal).reserve(100)


async def paying(accounts: DailyBudgets, run: Budget | None) -> Budget:
    speaker = Speaker("far")
    await Budgeted(speaker, accounts.of).choose("?", [], call=call(budget=run))
    budget = speaker.asked[0].budget
    assert budget is not None
    return budget


async def test_a_call_pays_from_run_and_tenant() -> None:
    run, accounts = TokenBudget(100), DailyBudgets(1_000, lambda: NOW)
    both = await paying(accounts, run)
    both.reserve(80)
    both.settle(reserved=80, used=30)

    assert run.tokens_left == 70
    with pytest.raises(RateLimitedError):
        accounts.of(call().principal).reserve(971)


async def test_what_the_tenant_refuses_the_run_keeps() -> None:
    run = TokenBudget(100)
    both = await paying(DailyBudgets(10, lambda: NOW), run)
    with pytest.raises(RateLimitedError):
        both.reserve(50)

    assert run.tokens_left == 100


async def test_a_call_without_a_run_pays_from_the_tenant() -> None:
    with pytest.raises(RateLimitedError):
        (await paying(DailyBudgets(10, lambda: NOW), None)).reserve(11)
