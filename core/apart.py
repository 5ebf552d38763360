"""Work in a process of its own: libraries that are heavy to load, or that could take the service down with them.

A module that is run apart ends with `answer_once(handle)` under `if __name__ == "__main__"`. It is asked one thing as
JSON, answers as JSON, and ends. It inherits no environment, and so no secret.
"""

import asyncio
import json
import sys
from collections.abc import Callable, Mapping
from typing import Any

from pydantic import JsonValue

from core.errors import DeadlineError, SophiaError, UnavailableError, UnsupportedError, revived

_ENVIRONMENT = {"OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1", "PYTHONUTF8": "1"}
_SHOWN = 500


async def run_apart(module: str, request: Mapping[str, JsonValue], *, timeout_s: float) -> Mapping[str, Any]:
    """What the module answers to the request. A process that outlives `timeout_s`, or whose caller leaves, is killed.

    Raises what `handle` raised of Sophia's errors; UnsupportedError where a library of the module is not installed;
    DeadlineError; UnavailableError where the process died, with the end of what it printed.
    """
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-I", "-m", module,
        stdin=asyncio.subprocess.PIPE, stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.PIPE,
        env=_ENVIRONMENT,
    )  # fmt: skip
    try:
        async with asyncio.timeout(timeout_s):
            out, err = await process.communicate(json.dumps(request).encode())
    except TimeoutError:
        raise DeadlineError(f"{module} took longer than the {timeout_s:g} s it is allowed") from None
    finally:
        if process.returncode is None:
            process.kill()
            await process.wait()
    return _answer(module, process.returncode, out, err)


def answer_once(handle: Callable[[Mapping[str, Any]], Mapping[str, Any]]) -> None:
    """The other side: reads the request, writes what `handle` returns or the error of Sophia's that it raised.

    What the libraries print goes to standard error, so that it cannot be taken for the answer.
    """
    out, sys.stdout = sys.stdout, sys.stderr
    try:
        answer: Mapping[str, Any] = {"answer": handle(json.load(sys.stdin))}
    except ModuleNotFoundError as missing:
        answer = {"code": UnsupportedError.code, "message": f"The package {missing.name!r} is not installed"}
    except SophiaError as error:
        answer = {"code": error.code, "message": str(error)}
    json.dump(answer, out, allow_nan=False)


def _answer(module: str, status: int | None, out: bytes, err: bytes) -> Mapping[str, Any]:
    try:
        reply = json.loads(out)
    except ValueError:
        said = err.decode(errors="replace").strip()[-_SHOWN:]
        raise UnavailableError(f"{module} ended with status {status} without an answer: {said}") from None
    if "answer" in reply:
        return dict(reply["answer"])
    raise revived(reply["code"], reply["message"])
