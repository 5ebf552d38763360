"""Many clients at once, each with a conversation of its own: nothing fails, and no event is lost or comes twice.

`python -m benchmarks.many [clients] [questions]` prints what was counted; status 1 if anything is wrong.
"""

import asyncio
import itertools
import json
import statistics
import sys
import time
from collections import Counter
from collections.abc import AsyncIterator, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

import httpx2

from benchmarks.server import Server, running, sample_directory
from benchmarks.turns import questions

CLIENTS, QUESTIONS = 64, 2000
MOST_S = 1200.0
PATIENCE_S = 300.0
SHOWN_FAULTS = 10

Line = tuple[int, str, dict[str, Any]]
"""Number, type and data of an event."""


@dataclass
class Count:
    """What came of the questions: seconds each took, and what was wrong."""

    seconds: list[float] = field(default_factory=list)
    ends: Counter[str] = field(default_factory=Counter)
    events: int = 0
    faults: list[str] = field(default_factory=list)


def main() -> None:
    """Asks, audits, and prints."""
    clients = int(sys.argv[1]) if len(sys.argv) > 1 else CLIENTS
    asked = int(sys.argv[2]) if len(sys.argv) > 2 else QUESTIONS
    with sample_directory() as data_dir, running(data_dir) as server:
        before = server.resident_mib()
        began = time.perf_counter()
        count = asyncio.run(ask_all(server, clients, asked))
        seconds = time.perf_counter() - began
        memory = server.resident_mib()
    ordered = sorted(count.seconds)
    print(f"{len(ordered)} questions of {clients} clients in {seconds:.0f} s, {len(ordered) / seconds:.1f} a second")
    print(f"ends: {dict(count.ends)}; {count.events} events, each stream as its stored log")
    print(
        f"seconds an answer: p50 {statistics.median(ordered):.2f}, p95 {ordered[int(len(ordered) * 0.95)]:.2f}, "
        f"max {ordered[-1]:.2f}; resident memory {before:.0f} MiB before, {memory:.0f} after"
    )
    if count.faults:
        sys.exit("\n".join(count.faults[:SHOWN_FAULTS]))


async def ask_all(server: Server, clients: int, number: int) -> Count:
    """Up to `number` questions over as many threads as there are clients; none is asked once `MOST_S` are over."""
    count, waiting = Count(), itertools.islice(questions(), number)
    headers = {"Authorization": f"Bearer {server.owner.token}"}
    limits = httpx2.Limits(max_connections=clients, max_keepalive_connections=clients)
    async with httpx2.AsyncClient(
        base_url=server.url, headers=headers, timeout=PATIENCE_S, limits=limits, trust_env=False
    ) as http:
        until = time.perf_counter() + MOST_S
        async with asyncio.TaskGroup() as group:
            for _ in range(clients):
                group.create_task(_converse(http, waiting, until, count))
    return count


async def _converse(http: httpx2.AsyncClient, waiting: Iterator[str], until: float, count: Count) -> None:
    """One client: asks the next question on its thread as soon as the last is answered, then audits the thread."""
    thread, runs = None, list[str]()
    for question in waiting:
        began = time.perf_counter()
        try:
            heard = [line async for line in _stream(http, {"question": question, "thread": thread})]
        except (httpx2.HTTPError, ValueError) as error:
            count.faults.append(f"{question!r}: {type(error).__name__} {error}")
            continue
        count.seconds.append(time.perf_counter() - began)
        thread = heard[0][2]["thread"]
        runs.append(heard[0][2]["run"])
        await _audit(http, runs[-1], heard, count)
        if time.perf_counter() > until:
            break
    if thread:
        await _audit_thread(http, thread, runs, count)


async def _audit(http: httpx2.AsyncClient, run: str, heard: Sequence[Line], count: Count) -> None:
    """The stream's numbers have no gap, it ends once, and it is what the stored log says."""
    count.events += len(heard)
    count.ends[heard[-1][1]] += 1
    stored = [line async for line in _parsed(await http.get(f"/v1/runs/{run}/events"))]
    kinds = Counter(kind for _, kind, _ in heard)
    if [number for number, _, _ in heard] != list(range(1, len(heard) + 1)):
        count.faults.append(f"{run}: the stream's numbers are {[number for number, _, _ in heard]}")
    if list(heard) != stored:
        count.faults.append(f"{run}: {len(heard)} lines were heard, {len(stored)} are stored, or they differ")
    if heard[-1][1] != "run.completed" or kinds["run.completed"] != 1 or kinds["answer"] != 1:
        count.faults.append(f"{run}: ended with {heard[-1]}")


async def _audit_thread(http: httpx2.AsyncClient, thread: str, runs: Sequence[str], count: Count) -> None:
    """The thread has exactly these runs, in the order they were asked."""
    history = (await http.get(f"/v1/threads/{thread}")).json()["runs"]
    if [run["id"] for run in history] != list(runs):
        count.faults.append(f"{thread}: {len(runs)} runs were asked, {len(history)} are there, or in another order")


async def _stream(http: httpx2.AsyncClient, question: dict[str, Any]) -> AsyncIterator[Line]:
    async with http.stream("POST", "/v1/chat", json=question, headers={"Accept": "text/event-stream"}) as response:
        if response.status_code != httpx2.codes.OK:
            raise ValueError(f"{response.status_code} {(await response.aread()).decode()}")
        async for line in _lines(response.aiter_lines()):
            yield line


async def _parsed(response: httpx2.Response) -> AsyncIterator[Line]:
    response.raise_for_status()

    async def lines() -> AsyncIterator[str]:
        for line in response.text.split("\n"):
            yield line

    async for line in _lines(lines()):
        yield line


async def _lines(lines: AsyncIterator[str]) -> AsyncIterator[Line]:
    fields: dict[str, str] = {}
    async for line in lines:
        if line and not line.startswith(":"):
            name, _, value = line.partition(": ")
            fields[name] = value
        elif not line and "data" in fields:
            yield int(fields["id"]), fields["event"], json.loads(fields["data"])
            fields = {}


if __name__ == "__main__":
    main()
