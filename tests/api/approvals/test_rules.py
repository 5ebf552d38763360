"""A standing rule lets through what is within its bounds and rate, while it holds, and nothing else."""

from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from api.approvals.approval import State
from api.approvals.rules import Allowance, Range, StandingRule
from core.errors import ForbiddenError, InvalidInputError, NotFoundError
from core.identity import Label
from core.plans import Inverse, Plan
from evals.outside.bench import ANN, ASKER, BEN, STRANGER, TERMS, Bench, open_bench, plan, write
from evals.outside.pool import Pool

SIZES = Range(low=Decimal(1), high=Decimal(5))
ALLOWS = Allowance("pool", "set", frozenset({"a", "b"}), 3, timedelta(hours=1), {"size": SIZES})
STEP = write("a", 3, 1)
MONTH = timedelta(days=30)


@pytest.fixture
async def bench(tmp_path: Path) -> AsyncIterator[Bench]:
    async with open_bench(tmp_path, {"pool": Pool({"a": 1, "b": 2})}) as opened:
        yield opened


async def made(bench: Bench, allows: Allowance = ALLOWS) -> StandingRule:
    return await bench.outside.rules.make(allows, MONTH, principal=ANN)


async def test_what_a_rule_covers_runs_unasked_and_each_use_is_audited(bench: Bench) -> None:
    rule = await made(bench)
    ended = await bench.ask(plan(STEP))
    assert (ended.state, ended.rule, ended.decided_by) == (State.DONE, rule.id, ANN.id)
    noted = {one.action: one for one in await bench.outside.audit.shown("acme")}
    assert noted["rule.made"].actor == ANN.id
    assert (noted["rule.used"].actor, noted["rule.used"].details["approval"]) == (rule.id, ended.id)


@pytest.mark.parametrize(
    "outside",
    [
        plan(replace(STEP, action="delete")),
        plan(replace(STEP, target="c")),
        plan(replace(STEP, arguments={"size": 6})),
        plan(replace(STEP, arguments={"size": "many"})),
        plan(replace(STEP, arguments={"size": True})),
        plan(replace(STEP, arguments={"size": "NaN"})),
        plan(replace(STEP, arguments={"size": 3, "owner": "eve"})),
        plan(replace(STEP, inverse=Inverse("set", {"size": 0}))),
        plan(replace(STEP, inverse=Inverse("delete"))),
        plan(STEP, replace(STEP, target="c")),
        plan(*[STEP] * 4),
        plan(STEP, label=Label.RESTRICTED),
    ],
)
async def test_what_is_outside_the_bounds_waits(outside: Plan, bench: Bench) -> None:
    await made(bench)
    by = replace(ASKER, clearance=Label.RESTRICTED)
    assert (await bench.ask(outside, by=by)).state is State.WAITING


async def test_another_system_waits(bench: Bench) -> None:
    await made(bench)
    assert (await bench.ask(plan(replace(STEP, system="crm")))).state is State.WAITING


async def test_the_rate_is_kept_and_comes_back(bench: Bench) -> None:
    await made(bench)
    again = plan(write("a", 3, None))
    kept = plan(replace(again.steps[0], inverse=None))
    assert [(await bench.ask(kept)).state for _ in range(4)] == [State.DONE] * 3 + [State.WAITING]
    bench.time.now += timedelta(hours=1, seconds=1)
    assert (await bench.ask(kept)).state is State.DONE


async def test_a_rule_ends_by_time_by_revocation_and_with_its_makers_rights(bench: Bench) -> None:
    rule = await made(bench)
    bench.people[ANN.id] = replace(ANN, roles=frozenset({"ask"}))
    assert (await bench.ask(plan(STEP))).state is State.WAITING
    del bench.people[ANN.id]
    assert (await bench.ask(plan(STEP))).state is State.WAITING
    bench.people[ANN.id] = ANN
    await bench.outside.rules.revoke(rule.id, principal=BEN)
    assert (await bench.ask(plan(STEP))).state is State.WAITING
    await made(bench)
    bench.time.now += MONTH
    assert (await bench.ask(plan(STEP))).state is State.WAITING


async def test_a_second_person_is_not_replaced_by_a_rule(bench: Bench) -> None:
    await made(bench)
    assert (await bench.ask(plan(STEP), replace(TERMS, four_eyes=True))).state is State.WAITING


async def test_rules_are_their_tenants_and_made_by_approvers(bench: Bench) -> None:
    rule = await made(bench)
    with pytest.raises(ForbiddenError, match="approve"):
        await bench.outside.rules.make(ALLOWS, MONTH, principal=ASKER)
    with pytest.raises(NotFoundError):
        await bench.outside.rules.revoke(rule.id, principal=STRANGER)
    assert await bench.outside.rules.listed(principal=STRANGER) == []
    assert await bench.outside.rules.listed(principal=ANN) == [rule]


@pytest.mark.parametrize(
    "wrong",
    [{}, {"low": Decimal(1)}, {"low": Decimal(2), "high": Decimal(1)}, {"one_of": ("x",), "low": Decimal(1)}],
)
def test_a_field_without_bounds_is_refused(wrong: dict[str, Any]) -> None:
    with pytest.raises(InvalidInputError, match="bounded"):
        Range(**wrong)


@pytest.mark.parametrize("wrong", [{"targets": frozenset()}, {"most": 0}, {"per": timedelta()}, {"system": " "}])
def test_a_rule_without_bounds_is_refused(wrong: dict[str, Any]) -> None:
    with pytest.raises(InvalidInputError):
        replace(ALLOWS, **wrong)
