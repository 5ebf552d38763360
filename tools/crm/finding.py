"""Finding the records that words name: deals and contacts by their own names, accounts with what belongs to them."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from typing import TypeVar

from core.identity import Label, Principal
from memory.crm.base import Crm
from memory.crm.records import Account, Contact, Deal, Record, Status
from models.entities import Entity
from models.evidence import highest
from models.extractive.gazetteer import names_in

DEAL, ACCOUNT, CONTACT = "deal", "account", "contact"
MOST_KNOWN = 12
R = TypeVar("R", Account, Contact)


@dataclass(frozen=True, slots=True)
class Found:
    """A record with the name that people use for it, and the name of its account."""

    record: Record
    title: str
    account: str | None


@dataclass(frozen=True, slots=True)
class Named:
    """The records that a text names; `known` are some names of accounts there are, the least secret first.

    `label` is that of all of it: of the records, of the accounts by which they are told, and of the names.
    """

    deals: tuple[Found, ...] = ()
    contacts: tuple[Found, ...] = ()
    accounts: tuple[Found, ...] = ()
    known: tuple[str, ...] = ()
    label: Label = Label.PUBLIC

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
        them, and for its contacts unless some are named. A name that several contacts have stands for those of the accounts
        that are named too, and for each of them where none is.
        """
        find = self._crm.find
        accounts, deals = await find(Account, principal), await find(Deal, principal)
        contacts = await find(Contact, principal)
        titles = {account.id: account.name for account in accounts}
        by_name = [one for one in deals if one.name and one.name.casefold() in text.casefold()]
        buyers = self._buyers(text, accounts)
        of_buyers = [deal for buyer in buyers for deal in _deals_of(buyer, deals)]
        chosen = by_name or [one for one in deals if one.id in text.split()] or of_buyers
        people = _people(text, contacts, {buyer.id for buyer in buyers})
        known = sorted(accounts, key=lambda one: (one.label, one.name))[:MOST_KNOWN]
        by = {one.account for one in chosen} | {one.account for one in people}
        told: list[Record] = [*chosen, *people, *buyers, *known, *(one for one in accounts if one.id in by)]
        return Named(
            deals=tuple(Found(deal, deal.name or deal.id, titles.get(deal.account or "")) for deal in chosen),
            contacts=tuple(Found(one, one.name, titles.get(one.account or "")) for one in people),
            accounts=tuple(Found(one, one.name, one.name) for one in buyers),
            known=tuple(one.name for one in known),
            label=highest([one.label for one in told]),
        )

    def _buyers(self, text: str, accounts: Sequence[Account]) -> list[Account]:
        """The accounts whose names the text has; a word that accounts of several names share names none of them."""
        found = _mentioned(text, accounts, ACCOUNT, self._spellings)
        return _once(one for one in found if len({account.name for account in one}) == 1)


def _deals_of(account: Account, deals: Sequence[Deal]) -> list[Deal]:
    theirs = [deal for deal in deals if deal.account == account.id]
    return [deal for deal in theirs if deal.status is Status.OPEN] or theirs


def _people(text: str, contacts: Sequence[Contact], accounts: Collection[str]) -> list[Contact]:
    """The contacts that the text names, by id or by name; all of the accounts' where it names nobody."""
    named = [one for one in contacts if one.id in text.split()]
    if named:
        return named
    found = _mentioned(text, contacts, CONTACT)
    if not found:
        return [one for one in contacts if one.account in accounts]
    return _once([c for c in one if len(one) == 1 or not accounts or c.account in accounts] for one in found)


def _once(found: Iterable[Sequence[R]]) -> list[R]:
    return list({one.id: one for some in found for one in some}.values())


def _mentioned(text: str, records: Sequence[R], kind: str, spellings: Sequence[Entity] = ()) -> list[list[R]]:
    """For each name in the text the records that it may mean: those of the name, or those that have it as a part."""
    by_name: defaultdict[str, list[R]] = defaultdict(list)
    for record in records:
        by_name[record.name].append(record)
    entities = [_spelled(kind, name, spellings) for name in by_name]
    found = names_in(text, entities, kind=kind)
    return [[record for entity in one.bearers for record in by_name[entity.name]] for one in found]


def _spelled(kind: str, name: str, spellings: Sequence[Entity]) -> Entity:
    others = (one for one in spellings if name.casefold() in {s.casefold() for s in (one.name, *one.aliases)})
    return Entity(kind, name, tuple(dict.fromkeys(s for one in others for s in (one.name, *one.aliases))))
