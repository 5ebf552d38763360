"""Are outside writes made once? A process is killed at every point between a plan and its result, then another takes over.

The outside system is an HTTP server that counts what it was made to do. It knows idempotency keys, can be asked what came
of one, or neither. Where a write was left in doubt, the process that takes it up is killed as well.
"""

import shutil
import sqlite3
import tempfile
from collections.abc import AsyncIterator
from contextlib import closing
from dataclasses import dataclass, replace
from itertools import count
from pathlib import Path

from api.approvals.approval import Approval, State
from core.effects import State as Effect
from evals.outside.bench import ANN, Bench, open_bench
from evals.outside.crashing import POINTS, Crash, Crashes, Point, crashing
from evals.outside.peer import SYSTEMS, HttpRemote, Peer, running_peer
from evals.run import Materials, Measures

MADE = {"a": {"size": 3}, "b": {"size": 5}}
FIRST_OF_TWO = {"made": (Point.HEARD, 1), "undone": (Point.HEARD, 3)}
"""Where the first of two processes is killed, by plan: once the system heard a step, and once it heard what undoes it."""
AROUND = (Point.HEARD, Point.COMMITTING, Point.COMMITTED)
"""Points between which every other one lies."""
MAY_END = {State.WAITING, State.DONE}
"""How a plan ends that no system refused and of which nothing is left in doubt: it was approved, or not yet."""


@dataclass(frozen=True, slots=True)
class Verdict:
    """What came of a plan whose process was killed, once another took it up and a person settled what was parked.

    `lost`: an approved plan did not end, or ended otherwise than the system reads. `doubled`: a step was made twice.
    `guessed`: a write in doubt that no question to the system can clear was not parked; `needless`: another was.
    """

    lost: bool
    doubled: bool
    parked: bool
    guessed: bool
    needless: bool


@dataclass(frozen=True, slots=True)
class Case:
    """A system, a plan, and the points at which one process after the other is killed: each passed so many times."""

    system: str
    plan: str
    deaths: tuple[tuple[str, int], ...]


@dataclass(frozen=True, slots=True)
class Ground:
    """Where cases are played: a migrated data directory to begin with, a place, what kills processes."""

    migrated: Path
    place: Path
    crashes: Crashes


async def run(_materials: Materials) -> Measures:
    """How many plans lost a process, and how many of them ended wrong, in each way."""
    with tempfile.TemporaryDirectory() as folder, crashing() as crashes:
        ground = Ground(Path(folder) / "migrated", Path(folder) / "case", crashes)
        ground.migrated.mkdir()
        async with open_bench(ground.migrated, {}):
            pass
        verdicts = [verdict for system in SYSTEMS for verdict in await _verdicts(system, ground)]
    return {"kills": len(verdicts), **{name: sum(getattr(one, name) for one in verdicts) for name in Verdict.__slots__}}


async def _verdicts(system: str, ground: Ground) -> list[Verdict]:
    found: list[Verdict] = []
    for wanted, first in FIRST_OF_TWO.items():
        for point in POINTS if wanted == "made" else AROUND:
            found += [verdict async for verdict in _killed(ground, Case(system, wanted, ((point, 1),)))]
        for point in AROUND:
            found += [verdict async for verdict in _killed(ground, Case(system, wanted, (first, (point, 1))))]
    return found


async def _killed(ground: Ground, case: Case) -> AsyncIterator[Verdict]:
    """The last process of the case is killed when it first passes its point, then when it passes it again, until it gets by."""
    *before, (point, first) = case.deaths
    for nth in count(first):
        verdict = await _judged(ground, replace(case, deaths=(*before, (point, nth))))
        if verdict is None:
            return
        yield verdict


async def _judged(ground: Ground, case: Case) -> Verdict | None:
    """What came of the case; None where its last process was not killed."""
    promises = SYSTEMS[case.system]
    folder = shutil.copytree(ground.migrated, ground.place)
    try:
        with running_peer(keyed=promises.keyed) as peer:
            port = peer.server_address[1]
            for point, nth in case.deaths:
                crash = Crash(str(folder), port, case.system, case.plan, point, nth)
                if not ground.crashes.die(crash):
                    return None
            in_doubt = _in_doubt(folder)
            remote = HttpRemote(port, promises)
            async with open_bench(folder, {"pool": remote}) as bench:
                return await _verdict(case, bench, peer, in_doubt=in_doubt)
    finally:
        shutil.rmtree(folder)


async def _verdict(case: Case, bench: Bench, peer: Peer, *, in_doubt: bool) -> Verdict:
    await bench.outside.carrying.idle()
    left = await bench.outside.approvals.listed(principal=ANN)
    parked = any(one.state is State.PARKED for one in left)
    ended = [await _settled(one, bench, peer) for one in left]
    await bench.outside.audit.verify(ANN.tenant)
    clears = case.system != "neither" or not in_doubt
    goes_on = case.plan == "made" and not parked
    verdict = Verdict(
        lost=not all(_as_told(one, peer) and (one.state in MAY_END or not goes_on) for one in ended),
        doubled=any(times > 1 for times in peer.done.values()),
        parked=parked,
        guessed=not clears and not parked,
        needless=clears and parked and case.plan == "made",
    )
    if verdict.lost or verdict.doubled or verdict.guessed or verdict.needless:
        print(f"{case}: {verdict}, {[one.state for one in ended]}, {peer.fields}")
    return verdict


async def _settled(approval: Approval, bench: Bench, peer: Peer) -> Approval:
    """The approval once a person has looked what the system was made to do, as often as it is parked."""
    while approval.state is State.PARKED:
        [unknown] = [one for one in await bench.outside.carrying.effects_of(approval) if one.state is Effect.UNKNOWN]
        happened = unknown.order.key in peer.done
        approval = await bench.outside.carrying.settle(approval.id, happened=happened, principal=ANN)
    return approval


def _as_told(approval: Approval, peer: Peer) -> bool:
    """Whether the system reads as the approval's end says: all is made, or nothing but what the note says is in force."""
    if approval.state is State.DONE:
        return peer.fields == MADE
    _, _, named = (approval.note or "").partition("still in force: step ")
    in_force = {approval.plan.steps[int(number) - 1].target for number in named.split(", ") if number}
    ended = approval.state in {State.WAITING, State.UNDONE, State.FAILED}
    return ended and {target for target, fields in peer.fields.items() if fields["size"]} == in_force


def _in_doubt(folder: Path) -> bool:
    """Whether the killed process left a write of which nobody knows what came."""
    with closing(sqlite3.connect(folder / "sophia.db")) as connection:
        [(left,)] = connection.execute("SELECT count(*) FROM effects WHERE state IN ('intended', 'unknown')")
    return bool(left)
