"""A mapping for files that nobody has mapped yet, from the names of their columns and what is in them."""

from collections.abc import Callable, Iterator, Sequence
from collections.abc import Mapping as Map
from dataclasses import dataclass
from datetime import date
from pathlib import PurePath

from tools.crm import amounts, days
from tools.crm.fields import TABLES, VOCABULARY, Field, StageStatus, Table, plain
from tools.crm.mapping import UNDECIDED, Column, FigureGrain, FileMapping, Mapping, Repair
from tools.crm.misspelt import Called, Suspicion, called, suspicions
from tools.crm.sheets import Sheet
from tools.crm.unreadable import UnreadableError

EXAMPLES = 3
KNOWN_SHARE = 0.9
"""A column refers to a table if so large a share of its values are names or ids of it."""

Notes = dict[tuple[str, ...], str]
"""Why something was proposed, or what has to be decided, by file and by column or key."""


@dataclass(frozen=True, slots=True)
class Proposal:
    """A mapping to review, with notes for whoever reviews it."""

    mapping: Mapping
    notes: Notes
    suspicions: tuple[Suspicion, ...]

    @property
    def undecided(self) -> list[tuple[str, ...]]:
        """The files, and the columns or keys in them, that somebody has to decide."""
        return [at for at, note in self.notes.items() if note.startswith(UNDECIDED)]


def propose(sheets: Sequence[Sheet], *, today: date) -> Proposal:
    """What the files probably hold, and a question wherever that is not clear."""
    notes: Notes = {}
    tables = {sheet.name: _table(sheet, notes) for sheet in sheets}
    chosen = {sheet.name: _by_name(sheet, tables[sheet.name], notes) for sheet in sheets}
    named = called(
        sheets, {name: FileMapping(table=_name(tables[name]), columns=_plainly(chosen[name])) for name in chosen}
    )
    files = {}
    for sheet in sheets:
        table = tables[sheet.name]
        fields = _by_values(sheet, table, chosen[sheet.name], named, notes)
        files[sheet.name] = _file(sheet, table, fields, today, notes) if table else FileMapping(table=UNDECIDED)
    found = tuple(suspicions(sheets, files, called(sheets, files)))
    repairs = tuple(
        Repair.model_validate({"file": one.file, "column": one.column, "from": one.was, "to": one.to}) for one in found
    )
    return Proposal(Mapping(files=files, repairs=repairs), notes, found)


def _name(table: Table | None) -> str:
    return table.name if table else UNDECIDED


def _plainly(fields: dict[str, Field | None]) -> dict[str, Column]:
    return {column: Column(field=field.name if field else UNDECIDED) for column, field in fields.items()}


def _table(sheet: Sheet, notes: Notes) -> Table | None:
    """The table that the file is called by, else the only one that knows most of its columns."""
    stem = f" {plain(PurePath(sheet.name).stem)} "
    called = sorted((len(word), table.name) for table in TABLES.values() for word in table.files if f" {word} " in stem)
    if called:
        notes[sheet.name, "table"] = "by the file's name"
        return TABLES[called[-1][1]]
    known = {name: sum(bool(_called(column, table)) for column in sheet.header) for name, table in TABLES.items()}
    best = [name for name, count in known.items() if count == max(known.values()) and count > 1]
    if len(best) == 1:
        notes[sheet.name, "table"] = f"it knows {known[best[0]]} of {len(sheet.header)} columns"
        return TABLES[best[0]]
    notes[sheet.name, "table"] = (
        f"? choose one of {', '.join([*TABLES, 'ignore'])}, and propose again under a name that says so"
    )
    return None


def _called(column: str, table: Table) -> list[Field]:
    return [field for field in table.fields.values() if plain(column) in field.words]


def _by_name(sheet: Sheet, table: Table | None, notes: Notes) -> dict[str, Field | None]:
    """The field of each column whose name says it, None for the others."""
    if table is None:
        return dict.fromkeys(sheet.header)
    by_name = {column: _called(column, table) for column in sheet.header}
    chosen: dict[str, Field | None] = {}
    for column, fields in by_name.items():
        rivals = [other for other in by_name if other != column and by_name[other] == fields]
        clear = len(fields) == 1 and (not rivals or _is_the_id(column, fields[0], rivals))
        chosen[column] = fields[0] if clear else None
        if fields and not clear:
            others = (
                f"{', '.join(map(repr, rivals))} too" if rivals else f"or {', '.join(one.name for one in fields[1:])}"
            )
            notes[sheet.name, column] = (
                f"? ambiguous: {fields[0].name}, {others}; name the field of one, ignore the others"
            )
    return chosen


def _is_the_id(column: str, field: Field, rivals: Sequence[str]) -> bool:
    """Exports tell of a reference twice, by id and by name: the id is the one to take."""
    ends = ("id", "ids")
    return (
        field.kind == "reference"
        and plain(column).endswith(ends)
        and not any(plain(one).endswith(ends) for one in rivals)
    )


def _by_values(
    sheet: Sheet, table: Table | None, chosen: dict[str, Field | None], named: Map[str, Called], notes: Notes
) -> dict[str, Field | None]:
    """As chosen, and a column without a field that holds names of a table refers to it."""
    if table is None:
        return chosen
    fields = dict(chosen)
    free = [field for field in table.fields.values() if field not in fields.values()]
    for column, field in chosen.items():
        if field is not None or (sheet.name, column) in notes:
            continue
        values = {cell for _, cell in sheet.column(column)}
        fits = [
            one for one in free if values and _share_known(values, named.get(one.of or "", Called())) >= KNOWN_SHARE
        ]
        if len(fits) == 1:
            fields[column] = fits[0]
            notes[sheet.name, column] = f"its values are {fits[0].of}"
        else:
            examples = ", ".join(repr(value) for value in sorted(values)[:EXAMPLES]) or "nothing"
            notes[sheet.name, column] = f"? no field is called so; it holds {examples}: name a field, or ignore"
    return fields


def _share_known(values: set[str], known: Called) -> float:
    return sum(value in known for value in values) / len(values)


def _file(sheet: Sheet, table: Table, fields: dict[str, Field | None], today: date, notes: Notes) -> FileMapping:
    columns = _columns(sheet, fields, today, notes)
    held = {column.field for column in columns.values()} - {UNDECIDED}
    kinds = {table.fields[name].kind for name in held}
    key = () if "id" in held else tuple(name for name in table.key if name in held or not table.fields[name].required)
    if "id" not in held and not key:
        notes[sheet.name, "key"] = "? no column is an id: map one, or name the fields that make one"
    elif key:
        notes[sheet.name, "key"] = "no column is an id: these fields make one"
    currency = UNDECIDED if "money" in kinds and "currency" not in kinds else None
    if currency:
        notes[sheet.name, "currency"] = "? that of the amounts that name none, such as EUR, or none"
    return FileMapping(
        table=table.name,
        columns=columns,
        key=key,
        currency=currency,
        grain=_grain(sheet, fields, notes) if "grain" in table.fields and "grain" not in held else None,
        stages=_stages(sheet, fields, notes) if "status" in table.fields and "status" not in held else {},
    )


def _columns(sheet: Sheet, fields: dict[str, Field | None], today: date, notes: Notes) -> dict[str, Column]:
    dated = {name: field for name, field in fields.items() if field and field.kind in {"day", "moment"}}
    own = {
        name: days.reading([cell for _, cell in sheet.column(name)], today=today, past=field.past)
        for name, field in dated.items()
    }
    columns = {}
    for name, field in fields.items():
        at = (sheet.name, name)
        columns[name] = Column(field=field.name if field else UNDECIDED)
        if name in own:
            found = days.agreed(own[name], own.values())
            columns[name] = columns[name].model_copy(update={"dates": found.order if found.decided else UNDECIDED})
            notes[at] = found.why if found.decided else f"? {found.why}: write dates: dmy, mdy or ymd"
        elif field and field.kind in {"money", "number", "count"}:
            sign = amounts.decimal_sign([cell for _, cell in sheet.column(name)])
            columns[name] = columns[name].model_copy(update={"decimal": sign.sign if sign.decided else UNDECIDED})
            notes[at] = sign.why if sign.decided else f"? {sign.why}: write decimal: '.' or ','"
        misfit = _misfit(sheet, name, field)
        if misfit:
            columns[name] = Column(field=UNDECIDED)
            notes[at] = f"? called {field.name if field else ''}, but {misfit}: name its field, or ignore"
    return columns


def _misfit(sheet: Sheet, column: str, field: Field | None) -> str | None:
    """What tells that the column does not hold what its name says: most of its values cannot be read as that."""
    cells = sheet.column(column)
    faults = list(_unreadable(cells, field)) if field else []
    return f"most values cannot be read so, such as {faults[0]}" if len(faults) * 2 > len(cells) else None


def _unreadable(cells: Sequence[tuple[int, str]], field: Field) -> Iterator[str]:
    readers: dict[str, Callable[[str], object]] = {
        "day": _any_order,
        "moment": _any_order,
        "money": lambda text: amounts.money(text, amounts.decimal_sign([text]).sign or "."),
        "truth": amounts.truth,
    }
    read = readers.get(field.kind, str)
    for line, cell in cells:
        try:
            read(cell)
        except UnreadableError:
            yield f"{cell!r} (line {line})"


def _any_order(text: str) -> date:
    for order in (*days.ORDERS, days.SERIAL):
        try:
            return days.day(text, order)
        except UnreadableError:
            continue
    raise UnreadableError("is no day")


def _grain(sheet: Sheet, fields: dict[str, Field | None], notes: Notes) -> FigureGrain:
    """Months, if every day is the first of one or names none; else somebody has to say."""
    at = next((name for name, field in fields.items() if field and field.name == "day"), None)
    cells = sheet.column(at) if at else []
    if cells and all(cell.count("-") == 1 or cell.endswith("-01") for _, cell in cells):
        notes[sheet.name, "grain"] = "every day is the first of a month"
        return "month"
    notes[sheet.name, "grain"] = "? what stretch of time a value is about: day, week, month, quarter or year"
    return UNDECIDED


def _stages(sheet: Sheet, fields: dict[str, Field | None], notes: Notes) -> dict[str, StageStatus]:
    at = next((name for name, field in fields.items() if field and field.name == "stage"), None)
    values = sorted({cell for _, cell in sheet.column(at)}) if at else []
    stages = {value: VOCABULARY.stages.get(plain(value), UNDECIDED) for value in values}
    if UNDECIDED in stages.values():
        notes[sheet.name, "stages"] = "? say of each stage whether it is open, won or lost"
    return stages
