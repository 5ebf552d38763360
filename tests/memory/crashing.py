"""Processes that ingest files and die by SIGKILL on the way, one for each `[root, history, step]` on standard input.

Histories: `first` ingests two calls and dies in the second; `edited` ingests them, edits the second and dies in that;
`restored` has edited it before and dies when the first version comes back. The step is a checkpoint of
`memory.ingestion`, or `half indexed` inside its write to the index; a number instead is the milliseconds after which
a timer kills, wherever that is.
"""

import asyncio
import json
import os
import signal
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import ClassVar

import numpy as np
from numpy.typing import NDArray

from memory.chunking.base import Chunk
from memory.indexes.base import Document
from memory.indexes.embedded import EmbeddedIndex
from tests.memory.bench import ACME, RUTH, open_bench, write_call

HISTORIES = {"first": ["one"], "edited": ["one", "two"], "restored": ["one", "two", "one"]}


def _die() -> None:
    os.kill(os.getpid(), signal.SIGKILL)


class DyingIndex(EmbeddedIndex):
    """Once it is armed it dies when half of a document's chunks are written."""

    armed: ClassVar[bool] = False

    async def put(self, document: Document, chunks: Sequence[Chunk], vectors: NDArray[np.float32]) -> None:
        if not self.armed:
            await super().put(document, chunks, vectors)
            return
        half = len(chunks) // 2
        await super().put(document, chunks[:half], vectors[:half])
        _die()


class Death:
    """Comes at a step of ingestion once it is armed, or after some milliseconds."""

    def __init__(self, step: str) -> None:
        self.step = step
        self.armed = False

    def arm(self) -> None:
        self.armed = True
        DyingIndex.armed = self.step == "half indexed"
        if self.step.isdecimal():
            signal.signal(signal.SIGALRM, signal.SIG_DFL)
            signal.setitimer(signal.ITIMER_REAL, int(self.step) / 1000)

    def __call__(self, reached: str) -> None:
        if self.armed and reached == self.step:
            _die()


async def crash(root: Path, history: str, step: str) -> None:
    death = Death(step)
    write_call(root, "a first call")
    async with open_bench(root, checkpoint=death, kind=DyingIndex) as bench:
        await bench.ingestion.recover()
        *earlier, last = HISTORIES[history]
        for words in earlier:
            write_call(root, "b second call", words)
            await bench.ingest()
        if not earlier:
            await bench.ingestion.ingest([root / "calls" / "a first call.txt"], ACME, principal=RUTH)
        write_call(root, "b second call", last)
        death.arm()
        await bench.ingest()
        while step.isdecimal():
            for words in ("three", "four"):
                write_call(root, "b second call", words)
                await bench.ingest()


def serve() -> None:
    """Crash in a fork for each line of JSON, and answer how it ended: imports take seconds, and are done once."""
    for line in sys.stdin:
        root, history, step = json.loads(line)
        child = os.fork()
        if not child:
            signal.alarm(60)
            asyncio.run(crash(Path(root), history, step))
            os._exit(0)
        _, status = os.waitpid(child, 0)
        print(os.waitstatus_to_exitcode(status), flush=True)


if __name__ == "__main__":
    serve()
