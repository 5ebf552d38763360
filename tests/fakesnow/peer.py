"""Starts fakesnow in the environment that `make test-snowflake` builds."""

import os
import subprocess
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from memory.warehouse.account import SnowflakeAccount

PYTHON = os.environ.get("SOPHIA_TEST_FAKESNOW")
REASON = "Snowflake's wire needs fakesnow in an environment of its own: make test-snowflake"


@contextmanager
def fakesnow() -> Iterator[int]:
    """The port of a peer that ends with this block."""
    assert PYTHON, REASON
    command = [PYTHON, str(Path(__file__).with_name("server.py"))]
    with subprocess.Popen(
        command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True
    ) as peer:
        assert peer.stdin
        assert peer.stdout
        try:
            yield int(peer.stdout.readline())
        finally:
            peer.stdin.close()


def fresh_account(port: int) -> SnowflakeAccount:
    """A database that no other test uses."""
    return SnowflakeAccount(
        account="fakesnow",
        user="sophia",
        password="snow",
        database=f"DB_{uuid.uuid4().hex[:12].upper()}",
        schema="ANALYTICS",
        host="127.0.0.1",
        port=port,
        protocol="http",
    )
