"""An approved plan is made step by step, verified, and undone in reverse where a step fails."""

import asyncio
from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from api.approvals.approval import Approval, State
from core.errors import BusyError, ConflictError, ForbiddenError, RejectedError, UnavailableError
from core.plans import Fields
from core.remotes import Order, Promises
from evals.outside.bench import ANN, ASKER, Bench, open_bench, plan, write
from evals.outside.pool import Pool

PLAN = plan(write("a", 3, 1), write("b", 5, 2), write("c", 7, 4))
BEFORE = {"a": 1, "b": 2, "c": 4}


@pytest.fixture
def pool() -> Pool:
    return Pool(BEFORE)


@pytest.fixture
async def bench(tmp_path: Path, pool: Pool) -> AsyncIterator[Bench]:
    async with open_bench(tmp_path, {"pool": pool}, timeout_s=0.05) as opened:
        yield opened


async def test_data_that_changed_since_the_plan_was_made_is_left_alone(bench: Bench, pool: Pool) -> None:
    asked = await bench.ask(PLAN)
    pool.fields["c"]["size"] = 9
    ended = await bench.approve(asked)
    assert (ended.state, pool.orders) == (State.STALE, [])
    assert "'c' changed since the plan was made (size): a new plan is needed" in str(ended.note)


async def test_a_refused_step_undoes_those_before_it_last_first(bench: Bench, pool: Pool) -> None:
    pool.fails = lambda order: RejectedError("c is full") if order.target == "c" else None
    ended = await bench.approve(await bench.ask(PLAN))
    assert (ended.state, pool.sizes) == (State.UNDONE, BEFORE)
    assert [order.target for order in pool.orders] == ["a", "b", "b", "a"]
    assert "c is full" in str(ended.note)


async def test_a_step_that_did_not_do_what_it_said_is_undone_too(bench: Bench, pool: Pool) -> None:
    pool.lies = True
    ended = await bench.approve(await bench.ask(plan(write("a", 3, 1))))
    assert (ended.state, len(pool.orders)) == (State.UNDONE, 2)
    assert "does not read as planned: size" in str(ended.note)


async def test_what_cannot_be_undone_is_named(bench: Bench, pool: Pool) -> None:
    pool.fails = lambda order: RejectedError("no") if order.target == "b" else None
    ended = await bench.approve(await bench.ask(plan(replace(PLAN.steps[0], inverse=None), PLAN.steps[1])))
    assert (ended.state, pool.sizes["a"]) == (State.FAILED, 3)
    assert "still in force: step 1" in str(ended.note)


async def test_what_a_person_changed_since_a_step_is_not_undone_over_it(bench: Bench, pool: Pool) -> None:
    def refused_after_a_person_was_there(order: Order) -> Exception | None:
        if order.target != "c":
            return None
        pool.fields["b"]["size"] = 99
        return RejectedError("c is full")

    pool.fails = refused_after_a_person_was_there
    ended = await bench.approve(await bench.ask(PLAN))
    assert (ended.state, pool.sizes) == (State.FAILED, {**BEFORE, "b": 99})
    assert "c is full; still in force: step 2" in str(ended.note)


@pytest.mark.parametrize("promises", [Promises(keyed=True), Promises(searchable=True)])
async def test_a_call_in_doubt_is_not_repeated_over_what_a_person_wrote_since(
    promises: Promises, bench: Bench, pool: Pool
) -> None:
    def lost_before_a_person_was_there(order: Order) -> Exception | None:
        pool.fields[order.target]["size"] = 99
        pool.fails = lambda _order: None
        return UnavailableError("gone")

    pool.promises, pool.fails = promises, lost_before_a_person_was_there
    parked = await bench.approve(await bench.ask(PLAN))
    assert (parked.state, pool.orders, pool.sizes) == (State.PARKED, [], {**BEFORE, "a": 99})
    ended = await bench.outside.carrying.settle(parked.id, happened=False, principal=ANN)
    assert (ended.state, pool.sizes) == (State.FAILED, {**BEFORE, "a": 99})


async def test_a_call_without_an_answer_is_parked_and_never_tried_again(bench: Bench, pool: Pool) -> None:
    pool.after = lambda order: UnavailableError("gone") if order.target == "b" else None
    parked = await bench.approve(await bench.ask(PLAN))
    assert parked.state is State.PARKED
    assert [order.target for order in pool.orders] == ["a", "b"]
    pool.after = lambda _order: None
    with pytest.raises(ForbiddenError):
        await bench.outside.carrying.settle(parked.id, happened=True, principal=ASKER)
    ended = await bench.outside.carrying.settle(parked.id, happened=True, principal=ANN)
    assert (ended.state, pool.sizes) == (State.DONE, {"a": 3, "b": 5, "c": 7})
    assert [order.target for order in pool.orders] == ["a", "b", "c"]
    with pytest.raises(ConflictError, match="only a parked one"):
        await bench.outside.carrying.settle(parked.id, happened=True, principal=ANN)


async def test_a_parked_step_that_did_not_happen_undoes_the_plan(bench: Bench, pool: Pool) -> None:
    pool.fails = lambda order: UnavailableError("gone") if order.target == "b" else None
    parked = await bench.approve(await bench.ask(PLAN))
    ended = await bench.outside.carrying.settle(parked.id, happened=False, principal=ANN)
    assert (ended.state, pool.sizes) == (State.UNDONE, BEFORE)


async def test_an_undoing_without_an_answer_is_parked_too(bench: Bench, pool: Pool) -> None:
    pool.fails = lambda order: RejectedError("c is full") if order.target == "c" else None
    pool.after = lambda order: UnavailableError("gone") if dict(order.arguments) == {"size": 2} else None
    parked = await bench.approve(await bench.ask(PLAN))
    assert parked.state is State.PARKED
    ended = await bench.outside.carrying.settle(parked.id, happened=True, principal=ANN)
    assert (ended.state, pool.sizes) == (State.UNDONE, BEFORE)


@pytest.mark.parametrize("promises", [Promises(keyed=True), Promises(searchable=True)])
async def test_a_remote_that_can_tell_is_asked_instead(promises: Promises, bench: Bench, pool: Pool) -> None:
    pool.promises = promises
    lost = [UnavailableError("gone")]
    pool.after = lambda _order: lost.pop() if lost else None
    ended = await bench.approve(await bench.ask(PLAN))
    assert (ended.state, max(pool.done.values())) == (State.DONE, 1)


async def test_a_call_that_never_came_through_is_made_once_it_must_have_settled(bench: Bench, pool: Pool) -> None:
    pool.promises = Promises(searchable=True, settles=timedelta(minutes=2))
    lost = [UnavailableError("gone")]
    pool.fails = lambda _order: lost.pop() if lost else None
    began = bench.time.now
    assert (await bench.approve(await bench.ask(PLAN))).state is State.DONE
    assert bench.time.now - began == timedelta(minutes=2)
    assert max(pool.done.values()) == 1


async def test_a_refusal_of_the_second_call_does_not_say_what_became_of_the_first(bench: Bench, pool: Pool) -> None:
    pool.promises = Promises(keyed=True)
    errors = [RejectedError("no"), RejectedError("no"), UnavailableError("gone")]
    pool.fails = lambda _order: errors.pop() if errors else None
    assert (await bench.approve(await bench.ask(PLAN))).state is State.PARKED


class Hanging(Pool):
    """Never answers a call."""

    async def call(self, order: Order) -> Fields:
        self.orders.append(order)
        return await asyncio.Future()


async def test_an_adapter_that_hangs_is_given_up_and_parked(tmp_path: Path) -> None:
    pool = Hanging(BEFORE)
    async with open_bench(tmp_path, {"pool": pool}, timeout_s=0.05) as bench:
        assert (await bench.approve(await bench.ask(PLAN))).state is State.PARKED
    assert len(pool.orders) == 1


async def test_a_system_that_is_not_there_fails_before_anything_is_done(bench: Bench, pool: Pool) -> None:
    ended = await bench.approve(await bench.ask(plan(PLAN.steps[0], write("x", 1, system="nowhere"))))
    assert (ended.state, pool.orders) == (State.FAILED, [])
    assert "'nowhere'" in str(ended.note)


async def test_rights_that_ended_meanwhile_stop_it(bench: Bench, pool: Pool) -> None:
    asked = await bench.ask(PLAN)
    approved = await bench.outside.approvals.approve(asked.id, asked.plan_hash, principal=ANN)
    del bench.people[ANN.id]
    ended = await bench.outside.carrying.carry(approved)
    assert (ended.state, pool.orders) == (State.FAILED, [])


async def test_of_two_plans_over_the_same_data_the_second_is_stale(bench: Bench, pool: Pool) -> None:
    first, second = await bench.ask(PLAN), await bench.ask(plan(write("a", 9, 1)))
    ended = await asyncio.gather(bench.approve(first), bench.approve(second))
    assert {one.state for one in ended} == {State.DONE, State.STALE}


async def test_what_follows_from_a_plan_hears_how_it_stopped_and_its_failure_changes_nothing(
    bench: Bench, pool: Pool
) -> None:
    heard: list[State] = []

    async def follows(stopped: Approval) -> None:
        heard.append(stopped.state)
        raise OSError("the disk is full")

    bench.outside.carrying.tell(follows)
    assert (await bench.approve(await bench.ask(PLAN))).state is State.DONE
    pool.fails = lambda _order: UnavailableError("gone")
    assert (await bench.approve(await bench.ask(plan(write("a", 5, 3))))).state is State.PARKED
    assert heard == [State.DONE, State.PARKED]


async def test_one_key_is_one_write(bench: Bench, pool: Pool) -> None:
    order = Order("k", "acme", "h" * 64, "pool", "set", "a", ANN.id, {"size": 3})
    both = await asyncio.gather(
        bench.effects.perform(order, pool), bench.effects.perform(order, pool), return_exceptions=True
    )
    assert sum(isinstance(one, BusyError) for one in both) == 1
    await bench.effects.perform(order, pool)
    assert len(pool.orders) == 1
    with pytest.raises(ConflictError, match="another write"):
        await bench.effects.perform(replace(order, target="b"), pool)
