"""Processes that carry a plan out and die by SIGKILL on the way, at each point that lies between a plan and its result."""

import asyncio
import gc
import json
import os
import signal
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import Any

from sqlalchemy import Engine, event

from core.effects import Reached
from core.plans import Plan
from evals.outside.bench import ANN, Bench, open_bench, plan, write
from evals.outside.peer import SYSTEMS, HttpRemote


class Point(StrEnum):
    """Points beside those of the ledger of effects: between the steps of a plan's way, and around every transaction."""

    ASKED = "asked"
    APPROVED = "approved"
    HEARD = "heard"
    CARRIED = "carried"
    COMMITTING = "committing"
    COMMITTED = "committed"


POINTS: tuple[str, ...] = (*Point, *Reached)
PLANS: Mapping[str, Plan] = {
    "made": plan(write("a", 3), write("b", 5)),
    "undone": plan(write("a", 3), write("b", 5, action="refuse")),
}
"""One whose steps are all made, and one whose second step is refused, so that the first is undone."""
LONGEST_S = 60


@dataclass(frozen=True, slots=True)
class Crash:
    """A process on a folder whose plan writes to the peer at the port; it dies the `nth` time that it passes the point."""

    folder: str
    port: int
    system: str
    plan: str
    point: str
    nth: int


class Crashes:
    """A server of processes that die; `crashing` opens one."""

    def __init__(self, server: subprocess.Popen[str]) -> None:
        self._server = server

    def die(self, crash: Crash) -> bool:
        """Whether the process was killed; False where it ended before it came to its point so many times."""
        assert self._server.stdin
        assert self._server.stdout
        order = {name: getattr(crash, name) for name in Crash.__slots__}
        print(json.dumps(order), file=self._server.stdin, flush=True)
        status = int(self._server.stdout.readline())
        if status not in (0, -signal.SIGKILL):
            raise RuntimeError(f"A process that was to die at {crash.point!r} ended with status {status}")
        return status == -signal.SIGKILL


@contextmanager
def crashing() -> Iterator[Crashes]:
    """Each process is a fork of one server: imports take seconds, and are done once."""
    command = [sys.executable, "-m", "evals.outside.crashing"]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as server:  # noqa: S603
        yield Crashes(server)


class _Death:
    """Comes the nth time that its point is passed."""

    def __init__(self, point: str, nth: int) -> None:
        self._point = point
        self._left = nth

    def __call__(self, reached: str) -> None:
        self._left -= reached == self._point
        if not self._left:
            os.kill(os.getpid(), signal.SIGKILL)

    def watch_transactions(self) -> None:
        """From now on every transaction of this process is two points."""

        def about(point: Point) -> Any:
            def executed(_connection: Any, _cursor: Any, statement: str, *_more: Any) -> None:
                if statement == "COMMIT":
                    self(point)

            return executed

        event.listen(Engine, "before_cursor_execute", about(Point.COMMITTING))
        event.listen(Engine, "after_cursor_execute", about(Point.COMMITTED))


async def _carry(crash: Crash, death: _Death) -> None:
    """Takes up what was left in the folder; where nothing was, asks for the plan, approves it and carries it out."""
    remote = HttpRemote(crash.port, SYSTEMS[crash.system], heard=lambda: death(Point.HEARD))
    async with open_bench(Path(crash.folder), {"pool": remote}, reached=death) as bench:
        death.watch_transactions()
        if not await bench.outside.approvals.listed(principal=ANN):
            await _begin(bench, PLANS[crash.plan], death)
        await bench.outside.carrying.idle()
        death(Point.CARRIED)


async def _begin(bench: Bench, wanted: Plan, death: _Death) -> None:
    asked = await bench.ask(wanted)
    death(Point.ASKED)
    approved = await bench.outside.approvals.approve(asked.id, asked.plan_hash, principal=ANN)
    death(Point.APPROVED)
    await bench.outside.carrying.carry(approved)


async def _warm() -> None:
    """Whatever is loaded when a database is first opened."""
    with tempfile.TemporaryDirectory() as folder:
        async with open_bench(Path(folder), {}):
            pass


def _serve() -> None:
    """A fork for each line of standard input, and how it ended."""
    asyncio.run(_warm())
    gc.freeze()
    for line in sys.stdin:
        crash = Crash(**json.loads(line))
        child = os.fork()
        if not child:
            signal.alarm(LONGEST_S)
            asyncio.run(_carry(crash, _Death(crash.point, crash.nth)))
            os._exit(0)
        _, status = os.waitpid(child, 0)
        print(os.waitstatus_to_exitcode(status), flush=True)


if __name__ == "__main__":
    _serve()
