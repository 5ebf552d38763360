"""The records and calls that a principal may read, laid out by deal and by account."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import TypeVar

from core.identity import Label
from memory.crm.records import Account, Activity, CompanyFigure, Deal, StageChange, Status
from models.evidence import highest
from tools.risks.hearing import Heard
from tools.risks.usual import Usual, usual_of

T = TypeVar("T")


@dataclass(frozen=True)
class Book:
    """Everything that risks are found in, as of `today`; what is dated later is not looked at."""

    today: date
    accounts: Sequence[Account] = ()
    deals: Sequence[Deal] = ()
    activities: Sequence[Activity] = ()
    changes: Sequence[StageChange] = ()
    figures: Sequence[CompanyFigure] = ()
    calls: Sequence[Heard] = ()

    @cached_property
    def account(self) -> Mapping[str, Account]:
        """Accounts by id."""
        return {account.id: account for account in self.accounts}

    @cached_property
    def activities_of_deal(self) -> Mapping[str, Sequence[Activity]]:
        """By the deal's id, oldest first."""
        return _grouped((one.deal, one) for one in self._done)

    @cached_property
    def activities_of_account(self) -> Mapping[str, Sequence[Activity]]:
        """By the account's id, oldest first."""
        return _grouped((one.account, one) for one in self._done)

    @cached_property
    def changes_of(self) -> Mapping[str, Sequence[StageChange]]:
        """By the deal's id, in order."""
        ordered = sorted(self.changes, key=lambda one: (one.entered, one.observed, one.id))
        return _grouped((one.deal, one) for one in ordered if one.entered <= self.today)

    @cached_property
    def calls_of(self) -> Mapping[str, Sequence[Heard]]:
        """By the account's id, oldest first."""
        ids = {account.name.casefold(): account.id for account in self.accounts}
        ordered = sorted(self.calls, key=lambda call: (call.day, call.id))
        return _grouped((ids.get(call.account.casefold()), call) for call in ordered if call.day <= self.today)

    @cached_property
    def usual(self) -> Usual:
        """What is usual of the deals won."""
        return usual_of(self.deals, self.activities_of_deal, self.changes_of)

    @cached_property
    def open_deals(self) -> Sequence[Deal]:
        """The deals that may still be won."""
        return [deal for deal in self.deals if deal.status is Status.OPEN]

    @cached_property
    def with_next_step(self) -> int:
        """How many open deals have a next step."""
        return sum(bool((deal.next_step or "").strip()) for deal in self.open_deals)

    @cached_property
    def with_amount(self) -> int:
        """How many open deals have an amount."""
        return sum(bool(deal.amount) for deal in self.open_deals)

    @cached_property
    def label(self) -> Label:
        """The highest of all that is in the book: what is usual rests on all of it."""
        records = (self.accounts, self.deals, self.activities, self.changes, self.figures)
        return highest([*(one.label for kind in records for one in kind), *(call.label for call in self.calls)])

    def calls_of_deal(self, deal: Deal) -> Sequence[Heard]:
        """The calls with the deal's account since selling began, oldest first."""
        begun = deal.engaged or deal.created
        return [call for call in self.calls_of.get(deal.account or "", ()) if begun is None or call.day >= begun]

    @cached_property
    def _done(self) -> Sequence[Activity]:
        return sorted((one for one in self.activities if one.day <= self.today), key=lambda one: (one.day, one.id))


def _grouped(pairs: Iterable[tuple[str | None, T]]) -> Mapping[str, Sequence[T]]:
    found: defaultdict[str, list[T]] = defaultdict(list)
    for key, one in pairs:
        if key is not None:
            found[key].append(one)
    return found
