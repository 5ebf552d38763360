"""Prose about figures: what they bear passes, everything else is withheld."""

import pytest

from models.bound.check import unborne
from models.claims import folded
from models.evidence import Figure
from tests.models.bound.figures import ENTITIES, FIGURES, HONEST_LINES, LYING_LINES


@pytest.mark.parametrize("line", HONEST_LINES)
def test_what_the_figures_say_in_other_words_passes(line: str) -> None:
    assert unborne(folded(line), FIGURES, FIGURES, ENTITIES) is None


@pytest.mark.parametrize("line", LYING_LINES)
def test_what_no_one_figure_says_is_withheld(line: str) -> None:
    assert unborne(folded(line), FIGURES, FIGURES, ENTITIES) is not None


def seconds(subject: str, value: float, text: str) -> Figure:
    return Figure("patience", value, "s", text, subject, "rep_statistics()", "2026-03-31")


def test_seconds_pass_as_their_figure_writes_them_and_are_compared() -> None:
    figures = (seconds("Dana", 0.61, "0.6 s"), seconds("Theo", 1.3, "1.3 s"), seconds("Uma", 0.62, "0.6 s"))
    for told in (
        "Patience, Dana: 0.6 s (as of 2026-03-31).",
        "Patience: 0.6 s for Dana, compared with 1.3 s for Theo.",
    ):
        assert unborne(folded(told), figures[:2], figures) is None
    assert unborne(folded("Patience, Theo: 0.6 s."), figures, figures) is not None
    assert unborne(folded("Patience, Dana: 0.7 s."), figures, figures) is not None


def test_figures_that_are_written_alike_are_each_told() -> None:
    figures = (seconds("Dana", 0.61, "0.6 s"), seconds("Uma", 0.62, "0.6 s"))
    assert unborne(folded("Patience, Dana: 0.6 s."), figures, figures) is None
    assert unborne(folded("Patience, Uma: 0.6 s."), figures, figures) is None
