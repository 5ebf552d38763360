"""How calls came out: as the one deal of their account did that was open on the day of the call.

    open on the day     created <= day <= closed; a deal that is still open has no end
    won, lost, open     where one deal of the account was open on that day and no other may have been
    unknown             where several were, or none, or the account, the day or the deal's dates are not known

A deal without the day it was created counts from the day selling began.
"""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import chain

from core.identity import Label, Principal
from memory.crm.base import Crm
from memory.crm.records import Account, Deal, Status
from memory.documents import Entry
from models.entities import Entity
from models.evidence import highest
from tools.calls.coaching import Outcome
from tools.risks.accounts import AccountNames

_ENDED = {Status.WON: Outcome.WON, Status.LOST: Outcome.LOST, Status.OPEN: Outcome.OPEN}


@dataclass(frozen=True, slots=True)
class CameOut:
    """The outcome of one call, the label of the records that tell it, and the deal that came out so, where it is known."""

    outcome: Outcome
    label: Label
    deal: Deal | None = None


class CallOutcomes:
    """Reads outcomes from the CRM. `entities` are the known names, accounts with their other spellings among them."""

    def __init__(self, crm: Crm, entities: Sequence[Entity] = ()) -> None:
        self._crm, self._entities = crm, entities

    async def of(self, calls: Sequence[Entry], principal: Principal) -> dict[str, CameOut]:
        """How each call came out, by its id, as far as the principal may read the CRM."""
        accounts: defaultdict[str | None, list[Account]] = defaultdict(list)
        for account in await self._crm.find(Account, principal):
            accounts[account.name].append(account)
        deals: defaultdict[str | None, list[Deal]] = defaultdict(list)
        for deal in await self._crm.find(Deal, principal):
            deals[deal.account].append(deal)
        names = AccountNames(chain.from_iterable(accounts.values()), self._entities)
        return {call.id: _came_out(call, accounts.get(names.of(call), ()), deals) for call in calls}


def _came_out(call: Entry, called: Sequence[Account], deals: Mapping[str | None, Sequence[Deal]]) -> CameOut:
    """As the deals did, by account, of the one account that is called as the call's."""
    if call.held is None or len(called) != 1:
        return CameOut(Outcome.UNKNOWN, highest([one.label for one in called]))
    day = call.held.date()
    theirs = deals.get(called[0].id, ())
    maybe = [deal for deal in theirs if _may_be_open(deal, day)]
    surely = len(maybe) == 1 and _is_dated(maybe[0])
    outcome = _ENDED[maybe[0].status] if surely else Outcome.UNKNOWN
    label = highest([called[0].label, *(deal.label for deal in theirs)])
    return CameOut(outcome, label, maybe[0] if surely else None)


def _may_be_open(deal: Deal, day: date) -> bool:
    """Whether nothing that is known of the deal says that it was not open."""
    begun = deal.created or deal.engaged
    return (begun is None or begun <= day) and (deal.closed is None or day <= deal.closed)


def _is_dated(deal: Deal) -> bool:
    begun, ended = deal.created or deal.engaged, deal.closed
    return begun is not None and (ended is not None or deal.status is Status.OPEN)
