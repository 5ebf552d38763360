"""The check that prose about figures says nothing that no figure bound to it says.

A sentence is a row of statements. Each number, unit, sign, period, name, metric, direction and comparison of a statement
must be borne by one figure, the same for all of them, together with at most one other that it is compared with: what it
was before, the same of another, or another metric of the same. The figure's metric and subject are told, or taken over
from the statement before; a statement without a period is of the latest. What is said of several ("the highest of five
months") is reckoned from all figures that are known. Words that nobody has judged, denials, forecasts and opinions among
them, and statements that fit no figure, are refused.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache

from models.bound.facts import Fact, facts_of, today_of
from models.bound.lexicon import Kind
from models.bound.reading import Reader
from models.bound.relations import Pair, pairs
from models.bound.said import Statement
from models.bound.statements import statements
from models.entities import Entity
from models.evidence import Figure


@dataclass(frozen=True)
class Ground:
    """What sentences over the same figures are held to; made once for all sentences of an answer."""

    reader: Reader
    pairs: tuple[Pair, ...]


def unborne(
    text: str, bound: Sequence[Figure], known: Sequence[Figure], entities: Iterable[Entity] = (), *, beside: str = ""
) -> str | None:
    """What of a folded text no figure bears, in words; None where all of it is borne.

    `bound` are the sentence's own figures, `known` all that its writer had. A subject that `beside` names, the words
    around the text, needs not be told again.
    """
    ground = _ground(tuple(bound), tuple(known), tuple(entities))
    pieces = ground.reader.read(text)
    for piece in pieces:
        if piece.kind is Kind.UNKNOWN:
            return f"No figure bears the word {piece.text!r}"
    told = [one for one in statements(pieces, text) if not one.silent or one.named]
    for one in told:
        if one.silent and (one.verb or len(told) > 1):
            return f"No figure is told by {one.text!r}"
    return _misfits(told, ground, beside.casefold())


@lru_cache(maxsize=32)
def _ground(bound: tuple[Figure, ...], known: tuple[Figure, ...], entities: tuple[Entity, ...]) -> Ground:
    facts = facts_of(bound, known, entities)
    names = (name for entity in entities for name in (entity.name, *entity.aliases))
    return Ground(Reader(facts, names, today_of(bound)), tuple(pairs(facts)))


def _misfits(told: Sequence[Statement], ground: Ground, beside: str) -> str | None:
    """The first statement that no figure bears; one that follows another is of no more than that."""
    before: list[Fact] = []
    for said in told:
        fitting = [pair.own for pair in ground.pairs if pair.bears(said, beside)]
        if said.follows:
            fitting = [one for one in fitting if any(one.value <= more.value for more in before)]
        if not fitting:
            return f"No one figure bears {said.text!r}"
        before = fitting
    return None
