"""People of the customer whom the CRM does not know yet: those who speak on a call, or are named there with their title."""

import re
from collections.abc import Iterator, Sequence

from memory.crm.records import Contact
from models.evidence import Source
from tools.calls.speech import BUYER
from tools.crm.changes.talk import role_of, text_of
from tools.risks.hearing import Heard

_NAME = r"(?P<name>[A-Z][a-z]+(?:-[A-Z][a-z]+)? (?:[A-Z]\. )?[A-Z][a-z]+(?:-[A-Z][a-z]+)?)"
_TITLE = (
    r"(?P<title>(?:[Cc]hief [a-z A-Z]{3,20} [Oo]fficer|C[EFIOT]O|CISO|CMO|CRO|VP(?: of)?(?: [A-Za-z]+){0,2}|[Vv]ice [Pp]resident(?: of)?(?: [A-Za-z]+){0,2}"
    r"|(?:[Hh]ead|[Dd]irector) of(?: [A-Za-z]+){1,2}|(?:[a-zA-Z]+ ){0,2}(?:director|manager|controller|counsel|lead|officer)))"
)
_NAMED = (
    re.compile(rf"\b(?i:our|my) (?:new )?{_TITLE},? {_NAME}\b"),
    re.compile(rf"\b{_NAME},? (?:is |she's |he's |who's )?(?i:our|my) (?:new )?{_TITLE}\b"),
)
LONG = 5
"""So many letters that two first names share are one name in two spellings, where only the last letter differs."""
_FORMER = re.compile(r"\b(?:old|former|ex|previous|last|late)\b", re.IGNORECASE)
_NOBODY = re.compile(r"\bunknown\b|\bspeaker\b|@|\d", re.IGNORECASE)


def spoken_with(call: Heard, known: Sequence[Contact]) -> Iterator[tuple[str, str | None, Source]]:
    """Name, title and first words of each person of the customer on the call who is no contact."""
    for person in call.people:
        first = next((said for said in call.said if said.utterances[0].speaker == person.name), None)
        if first and _is_whole(person.name) and not is_known(person.name, known):
            yield person.name, person.title, first


def named_on(call: Heard, known: Sequence[Contact], ours: frozenset[str]) -> Iterator[tuple[str, str | None, Source]]:
    """Name, title and words of each person whom the customer names with a title, who is no contact and none of ours."""
    for said in call.said:
        if role_of(said) != BUYER:
            continue
        for pattern in _NAMED:
            for match in pattern.finditer(text_of(said)):
                name = match["name"]
                if _FORMER.search(match.group()):
                    continue
                if name.casefold() not in ours and not is_known(name, known):
                    yield name, match["title"].strip(), said


def is_known(name: str, known: Sequence[Contact]) -> bool:
    """Whether a contact has the name, or one that may be short for it: same last name, and one first name
    begins the other, or they are long and differ in the last letter only.
    """
    return any(_alike(name, contact.name) for contact in known)


def _alike(one: str, other: str) -> bool:
    first, second = one.casefold().split(), other.casefold().split()
    if not first or not second or first[-1] != second[-1]:
        return False
    short, long_ = sorted((first[0], second[0]), key=len)
    spelled = len(short) == len(long_) > LONG and short[:-1] == long_[:-1]
    return long_.startswith(short) or spelled


def _is_whole(name: str) -> bool:
    return len(name.split()) > 1 and not _NOBODY.search(name)
