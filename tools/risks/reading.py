"""Reading a principal's book: the records of the CRM, and the calls with customers that it may read."""

import asyncio
from collections import OrderedDict
from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import date
from typing import Protocol

from core.identity import EVERYONE, Principal
from memory.crm.base import Crm
from memory.crm.records import Account, Activity, CompanyFigure, Deal, StageChange
from memory.documents import Entry
from memory.transcripts.model import Transcript
from models.entities import Entity
from tools.risks.accounts import AccountNames
from tools.risks.book import Book
from tools.risks.hearing import Heard, hear

REMEMBERED = 1000
"""Versions of calls; what was said on one does not change."""


class Calls(Protocol):
    """The documents a principal may read."""

    async def catalogue(self, principal: Principal) -> Sequence[Entry]: ...

    async def transcript(self, document: str, principal: Principal, version: str | None = None) -> Transcript: ...


class Books:
    """Reads books. `entities` are the known names: other spellings of accounts, and competitors."""

    def __init__(self, crm: Crm, calls: Calls, entities: Sequence[Entity] = ()) -> None:
        self._crm, self._calls = crm, calls
        self._entities = entities
        self._competitors = [entity for entity in entities if entity.kind == "competitor"]
        self._heard: OrderedDict[tuple[str, ...], Heard | None] = OrderedDict()

    async def read(self, principal: Principal, today: date, *, open_to_all: bool = False) -> Book:
        """What the principal may read; with `open_to_all` only the calls that everybody of its clearance may."""
        book = await self.records(principal, today)
        figures = await self._crm.find(CompanyFigure, principal)
        calls = await self._with_customers(principal, book.accounts, open_to_all=open_to_all)
        return replace(book, figures=figures, calls=calls)

    async def open_to_all(self, principal: Principal) -> frozenset[str]:
        """The calls that the principal may read and that are narrowed to nobody, by id."""
        return frozenset(one.id for one in await self._calls.catalogue(principal) if EVERYONE in one.readers)

    async def records(self, principal: Principal, today: date) -> Book:
        """What the CRM alone tells the principal, without calls and imported figures."""
        find = self._crm.find
        return Book(
            today=today,
            accounts=await find(Account, principal),
            deals=await find(Deal, principal),
            activities=await find(Activity, principal),
            changes=await find(StageChange, principal),
        )

    async def _with_customers(
        self, principal: Principal, accounts: Iterable[Account], *, open_to_all: bool
    ) -> list[Heard]:
        named = AccountNames(accounts, self._entities)
        entries = [one for one in await self._calls.catalogue(principal) if not open_to_all or EVERYONE in one.readers]
        heard = [await self._hear(entry, named, principal) for entry in entries]
        return [one for one in heard if one is not None]

    async def _hear(self, entry: Entry, accounts: AccountNames, principal: Principal) -> Heard | None:
        name = accounts.of(entry)
        if name is None:
            return None
        key = (principal.tenant, entry.id, entry.version, str(entry.label), name)
        if key not in self._heard:
            call = await self._calls.transcript(entry.id, principal, entry.version)
            self._heard[key] = await asyncio.to_thread(
                hear, call, account=name, label=entry.label, competitors=self._competitors
            )
            while len(self._heard) > REMEMBERED:
                self._heard.popitem(last=False)
        return self._heard[key]
