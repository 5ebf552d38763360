"""Only the exact plan that somebody with the role approved runs, and it runs once."""

import asyncio
import random
from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
import sqlalchemy as sa

from api.approvals.approval import Approval, State, Terms
from api.approvals.tables import approvals
from api.platforms import ApprovalDesk
from api.security.keys import APPROVE
from core.errors import ConflictError, ForbiddenError, InvalidInputError, NotFoundError, SophiaError
from core.identity import Label
from core.plans import Plan, plan_hash
from evals.outside.bench import ANN, ASKER, BEN, STRANGER, TERMS, Bench, open_bench, plan, write
from evals.outside.pool import Pool

CASES = 120
PLAN = plan(write("a", 3, 1))


@pytest.fixture
def pool() -> Pool:
    return Pool({"a": 1, "b": 2})


@pytest.fixture
async def bench(tmp_path: Path, pool: Pool) -> AsyncIterator[Bench]:
    async with open_bench(tmp_path, {"pool": pool}) as opened:
        yield opened


async def actions(bench: Bench) -> list[str]:
    return [one.action for one in await bench.outside.audit.shown("acme", most=1000)]


async def test_asking_is_not_approving(bench: Bench, pool: Pool) -> None:
    asked = await bench.ask(PLAN, by=ANN)
    assert (asked.state, pool.orders) == (State.WAITING, [])


async def test_an_approved_plan_runs_and_is_audited(bench: Bench, pool: Pool) -> None:
    ended = await bench.approve(await bench.ask(PLAN))
    assert (ended.state, pool.sizes, ended.decided_by) == (State.DONE, {"a": 3, "b": 2}, ANN.id)
    assert await actions(bench) == [
        "approval.asked",
        "approval.running",
        "effect.intended",
        "effect.done",
        "approval.done",
    ]
    await bench.outside.audit.verify("acme")


async def test_a_double_click_is_one_effect(bench: Bench, pool: Pool) -> None:
    asked = await bench.ask(PLAN)
    clicks = await asyncio.gather(*(bench.approve(asked) for _ in range(5)), return_exceptions=True)
    assert sum(isinstance(one, Approval) for one in clicks) == 1
    assert all(isinstance(one, Approval | ConflictError) for one in clicks)
    assert len(pool.orders) == 1


async def test_an_approval_is_used_once(bench: Bench, pool: Pool) -> None:
    asked = await bench.ask(PLAN)
    await bench.approve(asked)
    with pytest.raises(ConflictError, match="is done since acme/ann decided it"):
        await bench.approve(asked, by=BEN)
    assert len(pool.orders) == 1


async def test_who_lacks_the_role_is_refused_and_the_attempt_is_noted(bench: Bench, pool: Pool) -> None:
    asked = await bench.ask(PLAN)
    with pytest.raises(ForbiddenError, match="approve"):
        await bench.approve(asked, by=ASKER)
    assert (await actions(bench))[-1] == "approval.refused"
    assert not pool.orders


async def test_what_others_may_not_see_is_not_there(bench: Bench) -> None:
    asked = await bench.ask(replace(PLAN, label=Label.CONFIDENTIAL))
    for other in (STRANGER, replace(ANN, clearance=Label.INTERNAL), replace(ASKER, user="else")):
        assert await bench.outside.approvals.listed(principal=other) == []
        with pytest.raises(NotFoundError):
            await bench.approve(asked, by=other)


async def test_under_four_eyes_somebody_else_approves(bench: Bench, pool: Pool) -> None:
    asked = await bench.ask(PLAN, replace(TERMS, four_eyes=True), by=ANN)
    with pytest.raises(ForbiddenError, match="second person"):
        await bench.approve(asked, by=ANN)
    assert (await bench.approve(asked, by=BEN)).state is State.DONE
    assert len(pool.orders) == 1


async def test_after_its_time_it_is_expired(bench: Bench, pool: Pool) -> None:
    asked = await bench.ask(PLAN, replace(TERMS, lasts=timedelta(hours=1)))
    bench.time.now += timedelta(hours=1)
    with pytest.raises(ConflictError, match="expired"):
        await bench.approve(asked)
    assert [one.state for one in await bench.outside.approvals.listed(principal=ANN)] == [State.EXPIRED]
    assert not pool.orders


async def test_a_rejected_plan_never_runs(bench: Bench, pool: Pool) -> None:
    asked = await bench.ask(PLAN)
    await bench.outside.approvals.reject(asked.id, asked.plan_hash, "too dear", principal=ANN)
    with pytest.raises(ConflictError, match="rejected"):
        await bench.approve(asked)
    assert not pool.orders


async def test_an_edit_makes_another_plan_with_a_decision_of_its_own(bench: Bench, pool: Pool) -> None:
    asked = await bench.ask(PLAN, replace(TERMS, four_eyes=True))
    wanted = plan(write("a", 2, 1))
    new = await bench.outside.approvals.edit(asked.id, asked.plan_hash, wanted, principal=ANN)
    assert new.plan_hash == plan_hash(wanted) != asked.plan_hash
    with pytest.raises(ConflictError, match="replaced"):
        await bench.approve(asked, by=BEN)
    with pytest.raises(ForbiddenError, match="second person"):
        await bench.approve(new, by=ANN)
    assert (await bench.approve(new, by=BEN)).state is State.DONE
    assert pool.sizes["a"] == 2


async def test_an_edit_that_changes_nothing_or_lowers_the_label_is_refused(bench: Bench) -> None:
    asked = await bench.ask(PLAN)
    for wanted, error in ((PLAN, InvalidInputError), (replace(PLAN, label=Label.PUBLIC), ForbiddenError)):
        with pytest.raises(error):
            await bench.outside.approvals.edit(asked.id, asked.plan_hash, wanted, principal=ANN)


async def test_a_plan_changed_in_the_database_does_not_run(bench: Bench, pool: Pool) -> None:
    asked = await bench.ask(PLAN)
    changed = sa.update(approvals).values(plan=sa.func.replace(approvals.c.plan, '"size":3', '"size":9'))
    await bench.outside.audit.database.write(lambda connection: connection.execute(changed))
    with pytest.raises(ConflictError, match="behind its hash"):
        await bench.approve(asked)
    assert not pool.orders


@pytest.mark.parametrize(
    "terms", [Terms("king"), replace(TERMS, lasts=timedelta()), replace(TERMS, lasts=timedelta(400))]
)
async def test_terms_that_nobody_can_meet_are_refused(terms: Terms, bench: Bench) -> None:
    with pytest.raises(InvalidInputError):
        await bench.ask(PLAN, terms)


async def test_nobody_asks_for_another_tenant_or_above_his_clearance(bench: Bench) -> None:
    for wanted in (replace(PLAN, tenant="other"), replace(PLAN, label=Label.RESTRICTED)):
        with pytest.raises(ForbiddenError):
            await bench.ask(wanted)


async def test_of_random_attempts_none_runs_what_was_not_approved(bench: Bench, pool: Pool) -> None:
    """Each case asks for a plan of its own, then tries one wrong thing; some are approved rightly, for comparison."""
    rng = random.Random(11)
    rightly = 0
    for case in range(CASES):
        kind = rng.choice(
            ["right", "hash", "stranger", "role", "clearance", "late", "author", "replay", "edited", "stored"]
        )
        asked = await bench.ask(plan(write(f"t{case}", case)), replace(TERMS, four_eyes=kind == "author"), by=BEN)
        rightly += await attempted(kind, bench, asked, rng)
    assert len(pool.orders) == rightly
    assert max(pool.done.values()) == 1


async def attempted(kind: str, bench: Bench, asked: Approval, rng: random.Random) -> int:
    """How many times the plan may have run."""
    by = {
        "stranger": STRANGER,
        "role": ASKER,
        "clearance": replace(ANN, clearance=Label.PUBLIC),
        "author": BEN,
    }.get(kind, ANN)
    wrong = asked
    if kind == "hash":
        other = plan_hash(Plan("acme", "Else", (write("else", rng.randrange(99)),)))
        wrong = replace(asked, plan_hash=rng.choice([other, "", asked.plan_hash.upper(), asked.plan_hash[:-1]]))
    elif kind == "late":
        bench.time.now += timedelta(days=7)
    elif kind == "replay":
        await bench.approve(asked, by=ANN)
    elif kind == "edited":
        edit = bench.outside.approvals.edit
        wrong = replace(asked, id=(await edit(asked.id, asked.plan_hash, plan(write("else", 1)), principal=ANN)).id)
    elif kind == "stored":
        forged = sa.update(approvals).where(approvals.c.id == asked.id).values(plan=approvals.c.plan.op("||")(" "))
        forged = forged.values(plan=sa.func.replace(approvals.c.plan, "Set the sizes", "Else"))
        await bench.outside.audit.database.write(lambda connection: connection.execute(forged))
    if kind == "right":
        await bench.approve(asked, by=by)
        return 1
    with pytest.raises(SophiaError):
        await bench.approve(wrong, by=by)
    return int(kind == "replay")


async def test_the_same_plan_of_the_same_author_waits_once(bench: Bench) -> None:
    desk = ApprovalDesk(bench.outside)
    first = await desk.submit(PLAN, APPROVE, ASKER)
    assert await desk.submit(PLAN, APPROVE, ASKER) == first
    others = [
        await desk.submit(PLAN, APPROVE, BEN),
        await desk.submit(replace(PLAN, purpose="Set them otherwise"), APPROVE, ASKER),
    ]
    assert len({first.approval, *(one.approval for one in others)}) == 3
    with pytest.raises(ForbiddenError):
        await desk.submit(PLAN, APPROVE, replace(ASKER, clearance=Label.PUBLIC))


async def test_a_plan_that_was_rejected_or_waited_too_long_is_put_again(bench: Bench) -> None:
    desk = ApprovalDesk(bench.outside)
    first = await desk.submit(PLAN, APPROVE, ASKER)
    await bench.outside.approvals.reject(first.approval, plan_hash(PLAN), "no", principal=ANN)
    second = await desk.submit(PLAN, APPROVE, ASKER)
    bench.time.now += timedelta(days=90)
    third = await desk.submit(PLAN, APPROVE, ASKER)
    assert len({first.approval, second.approval, third.approval}) == 3
