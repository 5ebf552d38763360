"""Rows of a file as drafts of records: every cell is read as what its column holds, or its row is refused."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any

from core.periods import Grain
from memory.crm.records import Status
from tools.crm import amounts, days
from tools.crm.fields import TABLES, VOCABULARY, Field, plain
from tools.crm.mapping import IGNORE, NO_CURRENCY, Column, FileMapping
from tools.crm.report import Gap, Interpretation, Refusal
from tools.crm.sheets import Row, Sheet
from tools.crm.unreadable import UnreadableError

Values = dict[str, Any]
Repairs = Mapping[tuple[str, str], str]
"""What a value of a column becomes, by column and value."""


@dataclass(frozen=True, slots=True)
class Draft:
    """The fields of a record to be, with its references still as the file has them; empty cells have no field."""

    line: int
    id: str
    values: Values
    columns: Mapping[str, str]
    """The column that holds each field."""


@dataclass(slots=True)
class Drafts:
    """What the rows of one file became."""

    sheet: Sheet
    mapping: FileMapping
    drafts: list[Draft] = field(default_factory=list)
    refusals: list[Refusal] = field(default_factory=list)
    gaps: list[Gap] = field(default_factory=list)
    interpretations: dict[str, Interpretation] = field(default_factory=dict)


class RefusedError(ValueError):
    """Why a row cannot be imported, and which cell of it is to blame."""

    def __init__(self, reason: str, column: str | None = None, value: str | None = None) -> None:
        super().__init__(reason)
        self.reason, self.column, self.value = reason, column, value


def read_rows(sheet: Sheet, mapping: FileMapping, repairs: Repairs, *, today: date) -> Drafts:
    """A draft, or a refusal, of each row."""
    found = Drafts(sheet, mapping)
    width = len(sheet.header)
    found.refusals += [
        Refusal(sheet.name, row.line, f"it has {len(row.cells)} cells, and the first row names {width} columns")
        for row in sheet.ragged
    ]
    for row in sheet.rows:
        try:
            found.drafts.append(_draft(row, found, repairs, today))
        except RefusedError as refused:
            found.refusals.append(Refusal(sheet.name, row.line, refused.reason, refused.column, refused.value))
    return found


def _draft(row: Row, found: Drafts, repairs: Repairs, today: date) -> Draft:
    mapping, table = found.mapping, TABLES[found.mapping.table]
    columns = {column.field: name for name, column in mapping.columns.items() if column.field != IGNORE}
    values: Values = {}
    for name, cell in zip(found.sheet.header, row.cells, strict=True):
        column = mapping.columns[name]
        text = repairs.get((name, cell), cell)
        if column.field != IGNORE and text:
            values[column.field] = _cell(name, text, table.fields[column.field], column, found)
    _complete(mapping, values, columns)
    for one in table.fields.values():
        _check(one, values, columns, today)
    id_ = values.pop("id", None) or "/".join(str(values.get(name, "")) for name in mapping.key).strip("/")
    if not id_:
        raise RefusedError(
            f"it has no id: {' and '.join([columns[one] for one in ('id', *mapping.key) if one in columns])} empty"
        )
    return Draft(row.line, id_, values, columns)


def _cell(name: str, text: str, one: Field, column: Column, found: Drafts) -> object:
    try:
        value = _READERS.get(one.kind, _as_it_is)(text, column)
    except UnreadableError as error:
        raise RefusedError(f"{text!r} {error}", name, text) from None
    became = str(value.amount if isinstance(value, amounts.Money) else value)
    if one.kind in _TOLD and became not in {text, text.removesuffix(".0")}:
        _interpreted(found, name, column, one, text, became)
    return value


def _interpreted(found: Drafts, name: str, column: Column, one: Field, text: str, became: str) -> None:
    known = found.interpretations.get(name)
    found.interpretations[name] = Interpretation(
        found.sheet.name,
        name,
        known.how if known else _how(column, one),
        known.values + 1 if known else 1,
        known.was if known else text,
        known.became if known else became,
    )


def _how(column: Column, one: Field) -> str:
    if one.kind in {"day", "moment"}:
        return (
            f"read as {days.ORDERS.get(column.dates or '', 'the days that they name')}"
            if column.dates != days.SERIAL
            else ("read as the numbers by which spreadsheets count days")
        )
    if one.kind in {"money", "number", "count"}:
        return f"read as numbers{' with a decimal comma' if column.decimal == ',' else ''}"
    return f"read as {one.kind}"


def _complete(mapping: FileMapping, values: Values, columns: Mapping[str, str]) -> None:
    """Writes what follows from several cells, or from the mapping."""
    if mapping.table == "contacts":
        parts = [values.pop(name, None) for name in ("first_name", "last_name")]
        values.setdefault("name", " ".join(part for part in parts if part) or values.get("email") or None)
        if values["name"] is None:
            raise RefusedError("it has neither a name nor an email address")
    if mapping.table == "deals":
        _complete_deal(mapping, values, columns)
    if mapping.table == "figures":
        values.setdefault("grain", Grain(mapping.grain) if mapping.grain else None)
    for name in ("amount", "price", "revenue"):
        if name in values:
            values[name], values["currency"] = _money(values[name], values.get("currency"), mapping, columns[name])


def _complete_deal(mapping: FileMapping, values: Values, columns: Mapping[str, str]) -> None:
    stage = values.get("stage")
    if "status" not in values and stage is not None:
        if stage not in mapping.stages:
            raise RefusedError(
                f"the mapping does not say whether the stage {stage!r} is open, won or lost", columns["stage"], stage
            )
        values["status"] = Status(mapping.stages[stage])
    close = values.pop("close", None)
    if close is not None:
        values.setdefault("expected" if values.get("status") is Status.OPEN else "closed", close)


def _money(money: amounts.Money, currency: str | None, mapping: FileMapping, column: str) -> tuple[Decimal, str | None]:
    """The amount with the currency that it names, else that of its row, else that of its file."""
    told = currency or (mapping.currency if mapping.currency != NO_CURRENCY else None)
    if money.unit is None:
        return money.amount, told
    try:
        named = amounts.currencies_of(money.unit)
    except UnreadableError as error:
        raise RefusedError(f"the amount {error}", column, money.unit) from None
    if currency is not None and currency not in named:
        raise RefusedError(f"the amount is in {money.unit}, but its row says {currency}", column, money.unit)
    if len(named) == 1:
        return money.amount, next(iter(named))
    if told not in named:
        listed = ", ".join(sorted(named))
        raise RefusedError(f"{money.unit} may be {listed}: write currency: in the mapping", column, money.unit)
    return money.amount, told


def _check(one: Field, values: Values, columns: Mapping[str, str], today: date) -> None:
    value = values.get(one.name)
    if one.required and value is None:
        raise RefusedError(f"{one.name} is empty", columns.get(one.name))
    if one.past and value is not None and value > today:
        at = columns.get(one.name) or columns.get("close")
        raise RefusedError(f"{value} lies after {today}, and {one.name} is a day of the past", at, str(value))


def _as_it_is(text: str, _column: Column) -> str:
    return text


def _status(text: str, _column: Column) -> Status:
    known = VOCABULARY.stages.get(plain(text))
    if known is None:
        raise UnreadableError("is none of open, won and lost")
    return Status(known)


def _currency(text: str, _column: Column) -> str:
    if text.upper() not in VOCABULARY.currencies:
        raise UnreadableError("is no ISO 4217 code")
    return text.upper()


def _grain(text: str, _column: Column) -> Grain:
    known = {**{one.value: one for one in Grain}, "daily": Grain.DAY, **{f"{one.value}ly": one for one in Grain}}
    if text.lower() not in known:
        raise UnreadableError(f"is none of {', '.join(Grain)}")
    return known[text.lower()]


_READERS: dict[str, Callable[[str, Column], object]] = {
    "day": lambda text, column: days.day(text, column.dates),
    "moment": lambda text, column: days.moment(text, column.dates),
    "money": lambda text, column: amounts.money(text, column.decimal),
    "number": lambda text, column: amounts.number(text, column.decimal),
    "count": lambda text, column: amounts.count(text, column.decimal),
    "truth": lambda text, _column: amounts.truth(text),
    "status": _status,
    "currency": _currency,
    "grain": _grain,
}
_TOLD = {"day", "money", "number", "count", "currency"}
"""The kinds of which a report tells how they were read, where that differs from what was written."""


def gaps_of(drafts: Drafts) -> Iterator[Gap]:
    """What is missing or doubtful in the rows that were read."""
    if drafts.mapping.table == "deals":
        for reason, doubtful in _DOUBTS.items():
            lines = tuple(draft.line for draft in drafts.drafts if doubtful(draft.values))
            if lines:
                yield Gap(drafts.sheet.name, lines, reason)
    without = tuple(draft.line for draft in drafts.drafts if draft.values.get("currency", "") is None)
    if without:
        yield Gap(drafts.sheet.name, without, "amounts in no currency: the mapping says none")


_DOUBTS: dict[str, Callable[[Values], bool]] = {
    "deals without an account": lambda deal: "account" not in deal,
    "open, but without an amount: the pipeline's value leaves them out": lambda deal: _is(deal, Status.OPEN, "amount"),
    "won, but without an amount: revenue leaves them out": lambda deal: _is(deal, Status.WON, "amount"),
    "won, but on no day: they count in no month": lambda deal: _is(deal, Status.WON, "closed"),
    "lost, but on no day: they count in no month": lambda deal: _is(deal, Status.LOST, "closed"),
    "closed before selling began": lambda deal: deal.get("closed", date.max) < deal.get("engaged", date.min),
}


def _is(deal: Values, status: Status, without: str) -> bool:
    return deal["status"] is status and without not in deal
