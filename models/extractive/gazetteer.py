"""Known names in a text: whole names and aliases first, then the part of a name that only one bearer has."""

import re
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache

from models.claims import folded
from models.entities import Entity
from models.names import ordinary_words

_WORD = re.compile(r"[^\W_]+(?:[&.'][^\W_]+)*")
_LEGAL_FORMS = frozenset(
    {"ag", "bv", "co", "corp", "gmbh", "group", "inc", "llc", "ltd", "nv", "oy", "plc", "sa", "se"}
)
#: A part of a name shorter than this says nothing.
SHORTEST_PART = 3

Key = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Named:
    """A stretch of text that names one of `bearers`; more than one when the text does not tell which."""

    bearers: tuple[Entity, ...]
    span: tuple[int, int]

    @property
    def entity(self) -> Entity | None:
        """Who is meant, if that is certain."""
        return self.bearers[0] if len(self.bearers) == 1 else None


def names_in(text: str, entities: Sequence[Entity], *, kind: str) -> tuple[Named, ...]:
    """The known names of a kind in a text, longest first where they overlap, in order."""
    keys = _keys(tuple(entity for entity in entities if entity.kind == kind))
    longest = max(map(len, keys), default=0)
    return tuple(_scan(folded(text), keys, longest))


def _scan(text: str, keys: Mapping[Key, tuple[Entity, ...]], longest: int) -> Iterator[Named]:
    found = list(_WORD.finditer(text))
    words = [_bare(match.group()) for match in found]
    at = 0
    while at < len(words):
        sizes = range(min(longest, len(words) - at), 0, -1)
        size = next((size for size in sizes if tuple(words[at : at + size]) in keys), 0)
        if size:
            last = found[at + size - 1]
            end = last.end() - 2 if last.group().endswith("'s") else last.end()
            yield Named(keys[tuple(words[at : at + size])], (found[at].start(), end))
        at += size or 1


@lru_cache(maxsize=256)
def _keys(entities: tuple[Entity, ...]) -> Mapping[Key, tuple[Entity, ...]]:
    """What may stand for whom, in lower-case words; a whole name always wins over a part of another."""
    whole: defaultdict[Key, dict[Entity, None]] = defaultdict(dict)
    part: defaultdict[Key, dict[Entity, None]] = defaultdict(dict)
    for entity in entities:
        for name in (entity.name, *entity.aliases):
            words = tuple(_bare(word) for word in _WORD.findall(folded(name)))
            if words:
                whole[words][entity] = None
            for word in words if len(words) > 1 else ():
                if len(word) >= SHORTEST_PART and word not in _LEGAL_FORMS and word not in ordinary_words():
                    part[(word,)][entity] = None
    return {key: tuple(bearers) for key, bearers in (part | whole).items()}


def _bare(word: str) -> str:
    return word.casefold().removesuffix("'s")
