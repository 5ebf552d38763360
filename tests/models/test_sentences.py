"""Cutting a stream into sentences."""

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.chat.sentences import SentenceBuffer

WHOLE = [
    'Anna Meyer (buyer, 12:04): "We pay. We stay." [2]',
    "Dr. Meyer of Acme Inc. paid $3.5 million, i.e. too much [1][2].",
    "They said no.",
    "Price? [1]",
    "A. Meyer left at 5 p.m. on Monday [1].",
    "It rose by 12. [3]",
    "He left “for good. Really.” [1]",
    "**Bold end.** [1]",
]


def cut(pieces: list[str]) -> list[str]:
    buffer = SentenceBuffer()
    found = [sentence for piece in pieces for sentence in buffer.feed(piece)]
    return found + ([rest] if (rest := buffer.rest()) else [])


def test_sentences_are_cut_behind_their_markers() -> None:
    assert cut([" ".join(WHOLE)]) == WHOLE


@given(st.lists(st.integers(0, 400), max_size=30))
def test_it_does_not_matter_where_the_stream_is_cut(places: list[int]) -> None:
    text = " ".join(WHOLE) + "\n## Heading\n1. First [1]\n- Second. [2]\n"
    edges = [0, *sorted(min(place, len(text)) for place in places), len(text)]
    pieces = [text[start:end] for start, end in pairwise(edges)]

    assert cut(pieces) == [*WHOLE, "## Heading", "1. First [1]", "- Second. [2]"]


@pytest.mark.parametrize("text", ["", "\n\n", "   "])
def test_nothing_gives_no_sentence(text: str) -> None:
    assert cut([text]) == []
