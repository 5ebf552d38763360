"""Charts drawn by the extra `charts`, in a process of its own."""

import base64
from collections.abc import Sequence
from typing import Any, Literal

from core.apart import run_apart
from core.errors import UnsupportedError
from tools.charts.spec import Spec

TIMEOUT_S = 60.0
_WORKER = "tools.charts.vega"


async def svg(specs: Sequence[Spec], *, timeout_s: float = TIMEOUT_S) -> list[str]:
    """An SVG element for each spec. UnsupportedError without the extra, DeadlineError, UnavailableError."""
    return [str(drawn) for drawn in await _drawn(specs, "svg", timeout_s)]


async def png(specs: Sequence[Spec], *, timeout_s: float = TIMEOUT_S) -> list[bytes]:
    """A PNG picture for each spec, two pixels a point. UnsupportedError without the extra, DeadlineError, UnavailableError."""
    return [base64.b64decode(drawn) for drawn in await _drawn(specs, "png", timeout_s)]


async def _drawn(specs: Sequence[Spec], form: Literal["svg", "png"], timeout_s: float) -> list[Any]:
    if not specs:
        return []
    try:
        answer = await run_apart(_WORKER, {"specs": list(specs), "form": form}, timeout_s=timeout_s)
    except UnsupportedError as error:
        raise UnsupportedError(f"{error}; install it with: pip install 'sophia-orchestrator[charts]'") from None
    return list(answer["drawn"])
