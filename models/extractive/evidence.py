"""How well the material answers a question, as far as its likeness to the question tells."""

import re
from collections.abc import Collection, Iterator, Mapping, Sequence
from difflib import get_close_matches
from enum import Enum
from types import MappingProxyType

from models.entities import Entity
from models.evidence import Source
from models.extractive.quotes import asked_about
from models.text.number_words import MONTHS
from models.text.words import content_stems, named_speakers, stem, words

#: What the best source's similarity and a share of the coverage must reach, by embedder: cosines of two embedders do
#: not compare. Fitted on half of QMSum's meetings so that 5 % of the questions put to their own meeting are refused.
ENOUGH: Mapping[str, float] = MappingProxyType({"all-MiniLM-L6-v2": 0.465, "lexical-hashing-v1-512": 0.311})
COVERAGE = 0.25
#: The share of what is enough from which on the nearest words are worth a look: below it they are about something else.
NEARBY = 0.7

#: A word written as a name: with one capital, and not where a sentence begins. Initials ("the CFO") name a kind of thing.
_NAME = re.compile(r"(?<=[\w,;:] )[^\W\d_a-z][^\W\d_A-Z]+\b")
_DAYS = frozenset({"monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"})
#: Known by more than their name's being said on a call.
_PEOPLE = frozenset({"account", "rep", "person"})
#: How alike two spellings of one name are, which a transcript may have misheard.
_ALIKE = 0.8


def enough_for(embedder: str) -> float:
    """The evidence asked for where this embedder gave the similarities; of one not fitted yet, the least of all."""
    return ENOUGH.get(embedder.split("@")[0], min(ENOUGH.values()))


class Evidence(Enum):
    """What sources are good for: nothing, to be shown as what comes nearest, or to answer."""

    NONE = 0
    NEAR = 1
    ENOUGH = 2


def evidence(question: str, sources: Sequence[Source], *, enough: float, entities: Sequence[Entity] = ()) -> Evidence:
    """How good the sources are: how near to the question, and none where they lack a name that it has.

    A source that was found carries its similarity to the question as its score. Sources without scores were picked by
    other means than search, and are taken as they are.
    """
    if not sources:
        return Evidence.NONE
    nearest = max(source.score for source in sources)
    if nearest <= 0:
        return Evidence.ENOUGH
    found = nearest + COVERAGE * coverage(question, sources)
    if found < NEARBY * enough or unheard(question, sources, entities):
        return Evidence.NONE
    return Evidence.ENOUGH if found >= enough else Evidence.NEAR


def coverage(question: str, sources: Sequence[Source]) -> float:
    """The largest share of what is asked that one source mentions, 0 to 1; names in titles are not asked for."""
    speakers = {said.speaker for source in sources for said in source.utterances}
    asked = asked_about(question, named_speakers(question, speakers), (source.title for source in sources))
    return max((len(asked & frozenset(content_stems(source.text))) / len(asked) for source in sources), default=0.0)


def unheard(question: str, sources: Sequence[Source], entities: Sequence[Entity] = ()) -> list[str]:
    """The names in a question that no source has in any spelling: what was said about them, the material cannot tell.

    Accounts and people that are known are left out, because their calls may never say their name.
    """
    named = list(_names(question, entities))
    if not named:
        return []
    told = " ".join(f"{source.title} {source.text}" for source in sources).casefold()
    heard = frozenset(words(told))
    heard_stems, run_together = frozenset(map(stem, heard)), re.sub(r"\W", "", told)
    return [
        name
        for name in named
        if stem(name) not in heard_stems
        and not any(spelling in run_together for spelling in _spellings(name, entities))
        and not get_close_matches(name, heard, 1, _ALIKE)
    ]


def _names(question: str, entities: Sequence[Entity]) -> Iterator[str]:
    known = {word for entity in entities if entity.kind in _PEOPLE for name in _of(entity) for word in words(name)}
    for match in _NAME.finditer(question):
        name = match.group().casefold()
        if name not in known and name not in MONTHS and name not in _DAYS:
            yield name


def _spellings(name: str, entities: Sequence[Entity]) -> Collection[str]:
    """The name, and each other way to write whom it belongs to, run together."""
    others = (other for entity in entities if name in words(" ".join(_of(entity))) for other in _of(entity))
    return {name, *(re.sub(r"\W", "", other.casefold()) for other in others)}


def _of(entity: Entity) -> tuple[str, ...]:
    return (entity.name, *entity.aliases)
