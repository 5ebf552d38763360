"""A model is fitted once for the same examples; whoever asks waits only so long, and the fit goes on."""

import sys
from pathlib import Path

import pytest

from core.errors import DeadlineError, UnsupportedError
from tests.interpreters import interpreter_without
from tests.tools.scores.customers import LEAVES, customers
from tools.scores.fits import REMEMBERED, Fits

FEW = customers(20)
"""Too few to be fitted, which is a model that says so."""


async def test_the_same_examples_are_fitted_once() -> None:
    fits = Fits(seed=1)
    first = await fits.model(("a", "1"), FEW, LEAVES, wait_s=60)
    assert first.lacks
    assert await fits.model(("a", "1"), FEW, LEAVES, wait_s=60) is first
    assert await fits.model(("b", "1"), FEW, LEAVES, wait_s=60) is not first


async def test_who_cannot_wait_is_told_and_finds_the_model_later() -> None:
    fits = Fits(seed=1)
    with pytest.raises(DeadlineError, match="being fitted on 20 customers: ask again in a moment"):
        await fits.model(("a", "1"), FEW, LEAVES, wait_s=0)
    assert (await fits.model(("a", "1"), FEW, LEAVES, wait_s=60)).outcomes == 20


async def test_only_so_many_models_are_remembered() -> None:
    fits = Fits(seed=1)
    first = await fits.model(("a", "0"), FEW, LEAVES, wait_s=60)
    for number in range(1, REMEMBERED + 1):
        await fits.model(("a", str(number)), FEW, LEAVES, wait_s=60)
    assert await fits.model(("a", "0"), FEW, LEAVES, wait_s=60) is not first


async def test_a_fit_that_failed_is_tried_again(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    fits, examples = Fits(seed=1), customers(60)
    monkeypatch.setattr(sys, "executable", str(interpreter_without("sklearn", tmp_path / "python")))
    with pytest.raises(UnsupportedError, match=r"sophia-orchestrator\[scores\]"):
        await fits.model(("a", "1"), examples, LEAVES, wait_s=60)
    monkeypatch.undo()
    assert (await fits.model(("a", "1"), examples, LEAVES, wait_s=60)).quality is not None
