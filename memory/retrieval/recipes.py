"""Named retrieval set-ups: data, not code."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from types import MappingProxyType


class Leg(StrEnum):
    """A way to find chunks: by their words, or by their meaning."""

    KEYWORD = "keyword"
    DENSE = "dense"


@dataclass(frozen=True, slots=True)
class Recipe:
    """How passages are found and shown.

    `depth` chunks of each leg are fused by reciprocal rank, 1 / (rank_constant + rank) (Cormack et al. 2009). A chunk
    then gets `neighbours[k - 1]` of the score of the chunks k places before and after it. A chosen chunk rules out
    those up to `spread` places away, and weighs what is left of its document with `repeat`, so that the passages of
    one search show different places. Each passage grows around its chunk to `words` words.
    """

    name: str
    legs: tuple[Leg, ...]
    depth: int = 60
    rank_constant: int = 20
    neighbours: tuple[float, ...] = (0.5,)
    spread: int = 4
    repeat: float = 0.5
    words: int = 180


KEYWORD = Recipe("keyword", (Leg.KEYWORD,))
DENSE = Recipe("dense", (Leg.DENSE,))
HYBRID = Recipe("hybrid", (Leg.KEYWORD, Leg.DENSE))

RECIPES: Mapping[str, Recipe] = MappingProxyType({recipe.name: recipe for recipe in (KEYWORD, DENSE, HYBRID)})
