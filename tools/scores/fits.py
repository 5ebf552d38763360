"""Fitted models that are remembered: each is fitted once, in the background, and whoever asks waits so long for it."""

import asyncio
from collections import OrderedDict
from collections.abc import Sequence

from core.errors import DeadlineError
from tools.scores.fitting import fit
from tools.scores.model import Model
from tools.scores.rows import Example
from tools.scores.uses import Use

REMEMBERED = 32
Key = tuple[str, str]
"""Whose the examples are, and a hash over them."""


class Fits:
    """Models by the examples that they were fitted on. A fit goes on when nobody waits any more."""

    def __init__(self, *, seed: int) -> None:
        self._seed = seed
        self._fits: OrderedDict[Key, asyncio.Task[Model]] = OrderedDict()

    async def model(self, key: Key, examples: Sequence[Example], use: Use, *, wait_s: float) -> Model:
        """The model of these examples. DeadlineError where it is not there in `wait_s`: ask again; else as `fit`."""
        fitting = self._fits.get(key)
        if fitting is None:
            fitting = self._fits[key] = asyncio.create_task(fit(examples, use, seed=self._seed))
            self._forget()
        self._fits.move_to_end(key)
        await asyncio.wait({fitting}, timeout=wait_s)
        if not fitting.done():
            raise DeadlineError(
                f"The {use.name} score is being fitted on {len(examples)} {use.subjects}: ask again in a moment"
            )
        if fitting.cancelled() or fitting.exception():
            self._fits.pop(key, None)
        return fitting.result()

    def _forget(self) -> None:
        while len(self._fits) > REMEMBERED:
            _, oldest = self._fits.popitem(last=False)
            oldest.cancel()
