"""What a principal's calls and records give reason to change: for one call, one account or one deal."""

import asyncio
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Protocol

from core.errors import NotFoundError
from core.identity import Label, Principal
from core.plans import Plan
from memory.crm.base import Crm
from memory.crm.edits import Synced
from memory.crm.records import Account, Contact, Deal, Record, Rep, Status
from models.evidence import highest
from tools.crm.changes.change import Change
from tools.crm.changes.conflicts import with_conflict
from tools.crm.changes.heard import Talked, contact_changes, deal_changes
from tools.crm.changes.planning import STAGE, plan_of, wanted
from tools.crm.changes.stages import pipeline_of
from tools.risks.book import Book
from tools.risks.hearing import Heard
from tools.risks.reading import Books


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

    async def of_call(self, call: str, principal: Principal, today: date) -> Proposed:
        """What this call gives reason for, where no newer one says otherwise. NotFoundError for a call that cannot be read."""
        book = await self._books.read(principal, today)
        heard = next((one for one in book.calls if one.id == call), None)
        if heard is None:
            raise NotFoundError(
                f"No call {call!r} with a customer of the CRM that you may read: list_calls shows those there are"
            )
        found = await self._of_accounts(_named(book, heard.account), book, principal)
        mine = tuple(change for change in found.changes if change.said.quote.document == call)
        others = len(found.changes) - len(mine)
        notes = (f"{others} further changes rest on other calls with {heard.account}",) if others else ()
        return replace(found, changes=mine, notes=(*found.notes, *notes))

    async def of_account(self, account: str, principal: Principal, today: date) -> Proposed:
        """What all calls with the account give reason for. NotFoundError for one that the principal may not read."""
        book = await self._books.read(principal, today)
        found = _named(book, account)
        if not found:
            raise NotFoundError(f"The CRM has no account {account!r} that you may read: name it as the CRM does")
        return await self._of_accounts(found, book, principal)

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

    async def _of_accounts(self, accounts: Iterable[Account], book: Book, principal: Principal) -> Proposed:
        contacts = await self._crm.find(Contact, principal)
        reps = await self._crm.find(Rep, principal)
        changes: list[Change] = []
        notes: list[str] = []
        calls: list[Heard] = []
        for account in accounts:
            heard = book.calls_of.get(account.id, ())
            if heard:
                calls += heard
                deals, note = _meant(account, book)
                notes += [note] if note else []
                for deal in deals:
                    changes += await self._of_deal(deal, book, principal)
                known = [contact for contact in contacts if contact.account == account.id]
                changes += contact_changes(account, heard, known, frozenset(rep.name.casefold() for rep in reps))
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

    async def _of_deal(self, deal: Deal, book: Book, principal: Principal) -> list[Change]:
        found = await asyncio.to_thread(lambda: list(deal_changes(Talked(deal, book.calls_of_deal(deal), book))))
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


def _meant(account: Account, book: Book) -> tuple[Sequence[Deal], str | None]:
    """The account's one open deal; else none, and why."""
    deals = [deal for deal in book.open_deals if deal.account == account.id]
    if len(deals) == 1:
        return deals, None
    if not deals:
        return (), f"{account.name} has no open deal: nothing of a deal is proposed"
    names = ", ".join(deal.name or deal.id for deal in deals)
    return (), f"{account.name} has several open deals ({names}), and calls do not tell which one they are about"
