"""Quotations held against what was said, and decisions against what a reader may read now."""

from collections.abc import Collection, Iterable, Mapping
from typing import Protocol

from core.errors import InvalidInputError
from core.identity import Principal
from memory.crm.citable import SHELVED
from memory.crm.notes import PREFIX as NOTES
from memory.decisions.history import Kept
from memory.decisions.model import Evidence
from memory.decisions.told import CHAT
from memory.transcripts.model import Transcript

ONE_VERSION = (NOTES, *SHELVED)
"""Texts that keep no earlier wording: whoever may read the present one may read what was quoted of an earlier one."""


class Words(Protocol):
    """What was said, under the access of now."""

    async def transcript(self, document: str, principal: Principal, version: str | None = None) -> Transcript: ...

    async def readable(self, ids: Collection[str], principal: Principal) -> dict[str, set[str]]: ...


async def check_quotations(quoted: Iterable[Evidence], words: Words, principal: Principal) -> None:
    """InvalidInputError for a quotation that does not stand in the turns it names; NotFoundError for an unknown call."""
    for one in quoted:
        check_quotation(one, await words.transcript(one.document, principal, one.content_hash))


def check_quotation(evidence: Evidence, call: Transcript) -> None:
    """InvalidInputError unless the quotation is said, word for word, in one of the turns."""
    first, last = evidence.turns
    if not 0 <= first <= last < len(call.turns):
        raise InvalidInputError(f"Turns {first} to {last}: the call {call.id!r} has turns 0 to {len(call.turns) - 1}")
    quote = _plain(evidence.quote)
    if not quote or not any(quote in _plain(turn.text) for turn in call.turns[first : last + 1]):
        raise InvalidInputError(
            f"{evidence.quote!r} is not said in turns {first} to {last} of {call.id!r}: quote the call's own words"
        )


async def readable_only(found: Mapping[str, Kept], words: Words, principal: Principal) -> dict[str, Kept]:
    """Those that quote nothing but what the principal may read now; a successor that he may not see is not named.

    A message is its writer's alone, but the words of it that he confirmed as a decision belong to the decision.
    """
    quoted = {one.document for kept in found.values() for one in _of_others(kept)}
    if not quoted:
        return dict(found)
    readable = await words.readable(quoted, principal)
    return {
        id_: kept
        for id_, kept in found.items()
        if all(_may_be_read(one, readable.get(one.document, set())) for one in _of_others(kept))
    }


def _may_be_read(quoted: Evidence, versions: Collection[str]) -> bool:
    return bool(versions) if quoted.document.startswith(ONE_VERSION) else quoted.content_hash in versions


def _of_others(kept: Kept) -> list[Evidence]:
    return [one for one in kept.decision.quoted if not one.document.startswith(CHAT)]


def _plain(text: str) -> str:
    return " ".join(text.replace("’", "'").replace("“", '"').replace("”", '"').split()).casefold()
