"""The CRM as the remote on which approved plans are carried out: one record changed, created or removed at a time."""

from collections.abc import Awaitable, Callable, Collection
from datetime import timedelta
from hashlib import sha256
from typing import Protocol

from core.errors import ForbiddenError, InvalidInputError
from core.identity import Label, Principal
from core.plans import Fields
from core.remotes import Order, Promises
from memory.crm.edits import EXISTS, Edit, How
from memory.crm.records import Record
from memory.crm.values import kind_of, plain_fields

SYSTEM = "crm"
LABEL = "label"
"""The argument of a creation that says how secret the new record is."""


class Editable(Protocol):
    """A CRM that makes an edit once under its key."""

    async def find(
        self, kind: type[Record], principal: Principal, ids: Collection[str] | None = None
    ) -> list[Record]: ...

    async def edit(self, edit: Edit, principal: Principal) -> Fields: ...

    async def outcome(self, key: str, tenant: str) -> Fields | None: ...


class CrmRemote:
    """Targets are `<table>/<record id>`; actions are update, create and remove, with fields as arguments.

    `reader` may see all records of its tenant. A write is made under the rights of whoever approved it, as they are now.
    """

    promises = Promises(keyed=True, searchable=True, settles=timedelta(0))

    def __init__(self, crm: Editable, reader: Principal, resolve: Callable[[str], Awaitable[Principal]]) -> None:
        self._crm, self._reader, self._resolve = crm, reader, resolve

    async def read(self, target: str, fields: frozenset[str]) -> Fields:
        """What the fields of the record read now; `exists` tells whether there is one."""
        kind, record = parted(target)
        found = await self._crm.find(kind, self._reader, [record])
        told = plain_fields(found[0], fields) if found else {}
        return {**told, EXISTS: bool(found)} if EXISTS in fields else told

    async def call(self, order: Order) -> Fields:
        """Makes the edit, or refuses it and changes nothing; what the fields read since."""
        kind, record = parted(order.target)
        if order.tenant != self._reader.tenant:
            raise ForbiddenError(f"The CRM of this installation is not that of {order.tenant!r}")
        values = dict(order.arguments)
        label = Label.parse(str(values.pop(LABEL, Label.INTERNAL)))
        how = _how(order.action)
        edit = Edit(key=order.key, plan=order.plan_hash, kind=kind, id=record, how=how, values=values, label=label)
        return await self._crm.edit(edit, await self._resolve(order.principal))

    async def look_up(self, key: str) -> Fields | None:
        """What came of the call under the key."""
        return await self._crm.outcome(key, self._reader.tenant)


def target_of(table: str, record: str) -> str:
    """How a step names a record."""
    return f"{table}/{record}"


def made_id(*parts: str) -> str:
    """The id of a record that Sophia creates: the same each time that the same one is meant."""
    return "sophia-" + sha256("\n".join(parts).encode()).hexdigest()[:16]


def parted(target: str) -> tuple[type[Record], str]:
    """The kind and the id of a target; InvalidInputError for what names none."""
    table, _, record = target.partition("/")
    if not record:
        raise InvalidInputError(f"{target!r} names no record: write <table>/<id>, such as deals/4711")
    return kind_of(table), record


def _how(action: str) -> How:
    try:
        return How(action)
    except ValueError:
        raise InvalidInputError(f"The CRM cannot {action!r}: it can {', '.join(How)}") from None
