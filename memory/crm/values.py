"""Fields of records as plain JSON and back: what plans, orders and tools carry."""

from collections.abc import Iterable, Mapping
from dataclasses import fields
from datetime import date, datetime
from decimal import Decimal, InvalidOperation
from types import NoneType
from typing import Any, get_args, get_type_hints

from core.errors import InvalidInputError
from core.periods import Grain
from core.plans import Fields, Json
from memory.crm.records import KINDS, Record, Status

OF_SOPHIA = frozenset({"tenant", "id", "label", "source", "modified"})
"""What no edit sets: it is set with it."""
NAMES = {kind: name for name, kind in KINDS.items()}


def kind_of(table: str) -> type[Record]:
    """The kind of record that a table holds; InvalidInputError for no such table."""
    if table not in KINDS:
        raise InvalidInputError(f"The CRM has no {table!r}: there are {', '.join(KINDS)}")
    return KINDS[table]


def editable(kind: type[Record]) -> frozenset[str]:
    """The fields of a kind that may be set, by name."""
    return frozenset(field.name for field in fields(kind)) - OF_SOPHIA


def plain_fields(record: Record, names: Iterable[str]) -> Fields:
    """These fields of the record, as far as its kind has them: amounts as text ("1200.50"), days in ISO form."""
    known = {field.name for field in fields(record)} - {"tenant", "label", "source"}
    return {name: plain(getattr(record, name)) for name in names if name in known}


def plain(value: object) -> Json:
    """A value of a record as JSON."""
    if value is None or isinstance(value, bool | int):
        return value
    if isinstance(value, Decimal):
        return format(value.normalize(), "f")
    return value.isoformat() if isinstance(value, date) else str(value)


def typed_fields(kind: type[Record], values: Mapping[str, Any]) -> dict[str, Any]:
    """The values as the kind's fields hold them; InvalidInputError for a field that cannot be set, or not so."""
    hints, allowed = get_type_hints(kind), editable(kind)
    for name in values:
        if name not in allowed:
            raise InvalidInputError(
                f"{NAMES[kind]} have no field {name!r} that can be set: there are {', '.join(sorted(allowed))}"
            )
    return {name: _typed(name, hints[name], value) for name, value in values.items()}


def _typed(name: str, hint: Any, value: Any) -> object:
    [wanted] = [part for part in get_args(hint) or (hint,) if part is not NoneType]
    if value is None:
        if NoneType not in get_args(hint):
            raise InvalidInputError(f"{name!r} cannot be empty: give it a value")
        return None
    try:
        return _READ[wanted](value)
    except (InvalidOperation, KeyError, TypeError, ValueError):
        raise InvalidInputError(f"{name!r} cannot be {value!r}: it is {_MEANT[wanted]}") from None


def _decimal(value: Any) -> Decimal:
    number = Decimal(str(value))
    if not number.is_finite():
        raise ValueError
    return number


def _text(value: Any) -> str:
    if not isinstance(value, str) or not value.strip():
        raise TypeError
    return value


def _whole(value: Any) -> int:
    if isinstance(value, bool) or not isinstance(value, int):
        raise TypeError
    return value


def _truth(value: Any) -> bool:
    if not isinstance(value, bool):
        raise TypeError
    return value


_READ: dict[type, Any] = {
    str: _text,
    int: _whole,
    bool: _truth,
    Decimal: _decimal,
    date: date.fromisoformat,
    datetime: datetime.fromisoformat,
    Status: Status,
    Grain: Grain,
}
_MEANT = {
    str: "a text",
    int: "a whole number",
    bool: "true or false",
    Decimal: "an amount such as 1200.50",
    date: "a day such as 2026-03-31",
    datetime: "a moment in ISO form",
    Status: ", ".join(Status),
    Grain: ", ".join(Grain),
}
