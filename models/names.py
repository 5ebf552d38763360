"""Which words of a sentence are names: capitalised where grammar does not ask for it, or known, or no ordinary word."""

import re
from collections.abc import Iterable, Iterator
from functools import cache, lru_cache
from importlib.resources import files

from snowballstemmer import stemmer

from models.claims import folded
from models.language import Brief, Entity

_WORD = re.compile(r"[^\W\d_][^\W_]*(?:'[^\W\d_]+)*")
_STARTS = re.compile(r"(?:^|[.!?:;]|\n)[\s\"'(*#>-]*$")
_ALWAYS_CAPITAL = frozenset({"i", "ok", "okay", "crm", "am", "pm", "mr", "mrs", "ms", "dr", "q&a", "faq"})


@cache
def ordinary_words() -> frozenset[str]:
    """English words that a sentence may begin with and that name nobody (models/ordinary_words.txt)."""
    return frozenset((files("models") / "ordinary_words.txt").read_text(encoding="utf-8").split())


@cache
def _ordinary_stems() -> frozenset[str]:
    return frozenset(stem(word) for word in ordinary_words())


@lru_cache(maxsize=4096)
def stem(word: str) -> str:
    """The part of a lower-case English word that its forms share."""
    return str(stemmer("english").stemWord(word))


def named(text: str, brief: Brief, entities: Iterable[Entity] = ()) -> Iterator[str]:
    """The names of a folded sentence whose quotations are blanked out, without possessive endings.

    Inside a sentence every capitalised word is a name, the headings of the brief apart. At a start it is one if it
    belongs to a known entity or speaker, or if it is no ordinary word: no form of one in the list, and nowhere in lower
    case in the brief.
    """
    known = _known(brief, entities)
    common = _lower_case(brief)
    headings = {word.casefold() for part in brief.parts for word in _WORD.findall(part.heading)}
    for match in _WORD.finditer(text):
        word = match.group()
        if not word[0].isupper():
            continue
        plain = _bare(word)
        lower = plain.casefold()
        if lower in _ALWAYS_CAPITAL or lower in headings or lower.split("'")[0] in _ALWAYS_CAPITAL:
            continue
        if _STARTS.search(text, 0, match.start()) and lower not in known and _is_ordinary(plain, common):
            continue
        yield plain


def _bare(word: str) -> str:
    """Without a possessive ending, and without the plural one of an abbreviation: `SKUs` is `SKU`."""
    word = word.removesuffix("'s")
    return word[:-1] if len(word) > 2 and word.endswith("s") and word[:-1].isupper() else word


def _is_ordinary(word: str, common: frozenset[str]) -> bool:
    if not word[1:].islower() and len(word) > 1 and "'" not in word:
        return False
    lower = word.casefold()
    root = lower.split("'")[0]
    return lower in common or root in ordinary_words() or stem(root) in _ordinary_stems()


def _known(brief: Brief, entities: Iterable[Entity]) -> frozenset[str]:
    """Words of known names, those that are also everyday words (Will, May) apart."""
    names = [name for entity in entities for name in (entity.name, *entity.aliases)]
    names += [said.speaker for source in brief.sources for said in source.utterances]
    parts = {word.casefold() for name in names for word in _WORD.findall(folded(name))}
    return frozenset(parts) - ordinary_words()


def _lower_case(brief: Brief) -> frozenset[str]:
    """Words that stand in lower case somewhere in the brief's sources."""
    texts = (said.text for source in brief.sources for said in source.utterances)
    return frozenset(word for text in texts for word in _WORD.findall(folded(text)) if word.islower())
