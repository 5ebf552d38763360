"""What was acknowledged is answered exactly once, wherever the server is killed."""

import asyncio
import random
import shutil
import signal
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from functools import partial
from pathlib import Path

import httpx2
import pytest

from api.bootstrap import open_sophia
from api.owner import CARD, owner_of
from api.runs.events import Answered, RunCompleted, RunStarted, SentenceWritten
from api.runs.executor import Executor
from api.runs.journal import Journal
from api.runs.run import Event, Run, Status, Worker
from api.runs.store import Runs
from api.settings import Settings
from core.errors import FencedError
from tests.api.children import Place, Server, serving_child
from tests.api.conftest import ALICE, HandClock
from tests.api.served import OBJECTIONS, SSE, in_a_thread, read_stream

MOMENTS = 5
SEED = 20260320
QUESTIONS = (
    OBJECTIONS,
    "Summarise the call Marrowfield order form w/ procurement",
    "What did Castellan say about the price of Yard?",
)


@dataclass
class Asked:
    """The questions that a server has acknowledged so far."""

    runs: list[str] = field(default_factory=list)
    thread: str | None = None

    async def one(self, client: httpx2.AsyncClient, question: str) -> None:
        """Asks on the shared thread or on a new one, and reads until the run is acknowledged."""
        body = {"question": question, "thread": self.thread if len(self.runs) % 2 else None}
        async with client.stream("POST", "/v1/chat", json=body, headers=SSE) as response:
            self.runs.append(response.headers["x-sophia-run"])
            self.thread = response.headers["x-sophia-thread"]


def check_log(events: Sequence[Event]) -> None:
    """The log is whole: lines without gaps, one end, one answer, and the last attempt has all of its sentences."""
    kinds = [event.type for event in events]
    assert [event.seq for event in events] == list(range(1, len(events) + 1))
    assert kinds[0] == "run.accepted"
    assert kinds[-2:] == [Answered.type, RunCompleted.type]
    assert kinds.count(RunCompleted.type) == 1
    answer = Answered.model_validate(events[-2].payload)
    attempts = [event.payload["attempt"] for event in events if event.type == RunStarted.type]
    assert attempts == sorted(set(attempts))
    begun = max(event.seq for event in events if event.type == RunStarted.type)
    said = [event.payload for event in events[begun:] if event.type == SentenceWritten.type]
    assert [sentence["index"] for sentence in said] == list(range(len(said)))
    assert answer.text == "\n".join(sentence["text"] for sentence in said)
    marks = {source.n for source in answer.sources}
    assert marks == set(range(1, len(marks) + 1))


async def copied_at_moments(server: Server, copies: Path, asked: Asked) -> list[tuple[Path, list[str]]]:
    """Copies of the data directory at random moments under load, each as SIGKILL would have left it.

    A stopped process writes nothing; what its files hold is what the kernel would keep if it were killed instead.
    """
    taken: list[tuple[Path, list[str]]] = []
    chance = random.Random(SEED)
    async with server.client() as client:
        for moment in range(MOMENTS):
            asking = [asyncio.create_task(asked.one(client, question)) for question in QUESTIONS]
            await asyncio.sleep(chance.uniform(0.02, 0.5))
            server.process.send_signal(signal.SIGSTOP)
            target = copies / str(moment)
            acknowledged = list(asked.runs)
            await asyncio.to_thread(shutil.copytree, server.place.directory, target)
            server.process.send_signal(signal.SIGCONT)
            taken.append((target, acknowledged))
            await asyncio.gather(*asking)
    return taken


async def finished_logs(directory: Path, weights: Path | None, runs: Sequence[str]) -> list[list[Event]]:
    """Opens Sophia on a copy, as the next server would, and reads the runs' logs to their ends."""
    async with open_sophia(Settings(data_dir=directory, embedder_weights=weights)) as sophia, asyncio.timeout(60):
        return [[event async for event in sophia.asking.follow(run)] for run in runs]


async def killed_while_asked(server: Server, asked: Asked) -> None:
    async with server.client() as client:
        asking = [asyncio.create_task(asked.one(client, question)) for question in QUESTIONS]
        await asyncio.sleep(0.2)
        server.process.kill()
        await asyncio.gather(*asking, return_exceptions=True)


async def logs_over_http(server: Server, runs: Sequence[str]) -> list[list[Event]]:
    async with server.client() as client:
        texts = [(await client.get(f"/v1/runs/{run}/events")).text for run in runs]
    return [[Event(line.id, line.type, line.data, "") for line in read_stream(text)] for text in texts]


def check_ends_in_peace(server: Server) -> None:
    """Ctrl-C: nothing is said, and the directory is free."""
    server.process.send_signal(signal.SIGINT)
    _, err = server.process.communicate(timeout=20)
    assert (server.process.returncode, err) == (0, b"")
    assert owner_of(server.place.directory) is None
    assert not (server.place.directory / CARD).exists()


def test_every_acknowledged_question_is_answered_exactly_once_wherever_the_server_is_killed(
    light_directory: Path, light_weights: Path | None, tmp_path: Path
) -> None:
    place = Place(tmp_path / "data", light_weights)
    shutil.copytree(light_directory, place.directory)
    asked = Asked()
    with serving_child(place) as server:
        copies = asyncio.run(copied_at_moments(server, tmp_path / "copies", asked))
        asyncio.run(killed_while_asked(server, asked))
    with serving_child(place) as server:
        last = asyncio.run(logs_over_http(server, asked.runs))
        check_ends_in_peace(server)
    resumed = 0
    for directory, runs in copies:
        for log in in_a_thread(partial(finished_logs, directory, light_weights, runs)):
            check_log(log)
            resumed += any(event.type == RunStarted.type and event.payload["attempt"] > 1 for event in log)
    for log in last:
        check_log(log)
    assert len(asked.runs) >= MOMENTS * len(QUESTIONS)
    assert resumed >= MOMENTS / 2


async def test_a_worker_that_wakes_up_after_its_lease_writes_nothing_more(
    runs: Runs, journal: Journal, clock: HandClock
) -> None:
    lease = timedelta(seconds=30)
    stopped, may_go_on, refused = asyncio.Event(), asyncio.Event(), asyncio.Event()

    async def sleepy(run: Run) -> None:
        await journal.append(run, SentenceWritten(index=0, text="Half of it.", sources=[], figures=[]))
        stopped.set()
        await may_go_on.wait()
        try:
            await journal.append(run, SentenceWritten(index=1, text="The rest.", sources=[], figures=[]))
        except FencedError:
            refused.set()
            raise

    async def awake(run: Run) -> None:
        await journal.append(run, SentenceWritten(index=0, text="All of it.", sources=[], figures=[]))
        await journal.finish(run, Status.COMPLETED, [RunCompleted(seconds=0)])

    first = Executor(runs, journal, sleepy, Worker("one", lease), timeout=60, concurrency=1)
    second = Executor(runs, journal, awake, Worker("two", lease), timeout=60, concurrency=1)
    async with asyncio.timeout(10), first:
        run = await runs.accept("One?", principal=ALICE, worker=first.worker)
        first.begin(run)
        await stopped.wait()
        clock.forward(seconds=31)
        async with second:
            log = [event async for event in journal.follow(run.id)]
            may_go_on.set()
            await refused.wait()
    assert log == await runs.events(run.id)
    assert [event.type for event in log].count(RunCompleted.type) == 1
    assert [event.payload["text"] for event in log if event.type == SentenceWritten.type] == [
        "Half of it.",
        "All of it.",
    ]


@pytest.mark.parametrize("steps", [1, 7])
async def test_leaving_in_the_middle_of_an_answer_keeps_the_question(
    light_directory: Path, light_weights: Path | None, tmp_path: Path, steps: int
) -> None:
    directory = tmp_path / "data"
    shutil.copytree(light_directory, directory)
    settings = Settings(data_dir=directory, embedder_weights=light_weights)
    async with open_sophia(settings) as sophia:
        principal = await sophia.keys.resolve("default/owner")
        run = await sophia.asking.ask(OBJECTIONS, principal=principal)
        seen = 0
        async for _ in sophia.asking.follow(run.id):
            seen += 1
            if seen >= steps:
                break
    [log] = await finished_logs(directory, light_weights, [run.id])
    check_log(log)
