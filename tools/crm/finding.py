"""Finding the records that words name: deals and contacts by their own names, accounts with what belongs to them."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TypeVar

from core.identity import Principal
from memory.crm.base import Crm
from memory.crm.records import Account, Contact, Deal, Record, Status
from models.entities import Entity
from models.extractive.gazetteer import names_in

DEAL, ACCOUNT, CONTACT = "deal", "account", "contact"
MOST_KNOWN = 12
R = TypeVar("R", bound=Record)


@dataclass(frozen=True, slots=True)
class Found:
    """A record with the name that people use for it, and the name of its account."""

    record: Record
    title: str
    account: str | None


@dataclass(frozen=True, slots=True)
class Named:
    """The records that a text names. `accounts` are those it names or those of what it names; `known` some names there are."""

    deals: tuple[Found, ...] = ()
    contacts: tuple[Found, ...] = ()
    accounts: tuple[Found, ...] = ()
    known: tuple[str, ...] = ()

    @property
    def all(self) -> tuple[Found, ...]:
        """All of them, deals first."""
        return (*self.deals, *self.accounts, *self.contacts)


class Directory:
    """Names of records. `entities` are other spellings of accounts."""

    def __init__(self, crm: Crm, entities: Sequence[Entity] = ()) -> None:
        self._crm = crm
        self._spellings = [entity for entity in entities if entity.kind == ACCOUNT]

    async def named(self, text: str, principal: Principal) -> Named:
        """What the text names of the principal's records. An account stands for its open deals, or else for all of
        them, and for its contacts unless some are named.
        """
        find = self._crm.find
        accounts, deals = await find(Account, principal), await find(Deal, principal)
        contacts = await find(Contact, principal)
        titles = {account.id: account.name for account in accounts}
        people = _mentioned(text, [(one, one.name) for one in contacts], CONTACT)
        by_name = [one for one in deals if one.name and one.name.casefold() in text.casefold()]
        buyers = _mentioned(text, [(one, one.name) for one in accounts], ACCOUNT, self._spellings)
        of_buyers = [deal for buyer in buyers for deal in _deals_of(buyer, deals)]
        chosen = by_name or [one for one in deals if one.id in text.split()] or of_buyers
        theirs = [one for one in contacts if one.account in {buyer.id for buyer in buyers}]
        known = [account.name for account in sorted(accounts, key=lambda one: one.name)][:MOST_KNOWN]
        return Named(
            deals=tuple(Found(deal, deal.name or deal.id, titles.get(deal.account or "")) for deal in chosen),
            contacts=tuple(Found(one, one.name, titles.get(one.account or "")) for one in people or theirs),
            accounts=tuple(Found(one, one.name, one.name) for one in buyers),
            known=tuple(known),
        )


def _deals_of(account: Account, deals: Sequence[Deal]) -> list[Deal]:
    theirs = [deal for deal in deals if deal.account == account.id]
    return [deal for deal in theirs if deal.status is Status.OPEN] or theirs


def _mentioned(text: str, records: Sequence[tuple[R, str]], kind: str, spellings: Sequence[Entity] = ()) -> list[R]:
    """The records whose names the text has, a part that only one of them has being enough."""
    by_name = {name: record for record, name in records}
    entities = [_spelled(kind, name, spellings) for name in by_name]
    found = [one.entity.name for one in names_in(text, entities, kind=kind) if one.entity]
    return [by_name[name] for name in dict.fromkeys(found)]


def _spelled(kind: str, name: str, spellings: Sequence[Entity]) -> Entity:
    others = (one for one in spellings if name.casefold() in {s.casefold() for s in (one.name, *one.aliases)})
    return Entity(kind, name, tuple(dict.fromkeys(s for one in others for s in (one.name, *one.aliases))))
