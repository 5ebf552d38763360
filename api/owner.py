"""The data directory has one owner: an operating-system lock that says where the owner is and how to reach it."""

import asyncio
import contextlib
import fcntl
import json
import os
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import IO

from core.errors import BusyError

LOCK, CARD = "owner.lock", "owner.json"
TRIES, BETWEEN_TRIES_S = 20, 0.01
READY_S, BETWEEN_LOOKS_S = 60.0, 0.1


@dataclass(frozen=True, slots=True)
class Owner:
    """Who owns a data directory: a server if `serving`, else a command. A server that is starting has no `url` yet;
    `token` lets commands of this machine's user in.
    """

    pid: int
    url: str | None = None
    token: str | None = None
    serving: bool = False

    def __repr__(self) -> str:
        return f"Owner(pid={self.pid}, url={self.url!r})"


@contextmanager
def own(directory: Path, owner: Owner) -> Iterator[None]:
    """Holds the directory for as long as the block runs; BusyError that names the owner if there is one.

    What the process writes from then on is for its user alone. The lock dies with its process, so that a killed server never leaves a directory locked.
    """
    os.umask(0o077)
    directory.mkdir(parents=True, exist_ok=True, mode=0o700)
    with (directory / LOCK).open("a") as lock:
        if not _locked(lock):
            raise BusyError(_held_by(directory))
        (directory / CARD).unlink(missing_ok=True)
        announce(directory, owner)
        try:
            yield
        finally:
            (directory / CARD).unlink(missing_ok=True)


def _locked(lock: IO[str]) -> bool:
    """Whether the lock could be taken; somebody who only looks holds it for a moment, and is waited for."""
    for _ in range(TRIES):
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            time.sleep(BETWEEN_TRIES_S)
        else:
            return True
    return False


async def server_of(directory: Path, *, say: Callable[[str], None]) -> Owner | None:
    """The server that owns the directory, or None when nobody does. One that is starting is waited for, and `say` told so.

    BusyError when another command owns the directory, or when the server is not ready after `READY_S` seconds.
    """
    said = False
    with contextlib.suppress(TimeoutError):
        async with asyncio.timeout(READY_S):
            while True:
                owner = owner_of(directory)
                if owner is None or owner.url:
                    return owner
                if owner.pid and not owner.serving:
                    break
                if owner.serving and not said:
                    say(f"A server is starting on {str(directory)!r} (process {owner.pid}): waiting for it")
                    said = True
                await asyncio.sleep(BETWEEN_LOOKS_S)
    raise BusyError(_held_by(directory))


def refuse_if_owned(directory: Path) -> None:
    """BusyError that names the owner if there is one; `own` alone decides between two that come at once."""
    if owner_of(directory):
        raise BusyError(_held_by(directory))


def announce(directory: Path, owner: Owner) -> None:
    """Writes the owner's card, readable by this user alone; only the holder of the lock may call it."""
    draft = directory / f"{CARD}.new"
    draft.unlink(missing_ok=True)
    with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as card:
        json.dump(asdict(owner), card)
    draft.replace(directory / CARD)


def owner_of(directory: Path) -> Owner | None:
    """The living owner of the directory, or None when nobody holds the lock."""
    if not (directory / LOCK).exists():
        return None
    with (directory / LOCK).open("a") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_SH | fcntl.LOCK_NB)
        except BlockingIOError:
            return _card(directory)
    return None


def _card(directory: Path) -> Owner:
    try:
        return Owner(**json.loads((directory / CARD).read_text()))
    except (OSError, ValueError, TypeError):
        return Owner(pid=0)


def _held_by(directory: Path) -> str:
    owner = _card(directory)
    held = f"The data directory {str(directory)!r} is in use by"
    if owner.url:
        return f"{held} a server at {owner.url} (process {owner.pid}): stop it, or set SOPHIA_DATA_DIR"
    if owner.serving:
        return f"{held} a server that is starting (process {owner.pid}): try again once it is ready"
    return f"{held} another sophia command (process {owner.pid}): wait for its end, or set SOPHIA_DATA_DIR"
