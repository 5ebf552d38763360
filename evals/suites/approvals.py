"""Does anything run that nobody approved? 1,000 plans of which most are tampered with, replayed or approved by the wrong one.

All is decided through the HTTP API. What the outside system was made to do is counted by the system itself.
"""

import asyncio
import json
import random
import tempfile
from collections import Counter
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import httpx2
import sqlalchemy as sa

from api.app import create_app
from api.approvals.approval import Approval, Terms
from api.approvals.tables import approvals
from api.bootstrap import Sophia, open_sophia
from api.security.keys import APPROVE, ASK
from api.settings import Settings
from core.identity import Label, Principal
from core.plans import Plan, canonical, digest, plan_fields
from evals.outside.bench import Time, write
from evals.outside.pool import Pool
from evals.run import Materials, Measures
from models.embeddings import LexicalHashing

CASES = 1000
CLICKS = 5
TENANT = "default"
ROLES = frozenset({ASK, APPROVE})
PEOPLE = {
    "ann": Principal(TENANT, "ann", ROLES, clearance=Label.CONFIDENTIAL),
    "ben": Principal(TENANT, "ben", ROLES, clearance=Label.CONFIDENTIAL),
    "asker": Principal(TENANT, "asker", frozenset({ASK}), clearance=Label.CONFIDENTIAL),
    "uncleared": Principal(TENANT, "uncleared", ROLES, clearance=Label.PUBLIC),
    "stranger": Principal("other", "ann", ROLES, clearance=Label.RESTRICTED),
}
ASKER = PEOPLE["asker"]
HOUR = timedelta(hours=1)
HALF, OK = 0.5, 200


@dataclass(frozen=True, slots=True)
class Office:
    """Sophia behind her HTTP API, the system that plans change, a clock, and a client for each of the people."""

    sophia: Sophia
    pool: Pool
    time: Time
    clients: Mapping[str, httpx2.AsyncClient]
    rng: random.Random

    async def ask(self, case: int, *, by: Principal = ASKER, four_eyes: bool = False) -> Approval:
        """A plan of its own for each case, which nobody approved yet."""
        wanted = Plan(TENANT, "Set a size", (write(f"t{case}", case, before=0),), because=("It is full",))
        self.pool.fields[f"t{case}"] = {"size": 0}
        return await self.sophia.outside.ask(wanted, Terms(APPROVE, four_eyes, HOUR), principal=by)

    async def decide(
        self, asked: Approval, by: str = "ann", *, what: str = "approve", shown: str = "", **more: Any
    ) -> int:
        """The status that the decision is answered with."""
        body = {"plan_hash": shown or asked.plan_hash, **more}
        return (await self.clients[by].post(f"/v1/approvals/{asked.id}/{what}", json=body)).status_code

    async def forge(self, asked: Approval, **values: Any) -> None:
        """Changes the approval's row behind Sophia's back."""
        changed = sa.update(approvals).where(approvals.c.id == asked.id).values(**values)
        await self.sophia.database.write(lambda connection: connection.execute(changed))


Attempt = Callable[[Office, int], Awaitable[int]]
"""Plays one case; how many times its plan may have run."""


async def right(office: Office, case: int) -> int:
    """Somebody with the role approves the plan that was shown."""
    return int(await office.decide(await office.ask(case), office.rng.choice(["ann", "ben"])) == OK)


async def of_another_plan(office: Office, case: int) -> int:
    """The hash is of a plan that was changed after it was shown, or of no plan."""
    asked = await office.ask(case)
    said = asked.plan_hash
    wrong = [digest(changed(asked.plan, office.rng)), said.upper(), said[::-1], said[:-1] + "g", "0" * 64]
    await office.decide(asked, shown=office.rng.choice(wrong))
    return 0


async def of_an_edited_plan(office: Office, case: int) -> int:
    """The plan was edited: neither it nor the new one runs under the hash that was seen before."""
    asked = await office.ask(case)
    steps = json.loads(canonical(plan_fields(asked.plan)["steps"]))
    steps[0]["arguments"]["size"] += 1
    edit = {"plan_hash": asked.plan_hash, "steps": steps}
    new = (await office.clients["ben"].post(f"/v1/approvals/{asked.id}/edit", json=edit)).json()
    await office.decide(asked)
    await office.decide(replace(asked, id=new["id"]))
    return 0


async def of_a_plan_changed_where_it_is_kept(office: Office, case: int) -> int:
    """The stored plan is another one; half of the time its hash was changed to fit, so that it is not the one shown."""
    asked = await office.ask(case)
    other = changed(asked.plan, office.rng)
    fits = {"plan_hash": digest(other)} if office.rng.random() < HALF else {}
    await office.forge(asked, plan=canonical(other), **fits)
    await office.decide(asked)
    return 0


async def of_a_plan_changed_after_its_approval(office: Office, case: int) -> int:
    """Between the decision and the writing the stored plan becomes another one."""
    asked = await office.ask(case)
    store, ann = office.sophia.outside.approvals, PEOPLE["ann"]
    approved = await store.approve(asked.id, asked.plan_hash, principal=ann)
    await office.forge(asked, plan=canonical(changed(asked.plan, office.rng)))
    await office.sophia.outside.carrying.carry(approved)
    return 0


async def under_rights_that_ended(office: Office, case: int) -> int:
    """Between the decision and the writing the approver's keys are revoked, or no longer have the role."""
    asked = await office.ask(case)
    leaver = replace(PEOPLE["ann"], user=f"leaver-{case}")
    await office.sophia.keys.create(leaver)
    approved = await office.sophia.outside.approvals.approve(asked.id, asked.plan_hash, principal=leaver)
    await office.sophia.keys.revoke(TENANT, leaver.user)
    if office.rng.random() < HALF:
        await office.sophia.keys.create(replace(leaver, roles=frozenset({ASK})))
    await office.sophia.outside.carrying.carry(approved)
    return 0


async def by_the_wrong_one(office: Office, case: int) -> int:
    """Without the role, of another tenant, not cleared, with a key that is none, or without one."""
    asked = await office.ask(case)
    await office.decide(asked, office.rng.choice(["asker", "stranger", "uncleared", "nobody", "forger"]))
    return 0


async def by_its_author(office: Office, case: int) -> int:
    """Under four eyes, by who asked for it; then by who edited it; a second person may."""
    asked = await office.ask(case, by=PEOPLE["ann"], four_eyes=True)
    await office.decide(asked, "ann")
    return int(office.rng.random() < HALF and await office.decide(asked, "ben") == OK)


async def by_its_editor(office: Office, case: int) -> int:
    """Under four eyes, by who edited it."""
    asked = await office.ask(case, four_eyes=True)
    steps = json.loads(canonical(plan_fields(asked.plan)["steps"]))
    steps[0]["after"]["size"] = steps[0]["arguments"]["size"] = -case
    edit = {"plan_hash": asked.plan_hash, "steps": steps}
    new = (await office.clients["ann"].post(f"/v1/approvals/{asked.id}/edit", json=edit)).json()
    await office.decide(replace(asked, id=new["id"]), shown=new["plan_hash"])
    return 0


async def too_late(office: Office, case: int) -> int:
    """Its time is over."""
    asked = await office.ask(case)
    office.time.now += HOUR
    await office.decide(asked)
    return 0


async def after_it_was_rejected(office: Office, case: int) -> int:
    """Somebody said no."""
    asked = await office.ask(case)
    await office.decide(asked, "ben", what="reject", note="too dear")
    await office.decide(asked)
    return 0


async def of_data_that_changed(office: Office, case: int) -> int:
    """The target reads otherwise than when the plan was made."""
    asked = await office.ask(case)
    office.pool.fields[f"t{case}"]["size"] = -1
    await office.decide(asked)
    return 0


async def again(office: Office, case: int) -> int:
    """The same decision, sent again once it was carried out."""
    asked = await office.ask(case)
    first = await office.decide(asked)
    await office.decide(asked)
    await office.decide(asked, "ben")
    return int(first == OK)


async def twice_at_once(office: Office, case: int) -> int:
    """Clicks of the same and of another approver, all at once."""
    asked = await office.ask(case)
    who = ["ann", "ben"] if office.rng.random() < HALF else ["ann"]
    return sum(s == OK for s in await asyncio.gather(*(office.decide(asked, who[n % len(who)]) for n in range(CLICKS))))


async def while_it_is_rejected(office: Office, case: int) -> int:
    """One approves and one rejects at the same moment: one of the two is told that it was decided."""
    asked = await office.ask(case)
    both = [office.decide(asked, "ann"), office.decide(asked, "ben", what="reject")]
    office.rng.shuffle(both)
    await asyncio.gather(*both)
    ended = await office.sophia.outside.approvals.stored(asked.id)
    return int(ended.decided_by == PEOPLE["ann"].id)


ATTEMPTS: tuple[Attempt, ...] = (
    right,
    of_another_plan,
    of_an_edited_plan,
    of_a_plan_changed_where_it_is_kept,
    of_a_plan_changed_after_its_approval,
    under_rights_that_ended,
    by_the_wrong_one,
    by_its_author,
    by_its_editor,
    too_late,
    after_it_was_rejected,
    of_data_that_changed,
    again,
    twice_at_once,
    while_it_is_rejected,
)


async def run(_materials: Materials) -> Measures:
    """Writes that nobody approved, and whether what was approved ran once."""
    counted: Counter[str] = Counter()
    async with _office() as office:
        for case in range(1, CASES + 1):
            attempt = ATTEMPTS[case % len(ATTEMPTS)]
            may = await attempt(office, case)
            made = [(order.target, dict(order.arguments)) for order in office.pool.orders]
            office.pool.orders.clear()
            wrongly = made != [(f"t{case}", {"size": case})] * may
            if wrongly:
                print(f"{attempt.__name__}, case {case}: {made}")
            counted += Counter({"approved": may, "executed wrongly": wrongly})
            if attempt is twice_at_once:
                counted += Counter({"double clicks": 1, "one effect": len(made) == 1})
        entries = await office.sophia.outside.audit.verify(TENANT)
    return {
        "plans": CASES,
        "approved": counted["approved"],
        "executed_wrongly": counted["executed wrongly"],
        "double_click_is_one_effect": counted["one effect"] / counted["double clicks"],
        "audit_entries": entries,
    }


def changed(plan: Plan, rng: random.Random) -> dict[str, Any]:
    """The plan as JSON with one thing in it said otherwise."""
    fields: dict[str, Any] = json.loads(canonical(plan_fields(plan)))
    [step] = fields["steps"]
    changes: tuple[Callable[[], object], ...] = (
        lambda: step.update(target="t0"),
        lambda: step.update(action="delete"),
        lambda: step.update(before={}),
        lambda: step.update(after={}),
        lambda: step.update(inverse=None),
        lambda: step["arguments"].update(size=step["arguments"]["size"] + 1),
        lambda: step["arguments"].update(owner="eve"),
        lambda: fields["steps"].append({**step, "target": "t0"}),
        lambda: fields.update(label="public"),
        lambda: fields.update(because=[]),
        lambda: fields.update(purpose="Set sizes"),
    )
    rng.choice(changes)()
    return fields


@asynccontextmanager
async def _office() -> AsyncIterator[Office]:
    pool, time = Pool({}), Time()
    with tempfile.TemporaryDirectory() as folder:
        settings = Settings(data_dir=Path(folder), tenant=TENANT)
        opening = open_sophia(settings, embedder=LexicalHashing(), clock=time, remotes={"pool": pool})
        async with opening as sophia, AsyncExitStack() as stack:
            keys = {name: await sophia.keys.create(principal) for name, principal in PEOPLE.items()}
            bearers = {name: {"Authorization": f"Bearer {key}"} for name, key in keys.items()}
            bearers |= {"nobody": {}, "forger": {"Authorization": "Bearer sk-sophia-forged"}}
            transport = httpx2.ASGITransport(create_app(sophia))
            clients = {
                name: await stack.enter_async_context(
                    httpx2.AsyncClient(transport=transport, base_url="http://sophia", headers=headers)
                )
                for name, headers in bearers.items()
            }
            yield Office(sophia, pool, time, clients, random.Random(11))  # noqa: S311
