"""How words from outside are cleaned before they are kept, and how ids are made of names.

    tabs, line breaks, separators      one space for a run of them: a turn is one line
    lone surrogates                    U+FFFD: they cannot be stored as UTF-8
    other control characters           removed
    invisible formatting               removed: bidirectional overrides, zero-width spaces, byte-order marks, tag characters;
                                       they make a person read other words than a program does

Joiners (U+200C, U+200D) stay, because scripts and emoji are spelled with them. Nothing else changes: no normalisation,
no folding of spaces, so that a quotation stands as it was written.
"""

import re

from memory.transcripts.faults import UnreadableError

LONGEST_ID = 200

_BREAKS = re.compile("[\t\n\v\f\r\x1c-\x1f\x85\u2028\u2029]+")
_SURROGATES = re.compile("[\ud800-\udfff]")
_REMOVED = re.compile(
    "[\x00-\x08\x0e-\x1b\x7f-\x84\x86-\x9f\u200b\u2060\u202a-\u202e\u2066-\u2069\ufeff\U000e0000-\U000e007f]"
)
_OUTSIDE_ID = re.compile(r"[^\w.:-]+")


def clean(text: str) -> str:
    """The text on one line, without control characters, stripped of white space at both ends."""
    return _REMOVED.sub("", _SURROGATES.sub("\ufffd", _BREAKS.sub(" ", text))).strip()


def id_from_stem(stem: str, file: str) -> str:
    """A document id of a file's name without its extension: letters, digits and `_.:-` stay, other runs become `-`."""
    made = _OUTSIDE_ID.sub("-", clean(stem)).strip("-.")
    if not made or len(made) > LONGEST_ID:
        raise UnreadableError(
            file, f"its name gives no document id of 1 to {LONGEST_ID} letters and digits: rename the file"
        )
    return made
