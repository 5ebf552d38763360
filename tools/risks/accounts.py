"""With which account of the CRM a call was: the one it is linked to, else the one that its title names."""

from collections.abc import Iterable, Sequence

from memory.crm.records import Account
from memory.documents import Entry
from models.entities import Entity
from tools.calls.competitors import Gazetteer


class AccountNames:
    """The accounts' names in the CRM, under every spelling that `entities` know of them."""

    def __init__(self, accounts: Iterable[Account], entities: Sequence[Entity] = ()) -> None:
        known = [entity for entity in entities if entity.kind == "account"]
        self._named = Gazetteer([_spelled(account, known) for account in accounts])

    def of(self, call: Entry) -> str | None:
        """The account's name as the CRM has it; None where none is known."""
        found = next(self._named.named(call.account or call.title), None)
        return found.name if found else None


def _spelled(account: Account, entities: Sequence[Entity]) -> Entity:
    """The account's name in the CRM with every other way to write it."""
    name = account.name.casefold()
    known = (one for one in entities if name in {spelling.casefold() for spelling in (one.name, *one.aliases)})
    return Entity("account", account.name, tuple(s for one in known for s in (one.name, *one.aliases)))
