"""Runs every benchmark once, prints a table and writes `benchmarks/results.json`."""

import json
import os
import platform
import statistics
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from pathlib import Path

from benchmarks.server import SOPHIA, running, sample_directory
from benchmarks.turns import Turn, measure

RESULTS = Path(__file__).parent / "results.json"
STARTS = 5


def main() -> None:
    """Command start-up, server start-up, turns, memory."""
    with sample_directory() as data_dir:
        help_s = [
            _seconds(lambda: subprocess.run([SOPHIA, "--help"], check=True, stdout=subprocess.DEVNULL))
            for _ in range(STARTS)
        ]
        ready_s = []
        for _ in range(STARTS):
            with running(data_dir) as server:
                ready_s.append(server.ready_s)
        with running(data_dir) as server:
            turns = measure(server)
            memory = server.resident_mib()
    valid = [turn for turn in turns if turn.valid]
    rows = {
        "sophia --help, s": spread(help_s),
        "sophia serve until ready, s": spread(ready_s),
        "accepted, ms": spread([turn.accepted_ms for turn in valid]),
        "first sentence, ms": spread([turn.first_sentence_ms for turn in valid]),
        "whole answer, ms": spread([turn.whole_ms for turn in valid]),
    }
    _report(rows, turns, memory)


def spread(values: Sequence[float]) -> dict[str, float]:
    """Median and spread."""
    ordered = sorted(values)
    last = len(ordered) - 1
    return {
        "count": len(ordered),
        "min": ordered[0],
        "p50": statistics.median(ordered),
        "p95": ordered[round(last * 0.95)],
        "max": ordered[last],
    }


def _seconds(action: Callable[[], object]) -> float:
    began = time.perf_counter()
    action()
    return time.perf_counter() - began


def _report(rows: dict[str, dict[str, float]], turns: Sequence[Turn], memory: float) -> None:
    print(f"{'':<30}{'count':>7}{'min':>9}{'p50':>9}{'p95':>9}{'max':>9}")
    for name, row in rows.items():
        print(f"{name:<30}{row['count']:>7.0f}{row['min']:>9.2f}{row['p50']:>9.2f}{row['p95']:>9.2f}{row['max']:>9.2f}")
    valid = sum(turn.valid for turn in turns)
    print(f"answers that pass the check: {valid} of {len(turns)}")
    print(f"resident memory of the server after {len(turns)} questions: {memory:.0f} MiB")
    machine = {"processor": platform.machine(), "cores": os.cpu_count(), "python": sys.version.split()[0]}
    RESULTS.write_text(
        json.dumps(
            {"machine": machine, "rows": rows, "valid": valid, "asked": len(turns), "resident_mib": memory}, indent=2
        )
        + "\n"
    )


if __name__ == "__main__":
    main()
