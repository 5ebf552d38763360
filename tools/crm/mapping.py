"""The mapping: what each file and each column holds. It is proposed, a person reviews it, and only then it is used."""

from collections.abc import Iterator
from pathlib import Path
from typing import Annotated, Any, Literal

import yaml
from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, ValidationError

from core.errors import InvalidInputError
from core.periods import Grain
from memory.crm.records import Status
from tools.crm.fields import TABLES, VOCABULARY, StageStatus
from tools.crm.sheets import Sheet

UNDECIDED: Literal["?"] = "?"
IGNORE = "ignore"
NO_CURRENCY = "none"
_FORMAT = "docs/crm.md shows the format"
DayOrder = Literal["dmy", "mdy", "ymd", "serial", "?"]
FigureGrain = Literal["day", "week", "month", "quarter", "year", "?"]


class _Model(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid", populate_by_name=True)


class Column(_Model):
    """What a column holds: a field of its table, `ignore`, or `?`; and how its days or numbers are written."""

    field: str
    dates: DayOrder | None = None
    decimal: Literal[".", ",", "?"] | None = None


def _column(written: object) -> object:
    return {"field": written} if isinstance(written, str) else written


class FileMapping(_Model):
    """What a file holds. `currency` is that of its amounts that name none, or `none`."""

    table: str
    columns: dict[str, Annotated[Column, BeforeValidator(_column)]] = {}
    key: tuple[str, ...] = ()
    currency: str | None = None
    grain: FigureGrain | None = None
    stages: dict[str, StageStatus] = {}

    def holding(self, field: str) -> list[str]:
        """The columns that hold a field."""
        return [name for name, column in self.columns.items() if column.field == field]

    @property
    def fields(self) -> set[str]:
        """The fields that columns hold."""
        return {column.field for column in self.columns.values()} - {IGNORE, UNDECIDED}


class Repair(_Model):
    """Another value for each cell of a column that has exactly `was`; nothing happens unless it is to be applied."""

    file: str
    column: str
    was: str = Field(alias="from")
    to: str
    apply: bool = False


class Mapping(_Model):
    """What a folder of files holds. Nothing is imported under one that nobody has confirmed."""

    confirmed: bool = False
    files: dict[str, FileMapping]
    repairs: tuple[Repair, ...] = ()


def read_mapping(path: Path) -> Mapping:
    """The mapping in a YAML file; InvalidInputError that names what is wrong with it."""
    try:
        return parsed_mapping(yaml.safe_load(path.read_text(encoding="utf-8")), name=str(path))
    except (yaml.YAMLError, UnicodeDecodeError) as error:
        raise InvalidInputError(f"{path}: not a YAML file: {error}; {_FORMAT}") from None
    except OSError as error:
        raise InvalidInputError(f"{path}: cannot be read: {error.strerror}") from None


def parsed_mapping(written: Any, *, name: str) -> Mapping:
    """The mapping that plain data stands for; InvalidInputError that names what is wrong with it."""
    try:
        return Mapping.model_validate(written)
    except ValidationError as error:
        first = error.errors()[0]
        at = ".".join(str(part) for part in first["loc"])
        raise InvalidInputError(f"{name}: {at}: {first['msg']}; {_FORMAT}") from None


def check(mapping: Mapping, sheets: list[Sheet]) -> None:
    """InvalidInputError that names everything in which the mapping is not complete, confirmed, and about these files."""
    faults = list(_faults(mapping, sheets))
    if faults:
        raise InvalidInputError(f"The mapping cannot be used: {'; '.join(faults)}")
    if not mapping.confirmed:
        raise InvalidInputError("The mapping is not confirmed: read it, correct it, and write 'confirmed: true' in it")


def _faults(mapping: Mapping, sheets: list[Sheet]) -> Iterator[str]:
    named = {sheet.name for sheet in sheets}
    yield from (
        f"{name}: the mapping has this file, and it is not there" for name in mapping.files if name not in named
    )
    for repair in mapping.repairs:
        held = mapping.files.get(repair.file)
        if held is None or repair.column not in held.columns:
            yield f"{repair.file}: a repair is for the column {repair.column!r}, which the mapping does not have"
    for sheet in sheets:
        held = mapping.files.get(sheet.name)
        if held is None:
            yield f"{sheet.name}: the mapping does not have this file: propose again, or write 'table: ignore' for it"
        elif held.table != IGNORE:
            yield from (f"{sheet.name}: {fault}" for fault in _file_faults(held, sheet))


def _file_faults(held: FileMapping, sheet: Sheet) -> Iterator[str]:
    table = TABLES.get(held.table)
    if table is None:
        yield f"table: {held.table!r} is none of {', '.join([*TABLES, IGNORE])}"
        return
    for column in sheet.header:
        if column not in held.columns:
            yield f"column {column!r} is not in the mapping: name its field, or 'ignore'"
    for name, column_mapping in held.columns.items():
        yield from (f"column {name!r} {fault}" for fault in _column_faults(name, column_mapping, held, sheet))
    for field in table.fields.values():
        if field.required and field.name not in held.fields:
            yield f"no column holds {field.name!r}, which {held.table} need"
    yield from _rest_faults(held)


def _column_faults(name: str, column: Column, held: FileMapping, sheet: Sheet) -> Iterator[str]:
    if name not in sheet.header:
        yield "is in the mapping, and not in the file"
    if column.field == UNDECIDED:
        yield "is not mapped: name its field, or 'ignore'"
    elif column.field != IGNORE and column.field not in TABLES[held.table].fields:
        yield f"holds {column.field!r}, which is no field of {held.table}"
    elif column.field != IGNORE and len(held.holding(column.field)) > 1:
        yield f"is one of several that hold {column.field!r}: choose one"
    if column.dates == UNDECIDED:
        yield "has days that can be read in two ways: write dates: dmy, mdy or ymd"
    if column.decimal == UNDECIDED:
        yield "has numbers that can be read in two ways: write decimal: '.' or ','"


def _rest_faults(held: FileMapping) -> Iterator[str]:
    fields = TABLES[held.table].fields
    if "id" not in held.fields and not held.key:
        yield "no column holds 'id': map one, or write key: with the fields that make one"
    yield from (f"key: no column holds {name!r}" for name in held.key if not _makes_key(name, held))
    if held.currency == UNDECIDED or (held.currency is None and _needs_currency(held)):
        yield "currency: write that of the amounts that name none, such as EUR, or 'none'"
    elif held.currency not in {None, NO_CURRENCY} and held.currency not in VOCABULARY.currencies:
        yield f"currency: {held.currency!r} is no ISO 4217 code: write one, or 'none'"
    if held.grain == UNDECIDED or ("grain" in fields and held.grain is None and "grain" not in held.fields):
        yield f"grain: write what stretch of time a value is about: {', '.join(Grain)}"
    for stage, status in held.stages.items():
        if status == UNDECIDED:
            yield f"stages: say of {stage!r} whether it is {', '.join(Status)}"


def _makes_key(name: str, held: FileMapping) -> bool:
    """A field of a natural key may be absent where its table does not need it."""
    field = TABLES[held.table].fields.get(name)
    return field is not None and (name in held.fields or not field.required)


def _needs_currency(held: FileMapping) -> bool:
    kinds = {TABLES[held.table].fields[name].kind for name in held.fields if name in TABLES[held.table].fields}
    return "money" in kinds and "currency" not in kinds
