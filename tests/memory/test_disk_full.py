"""A disk that fills up while calls are ingested."""

import os
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from core.disk import is_full
from tests.memory.bench import open_bench, write_call


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """A disk of 32 megabytes."""
    mounted = tmp_path / "disk"
    mounted.mkdir()
    made = subprocess.run(["mount", "-t", "tmpfs", "-o", "size=32m", "tmpfs", str(mounted)], capture_output=True)
    if made.returncode:
        pytest.skip("no disk can be mounted here: run as root to test a full one")
    yield mounted
    subprocess.run(["umount", "-l", str(mounted)], check=True)


def fill(disk: Path, leaving: int) -> Path:
    """Leaves so many bytes of the disk."""
    ballast = disk / "ballast"
    space = os.statvfs(disk)
    ballast.write_bytes(b"\1" * max(0, space.f_bavail * space.f_frsize - leaving))
    return ballast


@pytest.mark.parametrize("leaving", [0, 12_288, 65_536])
async def test_a_full_disk_is_named_and_nothing_is_half_visible_and_all_goes_on_with_space(
    small_disk: Path, leaving: int
) -> None:
    async with open_bench(small_disk) as bench:
        write_call(small_disk, "one")
        assert (await bench.ingest()).failed == ()
        for name in ("three", "two"):
            write_call(small_disk, name, "and many words more " * 300)
        ballast = fill(small_disk, leaving)
        report = await bench.ingest()
        assert [item.outcome for item in report.items] == ["unchanged", "failed", "failed"]
        first, second = (str(item.reason) for item in report.failed)
        assert first.startswith(f"{bench.calls / 'three.txt'}: the disk is full: make space and run the same again")
        assert second.startswith(f"{bench.calls / 'two.txt'}: not tried, because the disk is full")
        assert await bench.check_what_is_live() > 0
        ballast.unlink()
        assert [item.outcome for item in (await bench.ingest()).items] == ["unchanged", "added", "added"]
        await bench.check_that_all_is_well()


def test_a_full_disk_is_told_apart_from_other_faults() -> None:
    caused = RuntimeError("LanceError(IO)")
    caused.__cause__ = OSError(28, "No space left on device")
    assert is_full(caused)
    assert is_full(RuntimeError("Generic LocalFileSystem error: No space left on device (os error 28)"))
    assert not is_full(OSError(2, "No such file or directory"))
