"""Deals, accounts and contacts of the CRM as texts that can be cited, opened and held against rights."""

from collections.abc import Collection
from dataclasses import fields
from datetime import date, datetime
from decimal import Decimal

from core.errors import NotFoundError
from core.identity import Principal
from memory.crm.base import Crm
from memory.crm.records import Account, Contact, Deal, Record
from memory.crm.values import NAMES, plain
from memory.transcripts.model import Speaker, Transcript, Turn

SHELVED: dict[str, type[Record]] = {f"crm:{NAMES[kind]}:": kind for kind in (Deal, Account, Contact)}
"""The kinds of record that can be cited, by what the ids of their texts begin with."""
HOLDER = Speaker("crm", "CRM")
FIRST = (
    "id", "name", "title", "email", "phone", "stage", "amount", "expected", "next_step", "owner", "competitor", "lost_reason"
)  # fmt: skip
"""What is mostly asked for stands together at the beginning, so that one short passage holds it."""
UNTOLD = frozenset({"tenant", "label", "source", "account", "parent", "currency"})
"""Ids of other records are no words; a currency stands with its amount."""
JOINERS = "\u200c\u200d"
"""Unseen characters that some scripts are written with."""
WORDS = {"expected": "close date", "modified": "last change"}


def called(field: str) -> str:
    """A field as people say it: "close date", "next step"."""
    return WORDS.get(field, field.replace("_", " "))


def titled(record: Record) -> str:
    """What people call the record, on one line: its name, or its id where it has none."""
    return _plain(getattr(record, "name", None) or "") or record.id


def as_text(record: Record) -> Transcript:
    """The record as a text of one turn a field that is filled in, `Stage: Contract Sent`; `Turn.topic` is the field's name.

    The title says where it was read. Its version changes with what it says.
    """
    line = f", line {record.source.line}" if record.source.line else ""
    told = {name: words for name in _names(record) if (words := _words(record, name))}
    lines = [(name, f"{called(name).capitalize()}: {words}") for name, words in told.items()]
    return Transcript(
        id=f"crm:{NAMES[type(record)]}:{record.id}",
        title=f"{titled(record)} ({_plain(record.source.file) or 'CRM'}{line})",
        speakers=(HOLDER,),
        turns=tuple(Turn(place, HOLDER.id, said, topic=name) for place, (name, said) in enumerate(lines)),
        held=getattr(record, "modified", None),
    )


class CitableRecords:
    """The CRM's records as a shelf. It keeps no earlier wording: a citation of a record that changed opens nothing."""

    def __init__(self, crm: Crm) -> None:
        self._crm = crm

    async def readable(self, ids: Collection[str], principal: Principal) -> dict[str, set[str]]:
        """The version of each of these records that the principal may read now."""
        return {id_: {version} for id_, version in (await self.live(ids, principal)).items()}

    async def live(self, ids: Collection[str], principal: Principal) -> dict[str, str]:
        """The present version of each of these records that the principal may read."""
        return {text.id: text.content_hash for text in await self._texts(ids, principal)}

    async def transcript(self, document: str, principal: Principal, version: str | None = None) -> Transcript:
        """The record; NotFoundError for one that there is not, that may not be read, or that reads otherwise by now."""
        found = await self._texts([document], principal)
        if not found or version not in (None, found[0].content_hash):
            raise NotFoundError(f"No document {document!r}: the CRM holds no such record, or it reads otherwise by now")
        return found[0]

    async def _texts(self, ids: Collection[str], principal: Principal) -> list[Transcript]:
        """One query a kind of which there are ids."""
        found: list[Transcript] = []
        for prefix, kind in SHELVED.items():
            wanted = [id_.removeprefix(prefix) for id_ in ids if id_.startswith(prefix)]
            records = await self._crm.find(kind, principal, wanted) if wanted else []
            found += map(as_text, records)
        return found


def _names(record: Record) -> list[str]:
    names = [field.name for field in fields(record) if field.name not in UNTOLD]
    return sorted(names, key=lambda name: FIRST.index(name) if name in FIRST else len(FIRST))


def _words(record: Record, name: str) -> str:
    """The value of a field in words, `30 April 2026` or `66,600 USD`; empty where there is none."""
    value = getattr(record, name)
    if isinstance(value, datetime | date):
        return f"{value.day} {value:%B %Y}"
    if isinstance(value, Decimal):
        shown = f"{value.normalize():,f}"
        return _plain(f"{shown} {getattr(record, 'currency', None) or ''}")
    return _plain("" if value is None else str(plain(value)))


def _plain(text: str) -> str:
    """The text on one line, without what cannot be seen and turns or hides what stands beside it."""
    return " ".join("".join(one for one in text if one.isprintable() or one.isspace() or one in JOINERS).split())
