"""Processes that carry a plan out and die by SIGKILL on the way, one for each `[folder, port, promises, point, nth]` on
standard input: at the nth time that a point of the ledger is passed, at `approved`, or when the remote has `heard`.
"""

import asyncio
import json
import os
import signal
import sys
from pathlib import Path

from core.remotes import Promises
from tests.api.approvals.bench import ANN, open_bench, plan, write
from tests.api.approvals.peer import HttpRemote

PLAN = plan(write("a", 3), write("b", 5))


class Death:
    """Comes the nth time that its point is passed."""

    def __init__(self, point: str, nth: int) -> None:
        self.point = point
        self.left = nth

    def __call__(self, reached: str) -> None:
        self.left -= reached == self.point
        if not self.left:
            os.kill(os.getpid(), signal.SIGKILL)


async def crash(folder: Path, port: int, promises: Promises, death: Death) -> None:
    remote = HttpRemote(port, promises, heard=lambda: death("heard"))
    async with open_bench(folder, {"pool": remote}, reached=death) as bench:
        asked = await bench.ask(PLAN)
        death("asked")
        approved = await bench.outside.approvals.approve(asked.id, asked.plan_hash, principal=ANN)
        death("approved")
        await bench.outside.carrying.carry(approved)
        death("carried")


def serve() -> None:
    """Crash in a fork for each line, and answer how it ended: imports take seconds, and are done once."""
    for line in sys.stdin:
        folder, port, promises, point, nth = json.loads(line)
        child = os.fork()
        if not child:
            signal.alarm(60)
            asyncio.run(crash(Path(folder), port, Promises(**promises), Death(point, nth)))
            os._exit(0)
        _, status = os.waitpid(child, 0)
        print(os.waitstatus_to_exitcode(status), flush=True)


if __name__ == "__main__":
    serve()
