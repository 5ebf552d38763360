"""Whom a question names: accounts and people, by name or by title, and the question without the accounts' names."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from agents.call_analysis.accounts import accounts_of
from models.entities import Entity
from models.names import ordinary_words
from models.text.number_words import MONTHS
from models.text.words import QUESTION_WORDS, STOP_WORDS
from tools.calls.competitors import Gazetteer, Named
from tools.servers.call_results import CallSummary, Person

SELLER = "seller"
_NAME_LIKE = re.compile(r"(?<=[a-z0-9,)] )(?P<name>[A-Z][\w-]*[a-z][\w-]*(?: [A-Z][\w'’-]*[a-z]\w*)*)(?=\W|$)")
_OWNER = re.compile(
    r"\b(?P<name>[^\W\d_]{2,}(?:-[^\W\d_]+)?)['’]s? (?=(?:\w+[ -]){0,2}(?:talk|monologue|stor|interactiv|patien|question|ratio|figures|stat))",
    re.IGNORECASE,
)
#: Whose figures may be asked for without a name, and what is written with a capital letter although nobody is called so.
_NO_NAMES = (
    STOP_WORDS
    | QUESTION_WORDS
    | frozenset(MONTHS)
    | frozenset(
        re.findall(
            r"\S+",
            """
    rep reps seller sellers buyer buyers customer customers client clients prospect prospects caller callers speaker speakers
    team teams call calls meeting demo everyone everybody each company person people sales side week month quarter year
    today yesterday ceo coo cfo cto cio vp director owner manager monday tuesday wednesday thursday friday saturday sunday
    q1 q2 q3 q4 english gong talk ratio longest monologue patience interactivity question rate customer story
    """,
        )
    )
)
_SMALL = frozenset({"of", "the", "and", "for", "in", "at"})


@dataclass(frozen=True, slots=True)
class Names:
    """The accounts and people of a question, by their proper names.

    `calls` are the ids of the accounts' calls, `spans` the accounts' places in the question, `said` the words by which
    people are named ("Dale", "COO"), `by_call` the accounts of every call.
    """

    accounts: tuple[str, ...]
    calls: frozenset[str]
    people: tuple[str, ...]
    spans: tuple[tuple[int, int], ...]
    said: tuple[str, ...]
    by_call: Mapping[str, tuple[Entity, ...]] = field(default_factory=dict)


def named(question: str, entities: Sequence[Entity], calls: Sequence[CallSummary]) -> Names:
    """The known names in a question; people are those who speak on the calls and those who are known as such."""
    by_call = accounts_of(calls, entities)
    found = list(_accounts_in(question, entities, by_call))
    accounts = tuple(dict.fromkeys(one.name for one in found))
    theirs = frozenset(call for call, having in by_call.items() if any(one.name in accounts for one in having))
    known = [entity.name for entity in entities if entity.kind in ("rep", "person")]
    speaking = [person for call in calls for person in call.people if _is_name(person.name)]
    every = tuple(dict.fromkeys([*known, *(person.name for person in speaking)]))
    spelled = [(who.name, who.written) for who in _spelled(every).named(question)]
    titled = _by_title(
        question, [person for call in calls if not accounts or call.call in theirs for person in call.people]
    )
    people = dict([*spelled, *titled])
    return Names(accounts, theirs, tuple(people), tuple(one.span for one in found), tuple(people.values()), by_call)


def stranger(question: str, names: Names, known: Sequence[str]) -> str | None:
    """Somebody the question asks about by a name that is nobody's on the calls, as it is written; None where there is none.

    A name is capitalised within a sentence, or owns what is asked for ("zoe's talk ratio"); `known` are other names.
    """
    rest = question
    for name in sorted({*names.said, *names.people, *names.accounts, *known}, key=len, reverse=True):
        rest = re.sub(rf"(?<!\w){re.escape(name)}(?!\w)", ";", rest, flags=re.IGNORECASE)
    for start, end in names.spans:
        rest = rest.replace(question[start:end], ";")
    for match in _NAME_LIKE.finditer(rest):
        words = [word for word in match["name"].split() if word.casefold() not in _NO_NAMES]
        if words and len(words) == len(match["name"].split()):
            return re.sub(r"['’]s?$", "", " ".join(words))
    owner = _OWNER.search(rest)
    return owner["name"] if owner and owner["name"].casefold() not in _NO_NAMES else None


def speaks(call: CallSummary, people: Sequence[str]) -> bool:
    """Whether one of the people is on the call."""
    return any(person.name in people for person in call.people)


def _accounts_in(question: str, entities: Sequence[Entity], by_call: Mapping[str, Sequence[Entity]]) -> Iterator[Named]:
    """Accounts that the question names; one that only calls know must be written as a name, lest it be a word."""
    known = [entity for entity in entities if entity.kind == "account"]
    learnt = [one for having in by_call.values() for one in having if one not in known]
    shouts = _NAME_LIKE.search(question) is not None
    surely = {name.casefold() for one in known for name in (one.name, *one.aliases)}
    for one in Gazetteer([*learnt, *_in_short(known), *known]).named(question):
        if one.written.casefold() in surely or not shouts or one.written[0] != one.written[0].lower():
            yield one


def _in_short(accounts: Sequence[Entity]) -> Iterator[Entity]:
    """Accounts by the first word of their names, where no other begins with it and it is a word for nothing else."""
    firsts = [account.name.split()[0] for account in accounts]
    for account, first in zip(accounts, firsts, strict=True):
        if firsts.count(first) == 1 and len(first) > 3 and first.casefold() not in ordinary_words():
            yield Entity("account", account.name, (first,))


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
