"""Where competitors are named: whole words of a gazetteer, in any case and under any known spelling."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache

from models.entities import Entity


@dataclass(frozen=True, slots=True)
class Named:
    """A name of the gazetteer at a range of the text; `written` is how it stands there."""

    name: str
    written: str
    span: tuple[int, int]


class Gazetteer:
    """Known names and their aliases, found in one pass over a text; the longest spelling wins."""

    def __init__(self, entities: Sequence[Entity]) -> None:
        self._names, self._pattern = _compiled(tuple(entities))

    def named(self, text: str) -> Iterator[Named]:
        """Every mention, never inside another word: "Acme's" and "Acme," are, "Acmeville" and "non-Acme" are not."""
        for match in self._pattern.finditer(text) if self._pattern else ():
            yield Named(self._names[_folded(match.group())], match.group(), match.span())


@lru_cache(maxsize=64)
def _compiled(entities: tuple[Entity, ...]) -> tuple[Mapping[str, str], re.Pattern[str] | None]:
    """Each spelling's name, and what finds them all; kept, because the same names are looked for in every question."""
    names = {_folded(spelling): entity.name for entity in entities for spelling in (entity.name, *entity.aliases)}
    spellings = "|".join(_pattern(spelling) for spelling in sorted(names, key=len, reverse=True))
    return names, re.compile(rf"(?<![\w-])(?:{spellings})(?![\w-])", re.IGNORECASE) if spellings else None


def _folded(spelling: str) -> str:
    return " ".join(spelling.replace("-", " ").split()).casefold()


def _pattern(spelling: str) -> str:
    """Words may be joined by a space or a hyphen, however many the transcriber wrote."""
    return r"[\s-]+".join(re.escape(word) for word in spelling.split())
