"""What runs in a process of its own answers as if it were here, and cannot hurt who asks."""

import asyncio
from pathlib import Path

import pytest

from core.apart import run_apart
from core.errors import DeadlineError, InvalidInputError, UnavailableError, UnsupportedError

WORKER = "tests.core.apart.worker"
ROOT = Path(__file__).parents[2]


async def test_the_answer_comes_back_whatever_the_libraries_print() -> None:
    assert await run_apart(WORKER, {"do": "double", "value": 21}, timeout_s=60) == {"doubled": 42}


async def test_no_secret_of_the_service_is_in_its_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SOPHIA_TOKEN", "secret")
    names = (await run_apart(WORKER, {"do": "environment"}, timeout_s=60))["names"]
    assert not [name for name in names if "SOPHIA" in name]


async def test_an_error_comes_back_as_the_same_error() -> None:
    with pytest.raises(InvalidInputError, match="at least 12"):
        await run_apart(WORKER, {"do": "refuse"}, timeout_s=60)


async def test_a_library_that_is_not_there_is_named() -> None:
    with pytest.raises(UnsupportedError, match="a_library_nobody_has"):
        await run_apart(WORKER, {"do": "import"}, timeout_s=60)


async def test_a_process_that_dies_is_unavailable_and_says_its_status() -> None:
    with pytest.raises(UnavailableError, match="status 7"):
        await run_apart(WORKER, {"do": "die"}, timeout_s=60)


async def test_a_process_that_hangs_is_killed_at_its_deadline() -> None:
    with pytest.raises(DeadlineError, match=r"0\.5 s"):
        await run_apart(WORKER, {"do": "hang"}, timeout_s=0.5)


async def test_a_process_dies_with_the_interest_of_who_asked() -> None:
    asked = asyncio.create_task(run_apart(WORKER, {"do": "hang"}, timeout_s=600))
    children = await asyncio.to_thread(_begun)
    asked.cancel()
    with pytest.raises(asyncio.CancelledError):
        await asked
    assert not children & _children()


def _begun() -> set[str]:
    while not (children := _children()):
        pass
    return children


def _children() -> set[str]:
    return {status.parent.name for status in Path("/proc").glob("[0-9]*/cmdline") if WORKER in _read(status)}


def _read(file: Path) -> str:
    try:
        return file.read_text()
    except OSError:
        return ""
