import fcntl
import os
import stat
import subprocess
import sys
from pathlib import Path

import pytest

from api.owner import Owner, announce, own, owner_of, server_of
from core.errors import BusyError


def test_a_second_owner_is_told_who_the_first_is(tmp_path: Path) -> None:
    with own(tmp_path, Owner(os.getpid())):
        announce(tmp_path, Owner(os.getpid(), "http://127.0.0.1:8090", "secret"))
        with (
            pytest.raises(BusyError, match=r"server at http://127.0.0.1:8090.*SOPHIA_DATA_DIR") as refused,
            own(tmp_path, Owner(1)),
        ):
            pass
    assert "secret" not in str(refused.value)


def test_the_card_is_readable_by_its_user_alone_and_gone_afterwards(tmp_path: Path) -> None:
    with own(tmp_path, Owner(os.getpid(), "http://127.0.0.1:1", "secret")):
        found = owner_of(tmp_path)
        assert found == Owner(os.getpid(), "http://127.0.0.1:1", "secret")
        assert "secret" not in repr(found)
        assert stat.S_IMODE((tmp_path / "owner.json").stat().st_mode) == 0o600
    assert owner_of(tmp_path) is None


async def test_a_command_waits_for_the_server_that_is_starting(tmp_path: Path) -> None:
    ready = Owner(os.getpid(), "http://127.0.0.1:1", "secret", serving=True)
    said: list[str] = []

    def say(text: str) -> None:
        said.append(text)
        announce(tmp_path, ready)

    assert await server_of(tmp_path, say=say) is None
    with own(tmp_path, Owner(os.getpid(), serving=True)):
        assert await server_of(tmp_path, say=say) == ready
        assert await server_of(tmp_path, say=say) == ready
    assert len(said) == 1
    assert f"process {os.getpid()}" in said[0]


async def test_another_command_is_not_waited_for_and_a_late_server_not_stopped(tmp_path: Path) -> None:
    with (
        own(tmp_path, Owner(os.getpid())),
        pytest.raises(BusyError, match=r"another sophia command .*wait for its end"),
    ):
        await server_of(tmp_path, say=print)
    with (
        own(tmp_path, Owner(os.getpid(), serving=True)),
        pytest.raises(BusyError, match=r"server that is starting .*once it is ready"),
        own(tmp_path, Owner(1)),
    ):
        pass


def test_a_killed_owner_leaves_the_directory_free(tmp_path: Path) -> None:
    code = (
        "import os, signal, pathlib, sys\n"
        "from api.owner import Owner, own\n"
        "with own(pathlib.Path(sys.argv[1]), Owner(os.getpid(), 'http://127.0.0.1:1', 't')):\n"
        "    os.kill(os.getpid(), signal.SIGKILL)\n"
    )
    assert subprocess.run([sys.executable, "-c", code, str(tmp_path)], check=False).returncode == -9
    assert (tmp_path / "owner.json").exists()
    assert owner_of(tmp_path) is None
    with own(tmp_path, Owner(os.getpid())):
        assert owner_of(tmp_path) == Owner(os.getpid())


def test_somebody_who_only_looks_is_in_nobodys_way(tmp_path: Path) -> None:
    with own(tmp_path, Owner(1)):
        pass
    looking = (tmp_path / "owner.lock").open("a")
    with looking:
        fcntl.flock(looking, fcntl.LOCK_SH)
        assert owner_of(tmp_path) is None
