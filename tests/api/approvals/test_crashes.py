"""kill -9 while a plan is carried out, then a start: no write is lost, none is made twice, what is in doubt is parked."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from api.approvals.approval import State
from core.effects import Reached
from evals.outside.bench import ANN, Bench, open_bench
from evals.outside.crashing import Crash, Crashes, crashing
from evals.outside.peer import SYSTEMS, HttpRemote, Peer, running_peer

IN_DOUBT = {Reached.INTENT_KEPT, "heard", Reached.ANSWERED}
POINTS = [("asked", 1), ("approved", 1), ("carried", 1), *((point, n) for point in [*Reached, "heard"] for n in (1, 2))]


@pytest.fixture(scope="module")
def crashes() -> Iterator[Crashes]:
    with crashing() as server:
        yield server


async def ending(bench: Bench) -> State:
    [approval] = await bench.outside.approvals.listed(principal=ANN)
    return approval.state


def most_made(peer: Peer) -> int:
    return max(peer.done.values(), default=0)


@pytest.mark.parametrize(("point", "nth"), POINTS)
@pytest.mark.parametrize("kind", SYSTEMS)
async def test_after_a_kill_every_step_is_made_once_or_parked(
    kind: str, point: str, nth: int, tmp_path: Path, crashes: Crashes
) -> None:
    with running_peer(keyed=SYSTEMS[kind].keyed) as peer:
        port = peer.server_address[1]
        assert crashes.die(Crash(str(tmp_path), port, kind, "made", point, nth))
        remote = HttpRemote(port, SYSTEMS[kind])
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
async def test_a_parked_plan_goes_on_when_a_person_has_looked(point: str, tmp_path: Path, crashes: Crashes) -> None:
    with running_peer(keyed=False) as peer:
        port = peer.server_address[1]
        crashes.die(Crash(str(tmp_path), port, "neither", "made", point, 1))
        async with open_bench(tmp_path, {"pool": HttpRemote(port, SYSTEMS["neither"])}) as bench:
            await bench.outside.carrying.idle()
            [parked] = await bench.outside.approvals.listed(principal=ANN)
            happened = bool(peer.done)
            ended = await bench.outside.carrying.settle(parked.id, happened=happened, principal=ANN)
            assert ended.state is (State.DONE if happened else State.FAILED)
            assert peer.fields == ({"a": {"size": 3}, "b": {"size": 5}} if happened else {})
            assert most_made(peer) <= 1
