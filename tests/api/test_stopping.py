import signal
import time
from pathlib import Path

import pytest

from api.owner import owner_of
from tests.api.children import PATIENCE_S, Place


@pytest.mark.parametrize("told", [signal.SIGTERM, signal.SIGINT])
def test_a_server_that_is_told_to_stop_closes_what_it_opened(
    told: signal.Signals, tmp_path: Path, light_weights: Path | None
) -> None:
    place = Place(tmp_path / "data", light_weights)
    server = place.start("serve", "--port", "0")
    deadline = time.monotonic() + PATIENCE_S
    while not ((owner := owner_of(place.directory)) and owner.url) and time.monotonic() < deadline:
        time.sleep(0.05)
    server.send_signal(told)
    server.communicate(timeout=PATIENCE_S)

    assert server.returncode == 0
    assert not (place.directory / "owner.json").exists()
    assert not (place.directory / "sophia.db-wal").exists()
