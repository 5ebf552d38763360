import json
import shutil
import signal
import socket
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import pytest

from api.owner import Owner, owner_of
from tests.api.children import PATIENCE_S, Place, serving_child
from tests.api.served import OBJECTIONS


def test_a_server_that_is_told_to_stop_while_it_starts_closes_what_it_opened(
    tmp_path: Path, light_weights: Path | None
) -> None:
    place = Place(tmp_path / "data", light_weights)
    server = place.start("serve", "--port", "0")
    deadline = time.monotonic() + PATIENCE_S
    while not ((owner := owner_of(place.directory)) and owner.url) and time.monotonic() < deadline:
        time.sleep(0.05)
    server.send_signal(signal.SIGTERM)
    server.communicate(timeout=PATIENCE_S)

    assert server.returncode == 0
    assert_closed(place)


@pytest.mark.parametrize("told", [signal.SIGTERM, signal.SIGINT])
def test_streams_that_are_open_when_the_server_stops_end_in_good_order_nothing_is_said_and_all_is_closed(
    told: signal.Signals, light_directory: Path, light_weights: Path | None, tmp_path: Path
) -> None:
    place = Place(tmp_path / "data", light_weights)
    shutil.copytree(light_directory, place.directory)
    with serving_child(place) as server:
        with asking(server.owner) as first, asking(server.owner) as second:
            server.process.send_signal(told)
            ends = [rest_of(stream)[-5:] for stream in (first, second)]
        _, err = server.process.communicate(timeout=PATIENCE_S)
    assert ends == [b"0\r\n\r\n"] * 2
    assert (server.process.returncode, err) == (0, b"")
    assert_closed(place)


def assert_closed(place: Place) -> None:
    assert not (place.directory / "owner.json").exists()
    assert not (place.directory / "sophia.db-wal").exists()


@contextmanager
def asking(owner: Owner) -> Iterator[socket.socket]:
    """A connection on which a question was asked and the stream of its answer has begun."""
    host, _, port = str(owner.url).removeprefix("http://").partition(":")
    body = json.dumps({"question": OBJECTIONS}).encode()
    head = (
        f"POST /v1/chat HTTP/1.1\r\nHost: sophia\r\nAuthorization: Bearer {owner.token}\r\nContent-Length: {len(body)}"
    )
    with closing(socket.create_connection((host, int(port)), PATIENCE_S)) as stream:
        stream.sendall(head.encode() + b"\r\nContent-Type: application/json\r\n\r\n" + body)
        assert stream.recv(12) == b"HTTP/1.1 200"
        yield stream


def rest_of(stream: socket.socket) -> bytes:
    """All that still comes; a chunked answer that ends in good order ends with an empty chunk."""
    return b"".join(iter(lambda: stream.recv(65_536), b""))
