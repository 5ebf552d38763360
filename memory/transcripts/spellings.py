"""One person under several names: proposed by their spelling, made one only by a person who says so.

    Anna Meyer · MEYER, Anna · Anná Meyer      the same words, in any order
    Anna Meyer · A. Meyer · Anna M.            a word and its first letter
    Anna Meyer · Anna                          a first name that nobody else has
    Anna Meyer · anna.meyer@castellan.example  an address
    Anna Meyer · Anna Meier                    one letter more, less or other in a word of five letters or more

People whose roles or users differ are never proposed. The confirmation is kept with the conversation, and holds when its
file is ingested again.
"""

import contextlib
import json
import re
import unicodedata
from collections import Counter
from collections.abc import Collection, Iterable, Sequence
from dataclasses import replace
from itertools import combinations

from core.errors import InvalidInputError, NotFoundError
from memory.transcripts.model import Properties, Speaker, Transcript

CONFIRMED = "one speaker"
"""The property of a conversation that keeps a confirmation: a JSON list of names, the one that stays first."""
MOST_COMPARED = 300
SHORTEST_MISSPELT = 5

_WORD = re.compile(r"[^\W_]+")
_ADDRESS = re.compile(r"([^\s@]+)@\S+\.\S+")

Words = tuple[str, ...]


def alike(speakers: Sequence[Speaker]) -> tuple[tuple[Speaker, ...], ...]:
    """Groups of speakers that may be one person each, in the order of the speakers; none among more than 300."""
    if len(speakers) > MOST_COMPARED:
        return ()
    words = {speaker.id: _words(speaker.name) for speaker in speakers}
    firsts = Counter(own[0] for own in set(words.values()) if own)
    group = {speaker.id: [speaker] for speaker in speakers}
    for one, other in combinations(speakers, 2):
        if group[one.id] is group[other.id] or not _may_be_one(one, other):
            continue
        if _spelt_alike(words[one.id], words[other.id], firsts):
            group[one.id].extend(group[other.id])
            group.update({speaker.id: group[one.id] for speaker in group[other.id]})
    groups = {id(found): found for found in group.values() if len(found) > 1}
    return tuple(tuple(one for one in speakers if one in found) for found in groups.values())


def as_one(transcript: Transcript, names: Collection[str], name: str) -> Transcript:
    """The conversation with the speakers of these names as the one called `name`, who is one of its speakers.

    Turns stay as they are. NotFoundError for a name that nobody has; InvalidInputError for a seller and a buyer, and
    where only one person is named.
    """
    wanted = list(dict.fromkeys([name, *names]))
    known = list(dict.fromkeys(speaker.name for speaker in transcript.speakers))
    for one in wanted:
        if one not in known:
            others = ", ".join(map(repr, known))
            raise NotFoundError(f"Nobody in {transcript.id!r} is called {one!r}: its speakers are {others}")
    people = [speaker for one in wanted for speaker in transcript.speakers if speaker.name == one]
    if len(people) == 1:
        raise InvalidInputError(f"{name!r} is one speaker already: name another spelling")
    roles = {one.role for one in people if one.role}
    if len(roles) > 1:
        raise InvalidInputError(f"{wanted} are on both sides, seller and buyer: they cannot be one person")
    return _joined(transcript, people, json.dumps(wanted, ensure_ascii=False))


def confirmed_again(transcript: Transcript, before: Properties) -> Transcript:
    """The conversation with what the properties of an earlier version of it confirm, as far as the speakers are there."""
    for confirmation in (value for name, value in before if name == CONFIRMED):
        there = {speaker.name for speaker in transcript.speakers}
        name, *others = json.loads(confirmation)
        still = [other for other in others if other in there]
        if name in there and still:
            with contextlib.suppress(InvalidInputError):  # the new version has them on both sides
                transcript = as_one(transcript, still, name)
    return transcript


def proposals(transcript: Transcript) -> tuple[tuple[str, ...], ...]:
    """The names that may be one person's, a group each."""
    return tuple(tuple(one.name for one in group) for group in alike(transcript.speakers))


def _joined(transcript: Transcript, people: Sequence[Speaker], confirmation: str) -> Transcript:
    kept, *others = people
    ids = {other.id for other in others}
    whole = replace(
        kept,
        role=next((one.role for one in people if one.role), None),
        title=next((one.title for one in people if one.title), None),
        user=next((one.user for one in people if one.user), None),
    )
    return replace(
        transcript,
        speakers=tuple(whole if one is kept else one for one in transcript.speakers if one.id not in ids),
        turns=tuple(replace(turn, speaker=kept.id) if turn.speaker in ids else turn for turn in transcript.turns),
        properties=(*transcript.properties, (CONFIRMED, confirmation)),
    )


def _words(name: str) -> Words:
    """The words of a name without case and accents; the part before the @ of an address."""
    address = _ADDRESS.fullmatch(name)
    letters = unicodedata.normalize("NFKD", address[1] if address else name)
    plain = "".join(letter for letter in letters if not unicodedata.combining(letter))
    return tuple(_WORD.findall(plain.casefold()))


def _may_be_one(one: Speaker, other: Speaker) -> bool:
    return all(len({mine, theirs} - {None}) < 2 for mine, theirs in ((one.role, other.role), (one.user, other.user)))


def _spelt_alike(one: Words, other: Words, firsts: Counter[str]) -> bool:
    if not one or not other:
        return False
    if sorted(one) == sorted(other) or "".join(one) == "".join(other):
        return True
    short, long = sorted((one, other), key=len)
    if len(short) == 1:
        return short[0] == long[0] and len(long) > 1 and firsts[short[0]] == 2
    if len(short) < len(long):
        return set(short) < set(long) and not (set(long) - set(short)) & set(map(str, range(100)))
    return _shortened(one, other) or _misspelt(one, other)


def _shortened(one: Words, other: Words) -> bool:
    """Whether each word is the other's, or its first letter, and at least one whole word is the same."""
    pairs = list(zip(one, other, strict=True))
    fits = all(a == b or (1 in (len(a), len(b)) and a[0] == b[0]) for a, b in pairs)
    return fits and any(a == b and len(a) > 1 for a, b in pairs)


def _misspelt(one: Words, other: Words) -> bool:
    apart = [(a, b) for a, b in zip(one, other, strict=True) if a != b]
    return len(apart) == 1 and min(map(len, apart[0])) >= SHORTEST_MISSPELT and _one_edit(*apart[0])


def _one_edit(one: str, other: str) -> bool:
    """Whether one letter put in, left out or replaced makes one word of the other."""
    short, long = sorted((one, other), key=len)
    if len(long) - len(short) > 1:
        return False
    place = next((at for at, letter in enumerate(short) if letter != long[at]), len(short))
    return short[place + (len(short) == len(long)) :] == long[place + 1 :]


def one_person(groups: Iterable[Sequence[str]], document: str) -> str | None:
    """What to tell whoever ingested the conversation; None where every speaker is told apart."""
    found = "; ".join(" and ".join(repr(name) for name in names) for names in groups)
    return f"{found} may be one person: see 'sophia documents speakers {document}'" if found else None
