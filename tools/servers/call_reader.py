"""The calls that a principal may read: found by id or title, by seller and by day, and what was found in them once."""

import asyncio
from collections import OrderedDict
from collections.abc import Sequence
from datetime import date
from typing import Any, Protocol

from core.errors import InvalidInputError, NotFoundError
from core.identity import Principal
from memory.documents import Entry
from memory.transcripts.model import Speaker, Transcript
from models.entities import Entity
from tools.calls.moment import Moment
from tools.calls.moments import moments
from tools.calls.speech import SELLER

CALLS_REMEMBERED = 1000
"""Versions of calls whose moments are kept: a question of all calls finds them anew for any beyond these."""


class Calls(Protocol):
    """The documents a principal may read."""

    async def catalogue(self, principal: Principal) -> Sequence[Entry]: ...

    async def transcript(self, document: str, principal: Principal, version: str | None = None) -> Transcript: ...


class CallReader:
    """Reads calls for the tools. `entities` are the known names: competitors, and accounts with their other spellings."""

    def __init__(self, calls: Calls, entities: Sequence[Entity] = ()) -> None:
        self._calls = calls
        self._accounts = [entity for entity in entities if entity.kind == "account"]
        self.competitors = tuple(entity for entity in entities if entity.kind == "competitor")
        self._found: OrderedDict[str, Sequence[Moment]] = OrderedDict()

    async def catalogue(self, principal: Principal) -> Sequence[Entry]:
        """The calls that the principal may read, latest first."""
        return await self._calls.catalogue(principal)

    async def read(self, call: str, principal: Principal, version: str | None = None) -> tuple[Entry, Transcript]:
        """The call with this id or title, in its live version unless another is asked for."""
        entry = entry_of(await self.catalogue(principal), call)
        return entry, await self._calls.transcript(entry.id, principal, version or entry.version)

    async def transcripts(self, entries: Sequence[Entry], principal: Principal) -> list[Transcript]:
        """The live versions of these calls."""
        return [await self._calls.transcript(entry.id, principal, entry.version) for entry in entries]

    async def moments(self, transcript: Transcript) -> Sequence[Moment]:
        """Every moment of the version, found once: what was said on a call does not change."""
        version = transcript.content_hash
        if version not in self._found:
            self._found[version] = await asyncio.to_thread(moments, transcript, competitors=self.competitors)
            while len(self._found) > CALLS_REMEMBERED:
                self._found.popitem(last=False)
        self._found.move_to_end(version)
        return self._found[version]

    def spellings(self, account: str) -> set[str]:
        """Every way to write the account, the given one among them, in one case."""
        given = folded(account)
        known = [{folded(name) for name in (one.name, *one.aliases)} for one in self._accounts]
        return {given}.union(*(names for names in known if given in names))


def entry_of(catalogue: Sequence[Entry], call: str) -> Entry:
    """The call with this id, or else the only one with this title. What may not be read is not in the catalogue."""
    by_id = [entry for entry in catalogue if entry.id == call]
    found = by_id or [entry for entry in catalogue if folded(entry.title) == folded(call)]
    if len(found) > 1:
        ids = ", ".join(entry.id for entry in found)
        raise InvalidInputError(f"{len(found)} calls have the title {call!r}: use one of the ids {ids}")
    if not found:
        raise NotFoundError(f"There is no call {call!r}: list_calls shows those there are")
    return found[0]


def between(entries: Sequence[Entry], since: date | None, until: date | None) -> list[Entry]:
    """The calls held in the range; those without a date only where no range is asked for."""
    if since is None and until is None:
        return list(entries)
    first, last = since or date.min, until or date.max
    return [entry for entry in entries if entry.held and first <= entry.held.date() <= last]


def of_seller(entries: Sequence[Entry], seller: Speaker) -> list[Entry]:
    """The calls on which this seller speaks."""
    return [entry for entry in entries if _key(seller) in map(_key, _sellers(entry))]


def seller_called(entries: Sequence[Entry], rep: str) -> Speaker:
    """The one seller whose user id this is, or whose name has all these words; NotFoundError, InvalidInputError for several.

    Of two of one name, of whom a source gives only one a user id, it is that one.
    """
    people = {_key(speaker): speaker for entry in entries for speaker in _sellers(entry)}
    words = set(folded(rep).split())
    found = [one for key, one in people.items() if key == rep or (words and words <= set(folded(one.name).split()))]
    exact = [one for one in found if folded(one.name) == folded(rep)]
    chosen = _with_ids(exact or found)
    names = ", ".join(sorted({one.name for one in (chosen or people.values())}))
    if not chosen:
        raise NotFoundError(f"No seller {rep!r} speaks on these calls" + (f": there are {names}" if names else ""))
    if len(chosen) > 1:
        ids = ", ".join(sorted(f"{one.name} ({one.user})" if one.user else one.name for one in chosen))
        raise InvalidInputError(f"Several sellers are called {rep!r}: name one of {ids}")
    return chosen[0]


def _with_ids(people: Sequence[Speaker]) -> list[Speaker]:
    """The people without those of whom nothing is known but the name of another."""
    known = {folded(one.name) for one in people if one.user}
    return [one for one in people if one.user or folded(one.name) not in known]


def about(entry: Entry, transcript: Transcript) -> dict[str, Any]:
    """What every result about one call begins with."""
    return {
        "label": str(entry.label),
        "document": entry.id,
        "content_hash": transcript.content_hash,
        "title": transcript.title,
        "held": transcript.held,
    }


def day_of(transcript: Transcript) -> str:
    """The day of the call as figures tell it."""
    return transcript.held.date().isoformat() if transcript.held else "undated"


def folded(name: str) -> str:
    """A name as it is compared with others."""
    return " ".join(name.split()).casefold()


def _sellers(entry: Entry) -> list[Speaker]:
    return [speaker for speaker in entry.speakers if speaker.role == SELLER]


def _key(speaker: Speaker) -> str:
    return speaker.user or folded(speaker.name)
