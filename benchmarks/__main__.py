"""Runs every benchmark once, prints a table and writes `benchmarks/results.json`. Status 1 if an answer is faulty."""

import json
import os
import platform
import statistics
import sys
import time
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from pathlib import Path

from benchmarks import long_calls
from benchmarks.server import run, running, sample_directory
from benchmarks.turns import FOR_SEVERAL, Turn, measure, questions, questions_for_four, questions_for_two

RESULTS = Path(__file__).parent / "results.json"
STARTS = 5
SHOWN_FAULTS = 10
#: From fewer values a 95th percentile is only another name for the largest.
ENOUGH_FOR_P95 = 20


def main() -> None:
    """Command start-up, server start-up, turns, memory."""
    machine = {
        "date": datetime.now(UTC).date().isoformat(),
        "processor": platform.machine(),
        "cores": os.cpu_count(),
        "python": platform.python_version(),
        "load_before": round(os.getloadavg()[0], 2),
    }
    with sample_directory() as data_dir:
        help_s = [_seconds(lambda: run(data_dir, "--help")) for _ in range(STARTS)]
        ready_s = []
        for _ in range(STARTS):
            with running(data_dir) as server:
                ready_s.append(server.ready_s)
        with running(data_dir) as server:
            memory = {"resident_mib_ready": server.resident_mib()}
            turns = measure(server, questions())
            for_two = measure(server, questions_for_two(), FOR_SEVERAL)
            for_four = measure(server, questions_for_four(), FOR_SEVERAL)
            memory["resident_mib_after"] = server.resident_mib()
    starts = {"sophia --help, s": spread(help_s), "sophia serve until ready, s": spread(ready_s)}
    rows = starts | rows_of(turns)
    for specialists, asked in (("two", for_two), ("four", for_four)):
        rows |= {f"{specialists} specialists: {name}": row for name, row in rows_of(asked).items()}
    rows |= {
        f"a call of {turns:,} turns, s": spread([long_calls.took(turns).whole_s])
        for turns in (long_calls.FEW, long_calls.MANY)
    }
    turns = [*turns, *for_two, *for_four]
    counts = {
        "asked": len(turns),
        "answered": sum(t.answered for t in turns),
        "faulty": sum(bool(t.faults) for t in turns),
    }
    _report(rows, counts, memory)
    RESULTS.write_text(json.dumps({"machine": machine, "rows": rows, **counts, **memory}, indent=2) + "\n")
    if wrong := [fault for turn in turns for fault in turn.faults]:
        sys.exit("\n".join(wrong[:SHOWN_FAULTS]))


def rows_of(turns: Sequence[Turn]) -> dict[str, dict[str, float]]:
    """All turns, quick refusals and faulty answers among them; the first sentence of those that have one."""
    return {
        "accepted, ms": spread([turn.accepted_ms for turn in turns]),
        "first sentence, ms": spread([t.first_sentence_ms for t in turns if t.first_sentence_ms is not None]),
        "whole answer, ms": spread([turn.whole_ms for turn in turns]),
        "whole answer where it answers, ms": spread([turn.whole_ms for turn in turns if turn.answered]),
    }


def spread(values: Sequence[float]) -> dict[str, float]:
    """How many values, the least, the median, the 95th percentile where there are enough, and the largest."""
    ordered = sorted(values)
    found = {"count": len(ordered), "min": ordered[0], "p50": statistics.median(ordered)}
    if len(ordered) >= ENOUGH_FOR_P95:
        found["p95"] = ordered[round((len(ordered) - 1) * 0.95)]
    return {name: round(value, 3) for name, value in (found | {"max": ordered[-1]}).items()}


def _seconds(action: Callable[[], object]) -> float:
    began = time.perf_counter()
    action()
    return time.perf_counter() - began


def _report(rows: dict[str, dict[str, float]], counts: dict[str, int], memory: dict[str, float]) -> None:
    columns = ("count", "min", "p50", "p95", "max")
    print(f"{'':<54}" + "".join(f"{column:>9}" for column in columns))
    for name, row in rows.items():
        print(f"{name:<54}" + "".join(f"{row[column]:>9g}" if column in row else f"{'–':>9}" for column in columns))
    print(", ".join(f"{name} {count}" for name, count in counts.items()))
    print(
        f"resident memory: {memory['resident_mib_ready']:.0f} MiB when ready, {memory['resident_mib_after']:.0f} after"
    )


if __name__ == "__main__":
    main()
