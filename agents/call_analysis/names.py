"""Whom a question names: accounts and people, by name or by title, and the question without the accounts' names."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from models.entities import Entity
from tools.calls.competitors import Gazetteer
from tools.servers.call_results import CallSummary, Person

SELLER = "seller"
_POSSESSIVE = re.compile(r"['’]s?(?![^\W_])")
_SMALL = frozenset({"of", "the", "and", "for", "in", "at"})


@dataclass(frozen=True, slots=True)
class Names:
    """The accounts and people of a question, by their proper names.

    `spans` are the accounts' places in it, `said` the words by which people are named ("Dale", "COO").
    """

    accounts: tuple[str, ...]
    people: tuple[str, ...]
    spans: tuple[tuple[int, int], ...]
    said: tuple[str, ...]


def named(question: str, entities: Sequence[Entity], calls: Sequence[CallSummary]) -> Names:
    """The known names in a question; people are those who speak on the calls and those who are known as such."""
    found = list(Gazetteer([entity for entity in entities if entity.kind == "account"]).named(question))
    accounts = tuple(dict.fromkeys(one.name for one in found))
    known = [entity.name for entity in entities if entity.kind in ("rep", "person")]
    speaking = [person for call in calls for person in call.people if _is_name(person.name)]
    every = tuple(dict.fromkeys([*known, *(person.name for person in speaking)]))
    spelled = [(who.name, who.written) for who in _spelled(every).named(question)]
    titled = _by_title(question, [person for call in calls if _of(call, accounts) for person in call.people])
    people = dict([*spelled, *titled])
    return Names(accounts, tuple(people), tuple(one.span for one in found), tuple(people.values()))


def without(question: str, spans: Sequence[tuple[int, int]]) -> str:
    """The question with "they" and "their" for what stands at the spans."""
    for start, end in sorted(spans, reverse=True):
        owns = _POSSESSIVE.match(question, end)
        question = f"{question[:start]}{'their' if owns else 'they'}{question[owns.end() if owns else end :]}"
    return re.sub(r"\b(?:the|our)\s+(their|they)\b", r"\1", question)


def speaks(call: CallSummary, people: Sequence[str]) -> bool:
    """Whether one of the people is on the call."""
    return any(person.name in people for person in call.people)


def _of(call: CallSummary, accounts: Sequence[str]) -> bool:
    return not accounts or call.account in accounts


def _is_name(speaker: str) -> bool:
    return not re.search(r"\d|unknown", speaker, re.IGNORECASE)


def _spelled(people: Sequence[str]) -> Gazetteer:
    """Full names, and the first or last names that only one of them has; a small first letter is a word, no name."""
    parts = [part for name in people for part in {*name.split()}]
    return Gazetteer(
        [
            Entity("person", name, tuple(part for part in name.split() if parts.count(part) == 1 and len(part) > 1))
            for name in people
        ]
    )


def _by_title(question: str, people: Sequence[Person]) -> Iterator[tuple[str, str]]:
    """Buyers whose title the question says in full or in initials ("the COO"), with how it says it."""
    for person in people:
        for way in _ways_to_say(person.title) if person.title and person.role != SELLER else ():
            if re.search(rf"\b{re.escape(way)}\b", question):
                yield person.name, way


def _ways_to_say(title: str) -> tuple[str, ...]:
    initials = "".join(word[0].upper() for word in title.split() if word.lower() not in _SMALL)
    return (title, initials) if len(initials) > 2 else (title,)
