"""Which words of a sentence are names: capitalised where grammar does not ask for it, or known, or no ordinary word."""

import re
from collections.abc import Iterable, Iterator
from functools import cache, lru_cache
from importlib.resources import files

from snowballstemmer import stemmer

from models.claims import folded
from models.entities import Entity
from models.language import Brief

_WORD = re.compile(r"(?:(?<![^\W_])\d+)?[^\W\d_][^\W_]*(?:'[^\W\d_]+)*")
_DIGITS = "0123456789"
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
    case in the brief. A word in lower case is one if it is known and not ordinary.
    """
    headings = {word.casefold() for part in brief.parts for word in _WORD.findall(part.heading)}
    for match in _WORD.finditer(text):
        word = _bare(match.group())
        lower = word.casefold()
        if lower in headings or lower.split("'")[0] in _ALWAYS_CAPITAL:
            continue
        capital = word.lstrip(_DIGITS)[:1].isupper()
        if (
            (capital and not _STARTS.search(text, 0, match.start()))
            or (capital and not _is_ordinary(word, brief))
            or (not _in_list(lower) and _is_known(lower, brief, entities))
        ):
            yield word


def _bare(word: str) -> str:
    """Without a possessive ending, and without the plural one of an abbreviation: `SKUs` is `SKU`."""
    word = word.removesuffix("'s")
    return word[:-1] if len(word) > 2 and word.endswith("s") and word[:-1].isupper() else word


def _is_ordinary(word: str, brief: Brief) -> bool:
    if not word[1:].islower() and len(word) > 1 and "'" not in word:
        return False
    lower = word.casefold()
    if _in_list(lower):
        return True
    alone = re.compile(rf"(?<!\w){re.escape(lower)}(?!\w)")
    told = (folded(said.text) for source in brief.sources for said in source.utterances)
    return any(lower in text and alone.search(text) for text in told)


def _in_list(lower: str) -> bool:
    root = lower.split("'")[0]
    return root in ordinary_words() or stem(root) in _ordinary_stems()


def _is_known(lower: str, brief: Brief, entities: Iterable[Entity]) -> bool:
    """Whether the word belongs to a known name; the names are many, so most are passed over by a look at their letters."""
    spellings = (name for entity in entities for name in (entity.name, *entity.aliases))
    speakers = (said.speaker for source in brief.sources for said in source.utterances)
    return any(
        lower in name.casefold() and lower in _WORD.findall(folded(name).casefold())
        for names in (spellings, speakers)
        for name in names
    )
