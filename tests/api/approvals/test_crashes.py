"""kill -9 while a plan is carried out, then a start: no write is lost, none is made twice, what is in doubt is parked."""

import json
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from api.approvals.approval import State
from core.effects import Reached
from core.remotes import Promises
from tests.api.approvals.bench import ANN, Bench, open_bench
from tests.api.approvals.peer import HttpRemote, Peer, running_peer

REPOSITORY = Path(__file__).parents[3]
REMOTES: dict[str, dict[str, Any]] = {
    "keyed": {"keyed": True},
    "searchable": {"searchable": True},
    "neither": {},
}
IN_DOUBT = {Reached.INTENT_KEPT, "heard", Reached.ANSWERED}
POINTS = [("asked", 1), ("approved", 1), ("carried", 1), *((point, n) for point in [*Reached, "heard"] for n in (1, 2))]


@pytest.fixture(scope="module")
def die_at() -> Iterator[Callable[..., int]]:
    command = [sys.executable, "-m", "tests.api.approvals.crashing"]
    with subprocess.Popen(
        command, cwd=REPOSITORY, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, bufsize=1
    ) as server:
        assert server.stdin
        assert server.stdout
        orders, endings = server.stdin, server.stdout

        def die(*order: Any) -> int:
            print(json.dumps(order), file=orders)
            return int(endings.readline())

        yield die


async def ending(bench: Bench) -> State:
    [approval] = await bench.outside.approvals.listed(principal=ANN)
    return approval.state


def most_made(peer: Peer) -> int:
    return max(peer.done.values(), default=0)


@pytest.mark.parametrize(("point", "nth"), POINTS)
@pytest.mark.parametrize("kind", REMOTES)
async def test_after_a_kill_every_step_is_made_once_or_parked(
    kind: str, point: str, nth: int, tmp_path: Path, die_at: Callable[..., int]
) -> None:
    told = REMOTES[kind]
    with running_peer(keyed=told.get("keyed", False)) as peer:
        port = peer.server_address[1]
        assert die_at(str(tmp_path), port, told, point, nth) == -signal.SIGKILL
        remote = HttpRemote(port, Promises(**told, settles=timedelta(seconds=60)))
        async with open_bench(tmp_path, {"pool": remote}) as bench:
            await bench.outside.carrying.idle()
            state = await ending(bench)
            assert most_made(peer) <= 1
            if point == "asked":
                assert (state, peer.fields) == (State.WAITING, {})
            elif kind == "neither" and point in IN_DOUBT:
                assert state is State.PARKED
            else:
                assert (state, peer.fields) == (State.DONE, {"a": {"size": 3}, "b": {"size": 5}})
            await bench.outside.audit.verify("acme")


@pytest.mark.parametrize("point", ["intent kept", "heard"])
async def test_a_parked_plan_goes_on_when_a_person_has_looked(
    point: str, tmp_path: Path, die_at: Callable[..., int]
) -> None:
    with running_peer(keyed=False) as peer:
        port = peer.server_address[1]
        die_at(str(tmp_path), port, {}, point, 1)
        async with open_bench(tmp_path, {"pool": HttpRemote(port, Promises())}) as bench:
            await bench.outside.carrying.idle()
            [parked] = await bench.outside.approvals.listed(principal=ANN)
            happened = bool(peer.done)
            ended = await bench.outside.carrying.settle(parked.id, happened=happened, principal=ANN)
            assert ended.state is (State.DONE if happened else State.FAILED)
            assert peer.fields == ({"a": {"size": 3}, "b": {"size": 5}} if happened else {})
            assert most_made(peer) <= 1
