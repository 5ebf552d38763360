"""Characters that show other words than a program reads: unseen ones, letters that look like others, digits in disguise."""

import re
import unicodedata
from collections.abc import Iterator

_UNSEEN = frozenset({"Cc", "Cf", "Co", "Cs", "Zl", "Zp"})
_WORD = re.compile(r"\w+")
#: Scripts whose letters pass for one another: a word of two of them is none.
_ALIKE = frozenset({"LATIN", "CYRILLIC", "GREEK", "ARMENIAN", "CHEROKEE", "COPTIC"})
_NEIGHBOURS = 2


def disguised(text: str, cited: list[str]) -> str | None:
    """What the text disguises and the cited words do not have: an unseen character, or a word in foreign letters.

    An unseen character or an added accent stands if it has the same neighbours in cited words. A word stands if it
    stands in them as it is, or is of one script that is theirs or Latin.
    """
    for at, one in enumerate(text):
        if _is_unseen(one) and not any(_around(text, at) in words for words in cited):
            return f"U+{ord(one):04X}"
    theirs = {script for words in cited for script in _scripts(words)} | {"LATIN"}
    known = {word for words in cited for word in _WORD.findall(words.casefold())}
    for word in map(str, _WORD.findall(text)):
        scripts = set(_scripts(word))
        if word.casefold() not in known and (len(scripts & _ALIKE) > 1 or not scripts <= theirs):
            return word
    return None


def _is_unseen(one: str) -> bool:
    return unicodedata.category(one) in _UNSEEN or (unicodedata.combining(one) > 0 and _script(one) == "COMBINING")


def _around(text: str, at: int) -> str:
    """The character with its neighbours, as far as these are words."""
    before = re.split(r"[\"']", text[max(at - _NEIGHBOURS, 0) : at])[-1]
    after = re.split(r"[\"']", text[at + 1 : at + 1 + _NEIGHBOURS])[0]
    return f"{before}{text[at]}{after}"


def _scripts(text: str) -> Iterator[str]:
    """The scripts of its letters and digits, plain digits and underscores apart."""
    return (_script(one) for one in text if one.isalnum() and not (one.isascii() and one.isdigit()))


def _script(one: str) -> str:
    return unicodedata.name(one, "UNKNOWN").split(" ")[0]
