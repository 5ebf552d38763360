"""With which account of the CRM a call was: the one it is linked to, else the one that its title names."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence

from memory.crm.records import Account
from memory.documents import Entry
from models.entities import Entity
from tools.calls.competitors import Gazetteer


class AccountNames:
    """The accounts' names in the CRM, under every spelling that `entities` know of them."""

    def __init__(self, accounts: Iterable[Account], entities: Sequence[Entity] = ()) -> None:
        ways = _ways_to_write([entity for entity in entities if entity.kind == "account"])
        self._named = Gazetteer([_spelled(account, ways) for account in accounts])

    def of(self, call: Entry) -> str | None:
        """The account's name as the CRM has it; None where none is known."""
        found = next(self._named.named(call.account or call.title), None)
        return found.name if found else None


def _ways_to_write(entities: Iterable[Entity]) -> Mapping[str, Sequence[str]]:
    """For each spelling, in one case, every way to write whatever is written so."""
    ways: defaultdict[str, list[str]] = defaultdict(list)
    for entity in entities:
        spellings = (entity.name, *entity.aliases)
        for spelling in {one.casefold() for one in spellings}:
            ways[spelling] += spellings
    return ways


def _spelled(account: Account, ways: Mapping[str, Sequence[str]]) -> Entity:
    """The account's name in the CRM with every other way to write it."""
    return Entity("account", account.name, tuple(ways.get(account.name.casefold(), ())))
