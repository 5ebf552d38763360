"""Prose about figures: what they bear passes, everything else is withheld."""

import pytest

from models.bound.check import unborne
from models.claims import folded
from tests.models.bound.figures import ENTITIES, FIGURES, HONEST_LINES, LYING_LINES


@pytest.mark.parametrize("line", HONEST_LINES)
def test_what_the_figures_say_in_other_words_passes(line: str) -> None:
    assert unborne(folded(line), FIGURES, FIGURES, ENTITIES) is None


@pytest.mark.parametrize("line", LYING_LINES)
def test_what_no_one_figure_says_is_withheld(line: str) -> None:
    assert unborne(folded(line), FIGURES, FIGURES, ENTITIES) is not None
