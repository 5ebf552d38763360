"""A real server as a child process, on a data directory of its own with the sample company in it."""

import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from api.owner import Owner, owner_of

SOPHIA = Path(sys.executable).with_name("sophia")
READY_TIMEOUT_S = 120
COMMAND_TIMEOUT_S = 300
STOP_TIMEOUT_S = 30


@dataclass(frozen=True, slots=True)
class Server:
    """A running server, and how long it took from the start of its process until it listened."""

    owner: Owner
    ready_s: float
    data_dir: Path

    @property
    def url(self) -> str:
        """Where it listens."""
        assert self.owner.url is not None
        return self.owner.url

    def resident_mib(self) -> float:
        """Resident memory of the process now, in MiB."""
        status = Path(f"/proc/{self.owner.pid}/status").read_text()
        kilobytes = next(line for line in status.splitlines() if line.startswith("VmRSS")).split()[1]
        return int(kilobytes) / 1024


@contextmanager
def sample_directory() -> Iterator[Path]:
    """A data directory with the sample company, gone afterwards."""
    with tempfile.TemporaryDirectory() as folder:
        run(Path(folder), "ingest", "--sample")
        yield Path(folder)


def run(data_dir: Path, *arguments: str) -> None:
    """One command to its end; CalledProcessError or TimeoutExpired when it has none that is good."""
    subprocess.run(
        [SOPHIA, *arguments],
        cwd=data_dir,
        env=_environment(data_dir),
        check=True,
        stdout=subprocess.DEVNULL,
        timeout=COMMAND_TIMEOUT_S,
    )


@contextmanager
def running(data_dir: Path) -> Iterator[Server]:
    """A server on the directory, stopped afterwards."""
    began = time.perf_counter()
    process = subprocess.Popen(
        [SOPHIA, "serve", "--port", "0"], cwd=data_dir, env=_environment(data_dir), stdout=subprocess.DEVNULL
    )
    try:
        yield Server(_ready(process, data_dir, began), time.perf_counter() - began, data_dir)
    finally:
        _stop(process)


def _ready(process: subprocess.Popen[bytes], data_dir: Path, began: float) -> Owner:
    while time.perf_counter() - began < READY_TIMEOUT_S:
        owner = owner_of(data_dir)
        if owner and owner.url:
            return owner
        if process.poll() is not None:
            raise RuntimeError(f"The server ended with status {process.returncode}")
        time.sleep(0.01)
    raise TimeoutError("The server did not become ready")


def _stop(process: subprocess.Popen[bytes]) -> None:
    process.terminate()
    try:
        process.wait(STOP_TIMEOUT_S)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()
        raise


def _environment(data_dir: Path) -> dict[str, str]:
    """Sophia as she comes: what the caller has set for his own is left out."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith("SOPHIA_")}
    return {**kept, "SOPHIA_DATA_DIR": str(data_dir)}
