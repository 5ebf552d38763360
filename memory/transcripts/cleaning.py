"""How words from outside are cleaned before they are kept, and how ids are made of names.

    tabs, line breaks, separators      one space for a run of them: a turn is one line
    lone surrogates                    U+FFFD: they cannot be stored as UTF-8
    other control characters           removed
    invisible formatting               removed: Unicode's category Cf (bidirectional marks, zero-width spaces, tags), Hangul
                                       fillers and supplementary variation selectors; they make a person read other
                                       words than a program does

Joiners (U+200C, U+200D) stay, because scripts and emoji are spelled with them. Nothing else changes: no normalisation,
no folding of spaces, so that a quotation stands as it was written. Names and titles stand around quotations, and so
lose more: whatever could make them look like the end of one quotation, the start of another, or a tag of HTML.
"""

import re
from collections.abc import Collection, Iterator
from itertools import count

from memory.transcripts.faults import UnreadableError

LONGEST_ID = 200
LONGEST_NAME = 100
LONGEST_TITLE = 300

_BREAKS = re.compile("[\t\n\v\f\r\x1c-\x1f\x85\u2028\u2029]+")
_SURROGATES = re.compile("[\ud800-\udfff]")
_REMOVED = re.compile(
    "[\x00-\x08\x0e-\x1b\x7f-\x84\x86-\x9f"
    "\xad\u0600-\u0605\u061c\u06dd\u070f\u0890\u0891\u08e2\u180e\u200b\u200e\u200f\u202a-\u202e\u2060-\u206f\u3164\ufeff"
    "\ufff9-\ufffb\U000110bd\U000110cd\U00013430-\U0001343f\U0001bca0-\U0001bca3\U0001d173-\U0001d17a"
    "\U000e0000-\U000e007f\U000e0100-\U000e01ef]"
)
_QUOTES = re.compile('["\u201c\u201d\u201e\u201f\uff02«»\\[\\]]')
_TAG = re.compile(r"<(?=[A-Za-z/!?])([^<>]*)>?")
_BRACKETS = re.compile("[<>()\uff08\uff09\uff1a]")
_COLON = re.compile(r":+(?=\s|$)")
_OUTSIDE_ID = re.compile(r"[^\w.:-]+")


def clean(text: str) -> str:
    """The text on one line, without control characters, stripped of white space at both ends."""
    return _REMOVED.sub("", _SURROGATES.sub("\ufffd", _BREAKS.sub(" ", text))).strip()


def clean_name(text: str) -> str:
    """The name of a speaker, without what could forge an attribution: quotes, brackets, a colon before a space."""
    plain = _COLON.sub(" ", _BRACKETS.sub(" ", _QUOTES.sub(" ", clean(text))))
    return " ".join(plain.split())[:LONGEST_NAME].rstrip(" :")


def clean_title(text: str) -> str:
    """The title of a conversation or a person, without quotes, square brackets and what could open a tag of HTML."""
    return " ".join(_TAG.sub(r" \1 ", _QUOTES.sub(" ", clean(text))).split())[:LONGEST_TITLE].rstrip()


def numbered(wanted: str, taken: Collection[str]) -> str:
    """An id that is not taken: the wanted one, or with the first free number behind it, from 2 on."""
    made, number = wanted, 1
    while made in taken:
        number += 1
        made = f"{wanted}-{number}"
    return made


def apart(name: str, shown: Collection[str]) -> str:
    """The name under which a speaker is shown; `Anna Meyer 2` where another speaker is already shown as `Anna Meyer`."""
    made, number = name, 1
    while made in shown:
        number += 1
        made = f"{name[: LONGEST_NAME - len(str(number)) - 1]} {number}"
    return made


def unknown_speakers(names: Collection[str]) -> Iterator[str]:
    """Names for people who are nameless, none of which anybody has: `Unknown speaker 1`, `2`, …"""
    taken = {name.casefold() for name in names}
    return (f"Unknown speaker {number}" for number in count(1) if f"unknown speaker {number}" not in taken)


def unknown_speaker(names: Collection[str]) -> str:
    """A name for somebody nameless that nobody has."""
    return next(unknown_speakers(names))


def id_from_stem(stem: str, file: str) -> str:
    """A document id of a file's name without its extension: letters, digits and `_.:-` stay, other runs become `-`."""
    made = _OUTSIDE_ID.sub("-", clean(stem)).strip("-.")
    if not made or len(made) > LONGEST_ID:
        raise UnreadableError(
            file, f"its name gives no document id of 1 to {LONGEST_ID} letters and digits: rename the file"
        )
    return made
