"""What a principal's calls and records give reason to change: for one call, one account or one deal."""

import asyncio
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Protocol

from core.errors import InvalidInputError, NotFoundError
from core.identity import Label, Principal
from core.plans import Plan
from memory.crm.base import Crm
from memory.crm.edits import Synced
from memory.crm.records import Account, Contact, Deal, Record, Rep, Status
from models.evidence import highest
from tools.crm.changes.change import Change
from tools.crm.changes.conflicts import with_conflict
from tools.crm.changes.heard import Talked, contact_changes, deal_changes
from tools.crm.changes.meant import deal_meant
from tools.crm.changes.planning import STAGE, plan_of, wanted
from tools.crm.changes.stages import pipeline_of
from tools.risks.book import Book
from tools.risks.hearing import Heard
from tools.risks.reading import Books

MOST_NAMED = 8


class Edits(Protocol):
    """What was written by edits before."""

    async def synced(self, kind: type[Record], records: Collection[str], principal: Principal) -> list[Synced]: ...


@dataclass(frozen=True, slots=True)
class Proposed:
    """The changes that calls give reason for, and why nothing is said of the rest. `calls` are those that were read."""

    changes: tuple[Change, ...]
    notes: tuple[str, ...]
    calls: tuple[str, ...]
    label: Label
    book: Book


class Proposals:
    """Proposes changes to whoever may read the calls and the records that they rest on."""

    def __init__(self, books: Books, crm: Crm, edits: Edits) -> None:
        self._books, self._crm, self._edits = books, crm, edits

    async def of_call(self, call: str, principal: Principal, today: date, deal: str | None = None) -> Proposed:
        """What this call gives reason for, where no newer one says otherwise; of a deal whose id or name is given, if one is.

        NotFoundError for a call that cannot be read, and for a deal that is not open or not with the call's account.
        """
        book = await self._books.read(principal, today)
        heard = next((one for one in book.calls if one.id == call), None)
        if heard is None:
            raise NotFoundError(
                f"No call {call!r} with a customer of the CRM that you may read: list_calls shows those there are"
            )
        with_ = _named(book, heard.account)
        chosen = _chosen(book, with_, deal)
        found = await self._of_accounts(with_, book, principal, chosen)
        mine = tuple(change for change in found.changes if change.said.quote.document == call)
        others = len(found.changes) - len(mine)
        notes = (f"{others} further changes rest on other calls with {heard.account}",) if others else ()
        return replace(found, changes=mine, notes=(*found.notes, *notes))

    async def of_account(self, account: str, principal: Principal, today: date, deal: str | None = None) -> Proposed:
        """What all calls with the account give reason for; of a deal whose id or name is given, if one is.

        NotFoundError for an account that the principal may not read, and for a deal of it that is not open.
        """
        book = await self._books.read(principal, today)
        found = _named(book, account)
        if not found:
            raise NotFoundError(f"The CRM has no account {account!r} that you may read: name it as the CRM does")
        return await self._of_accounts(found, book, principal, _chosen(book, found, deal))

    async def of_deal(self, deal: str, principal: Principal, today: date) -> Proposed:
        """What calls with its account give reason for of one open deal, by its id or name. NotFoundError."""
        book = await self._books.read(principal, today)
        chosen = _chosen(book, book.accounts, deal)
        with_ = [one for one in book.accounts if chosen and one.id == chosen.account]
        return await self._of_accounts(with_, book, principal, chosen)

    async def of_all(self, principal: Principal, today: date) -> Proposed:
        """What all calls with all accounts give reason for."""
        book = await self._books.read(principal, today)
        return await self._of_accounts(book.accounts, book, principal)

    async def plan(self, proposed: Proposed, fields: Sequence[str] | None, principal: Principal) -> Plan:
        """The plan of the proposed changes, or of those of these fields.

        ConflictError where nothing is left to plan, InvalidInputError for a field of which no change is proposed.
        """
        chosen = wanted(proposed.changes, fields)
        records: dict[str, Record] = {deal.id: deal for deal in proposed.book.deals}
        return plan_of(chosen, records, statuses(proposed.book, chosen), proposed.book.today, principal.tenant)

    async def _of_accounts(
        self, accounts: Iterable[Account], book: Book, principal: Principal, chosen: Deal | None = None
    ) -> Proposed:
        contacts = await self._crm.find(Contact, principal)
        reps = await self._crm.find(Rep, principal)
        changes: list[Change] = []
        notes: list[str] = []
        calls: list[Heard] = []
        idle: list[str] = []
        for account in accounts:
            heard = book.calls_of.get(account.id, ())
            if heard:
                calls += heard
                meant = _meant(account, book, chosen)
                notes += [meant.note] if meant.note else []
                idle += [] if meant.deals else [account.name]
                for deal, about in meant.deals:
                    changes += await self._of_deal(deal, about, book, principal)
                known = [contact for contact in contacts if contact.account == account.id]
                changes += contact_changes(account, heard, known, frozenset(rep.name.casefold() for rep in reps))
        if idle:
            notes.append(f"Nothing of a deal is proposed where none is open: {', '.join(idle)}")
        marked = await self._marked(changes, principal)
        count = sum(change.narrowed for change in marked)
        notes += (
            [f"Shown and not planned, because only some may read their call: {count} of the changes"] if count else []
        )
        read = tuple(call.id for call in calls)
        return Proposed(marked, tuple(notes), read, _label(changes, calls, book), book)

    async def _marked(self, changes: Sequence[Change], principal: Principal) -> tuple[Change, ...]:
        """The changes, those marked that rest on a call which only some may read."""
        open_ = await self._books.open_to_all(principal)
        return tuple(replace(one, narrowed=one.said.quote.document not in open_) for one in changes)

    async def _of_deal(self, deal: Deal, calls: Sequence[Heard], book: Book, principal: Principal) -> list[Change]:
        found = await asyncio.to_thread(lambda: list(deal_changes(Talked(deal, calls, book))))
        synced = await self._edits.synced(Deal, [deal.id], principal) if found else []
        return [with_conflict(change, deal, synced, book.changes_of.get(deal.id, ())) for change in found]


def statuses(book: Book, changes: Iterable[Change]) -> dict[str, Mapping[str, Status]]:
    """What the stages of each changed deal's own pipeline mean, by the deal's id."""
    changed = {change.record for change in changes}
    return {deal.id: pipeline_of(deal, book).status for deal in book.deals if deal.id in changed}


def _label(changes: Sequence[Change], calls: Sequence[Heard], book: Book) -> Label:
    """That of the records and calls that were read; a stage is told from all deals of its pipeline, and so from the book."""
    whole = [book.label] if any(change.field == STAGE for change in changes) else []
    return highest([*whole, *(change.rests_on for change in changes), *(call.label for call in calls)])


def _named(book: Book, account: str) -> list[Account]:
    return [one for one in book.accounts if account == one.id or account.casefold() == one.name.casefold()]


@dataclass(frozen=True, slots=True)
class _Meant:
    """An account's open deals, each with the calls that are about it, and what of them a person must tell."""

    deals: Sequence[tuple[Deal, Sequence[Heard]]]
    note: str | None = None


def _meant(account: Account, book: Book, chosen: Deal | None) -> _Meant:
    """Its one open deal with all its calls. Of several each has the calls that name it, and a chosen one those too that
    name none.
    """
    deals = [deal for deal in book.open_deals if deal.account == account.id]
    if len(deals) <= 1:
        return _Meant([(deal, book.calls_of_deal(deal)) for deal in deals])
    named = {call.id: deal_meant(call, deals) for call in book.calls_of.get(account.id, ())}
    if chosen is not None:
        return _Meant([(chosen, [one for one in book.calls_of_deal(chosen) if named[one.id] in (None, chosen)])])
    told = [(deal, [one for one in book.calls_of_deal(deal) if named[one.id] is deal]) for deal in deals]
    open_ = sum(one is None for one in named.values())
    if not open_:
        return _Meant(told)
    names = ", ".join(f"{deal.name or deal.id} ({deal.id})" for deal in deals)
    calls = "1 of its calls does" if open_ == 1 else f"{open_} of its calls do"
    return _Meant(
        told,
        f"{account.name} has {len(deals)} open deals, {names}, and {calls} not tell which one is meant: ask for one of them by its name",
    )


def _chosen(book: Book, accounts: Collection[Account], deal: str | None) -> Deal | None:
    """The open deal of one of the accounts that is called so; None where none is asked for."""
    if deal is None:
        return None
    ids = {one.id for one in accounts}
    open_ = [one for one in book.open_deals if one.account in ids]
    found = [one for one in open_ if deal == one.id] or [
        one for one in open_ if deal.casefold() == (one.name or "").casefold()
    ]
    if not found:
        known = ", ".join(f"{one.name or one.id} ({one.id})" for one in open_[:MOST_NAMED])
        raise NotFoundError(f"No open deal {deal!r} that you may read there: {known or 'there is none'}")
    if len(found) > 1:
        ids_ = ", ".join(one.id for one in found)
        raise InvalidInputError(f"{len(found)} open deals are called {deal!r}: name one by its id, {ids_}")
    return found[0]
