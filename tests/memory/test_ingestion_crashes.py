"""kill -9 while files are ingested, then a start with recovery: nothing half-visible, nothing doubled."""

import json
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.memory.bench import open_bench, write_call

REPOSITORY = Path(__file__).parents[2]
STEPS = ["begun", "staged", "embedded", "half indexed", "indexed", "published", "removed", "settled"]


DieAt = Callable[[Path, str, str], int]
"""Crashes a process in a folder, at a step of a history; how it ended: minus the number of its signal."""


@pytest.fixture(scope="module")
def die_at() -> Iterator[DieAt]:
    command = [sys.executable, "-m", "tests.memory.crashing"]
    with subprocess.Popen(
        command, cwd=REPOSITORY, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, bufsize=1
    ) as server:
        assert server.stdin
        assert server.stdout
        orders, endings = server.stdin, server.stdout

        def die(root: Path, history: str, step: str) -> int:
            print(json.dumps([str(root), history, step]), file=orders)
            return int(endings.readline())

        yield die


@pytest.mark.parametrize("history", ["first", "edited", "restored"])
@pytest.mark.parametrize("step", STEPS)
async def test_after_a_kill_every_file_is_live_once_with_exactly_its_chunks(
    step: str, history: str, tmp_path: Path, die_at: DieAt
) -> None:
    assert die_at(tmp_path, history, step) == -signal.SIGKILL
    async with open_bench(tmp_path) as bench:
        await bench.check_what_is_live()
        await bench.ingestion.recover()
        assert await bench.index.count() == await bench.check_what_is_live()
        assert await bench.documents.unpublished() == []
        report = await bench.ingest()
        assert not report.failed
        assert len(report.of("unchanged")) == (2 if step in ("published", "removed", "settled") else 1)
        await bench.check_that_all_is_well()


async def test_kills_at_any_moment_one_after_the_other_leave_the_same(tmp_path: Path, die_at: DieAt) -> None:
    for milliseconds in (3, 17, 41, 83, 131):
        assert die_at(tmp_path, "edited", str(milliseconds)) == -signal.SIGALRM
        async with open_bench(tmp_path) as bench:
            await bench.check_what_is_live()
            await bench.ingestion.recover()
            assert await bench.index.count() == await bench.check_what_is_live()
    write_call(tmp_path, "b second call", "whole again")
    async with open_bench(tmp_path) as bench:
        await bench.ingest()
        await bench.check_that_all_is_well()
