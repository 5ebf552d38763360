"""`sophia` as its users run it: in processes of their own, or where that shows nothing more, in this one."""

import contextlib
import gc
import io
import logging
import os
import signal
import subprocess
import sys
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import httpx2

from api.cli import main
from api.logs import OURS
from api.owner import Owner, owner_of

SOPHIA = str(Path(sys.executable).parent / "sophia")
PATIENCE_S = 60


@dataclass(frozen=True)
class Place:
    """A data directory with the environment of the commands that work on it."""

    directory: Path
    weights: Path | None = None

    def environment(self, settings: Mapping[str, str]) -> dict[str, str]:
        kept = {name: value for name, value in os.environ.items() if not name.startswith("SOPHIA_")}
        weights = {"SOPHIA_EMBEDDER_WEIGHTS": str(self.weights)} if self.weights else {}
        return {**kept, "SOPHIA_DATA_DIR": str(self.directory), **weights, **settings}

    def run(self, *arguments: str, stdin: bytes = b"", settings: Mapping[str, str] | None = None) -> "Done":
        """One command, to its end."""
        ended = subprocess.run(
            [SOPHIA, *arguments],
            input=stdin,
            capture_output=True,
            check=False,
            cwd=self.directory.parent,
            env=self.environment(settings or {}),
            timeout=PATIENCE_S,
        )
        return Done(ended.returncode, ended.stdout.decode(), ended.stderr.decode())

    def run_here(self, *arguments: str) -> "Done":
        """One command in the test's process, which has long imported the seconds' worth that opening Sophia needs."""
        out, err, status = io.StringIO(), io.StringIO(), 0
        process = _as_process(["sophia", *arguments], self.directory.parent, self.environment({}))
        with process, contextlib.redirect_stdout(out), contextlib.redirect_stderr(err):
            try:
                main()
            except SystemExit as ended:
                status = int(ended.code or 0)
        gc.collect()  # the next command has the collector keep whatever it finds
        return Done(status, out.getvalue(), err.getvalue())

    def start(self, *arguments: str) -> subprocess.Popen[bytes]:
        """A command that goes on by itself."""
        return subprocess.Popen(
            [SOPHIA, *arguments],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            cwd=self.directory.parent,
            env=self.environment({}),
        )


@contextmanager
def _as_process(arguments: Sequence[str], directory: Path, environment: Mapping[str, str]) -> Iterator[None]:
    """Arguments, working directory, environment and what is logged, as a process of its own would have them."""
    before = list(sys.argv), dict(os.environ), {name: logging.getLogger(name).level for name in OURS}
    sys.argv[:] = arguments
    os.environ.clear()
    os.environ.update(environment)
    try:
        with contextlib.chdir(directory):
            yield
    finally:
        sys.argv[:] = before[0]
        os.environ.clear()
        os.environ.update(before[1])
        for name, level in before[2].items():
            logging.getLogger(name).setLevel(level)


@dataclass(frozen=True)
class Done:
    """How a command ended."""

    status: int
    out: str
    err: str

    def complaint(self, status: int = 1) -> str:
        """The one line that a command which could not do its work says, and nothing else."""
        assert (self.status, self.out) == (status, ""), self
        assert self.err.count("\n") == 1, self.err
        return self.err.strip()


@dataclass(frozen=True)
class Server:
    """A running `sophia serve`."""

    place: Place
    process: subprocess.Popen[bytes]
    owner: Owner

    def client(self) -> httpx2.AsyncClient:
        headers = {"Authorization": f"Bearer {self.owner.token}"}
        return httpx2.AsyncClient(base_url=self.owner.url or "", headers=headers, trust_env=False, timeout=PATIENCE_S)


@contextmanager
def serving_child(place: Place) -> Iterator[Server]:
    """A server of the place on a free port; it is killed at the end if it still runs."""
    process = place.start("serve", "--port", "0")
    assert process.stdout
    assert process.stderr
    try:
        ready = process.stdout.readline().decode()
        owner = owner_of(place.directory)
        assert owner, (ready, process.poll() is not None and process.stderr.read())
        assert owner.url
        assert owner.url in ready
        yield Server(place, process, owner)
    finally:
        if process.poll() is None:
            process.send_signal(signal.SIGKILL)
        process.communicate()
