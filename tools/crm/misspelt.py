"""Values that were probably meant to be others: of a table that is referred to, of a known list, or of their own column.

Nothing is changed here: every suspicion is told with what speaks for it, and the mapping decides.
"""

from collections import Counter
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass

from tools.crm.fields import TABLES, VOCABULARY, Field
from tools.crm.mapping import IGNORE, FileMapping
from tools.crm.nearness import Near, near
from tools.crm.sheets import Sheet

OFTEN = 10
"""How many times as frequent a value of the same column must be to stand for a misspelt one."""


@dataclass(frozen=True, slots=True)
class Suspicion:
    """A value of a column that was probably meant to be another, the lines that have it, and why."""

    file: str
    column: str
    was: str
    to: str
    why: str
    lines: tuple[int, ...]


Names = Mapping[str, Collection[str]]
"""The names and ids of each table's records."""


def names_in(sheets: Sequence[Sheet], files: Mapping[str, FileMapping]) -> dict[str, set[str]]:
    """What the files' own records are called."""
    found: dict[str, set[str]] = {}
    for sheet in sheets:
        held = files[sheet.name]
        for column in [*held.holding("name"), *held.holding("id")]:
            if column in sheet.header:
                found.setdefault(held.table, set()).update(cell for _, cell in sheet.column(column))
    return found


def suspicions(sheets: Sequence[Sheet], files: Mapping[str, FileMapping], names: Names) -> list[Suspicion]:
    """Every value that is nearly a known one, by file, column and value."""
    return [
        Suspicion(sheet.name, column, was, found.name, found.why, tuple(lines))
        for sheet in sheets
        if files[sheet.name].table in TABLES
        for column, field in _columns(sheet, files[sheet.name])
        for was, found, lines in _of_column(sheet.column(column), field, names)
    ]


def _columns(sheet: Sheet, held: FileMapping) -> Iterator[tuple[str, Field]]:
    fields = TABLES[held.table].fields
    for name, column in held.columns.items():
        if name in sheet.header and column.field in fields and column.field != IGNORE:
            yield name, fields[column.field]


def _of_column(cells: Sequence[tuple[int, str]], field: Field, names: Names) -> Iterator[tuple[str, Near, list[int]]]:
    if field.kind not in {"word", "name", "reference"}:
        return
    times = Counter(cell for _, cell in cells)
    for value in sorted(times):
        found = _meant(value, field, names, times)
        if found:
            yield value, found, [line for line, cell in cells if cell == value]


def _meant(value: str, field: Field, names: Names, times: Counter[str]) -> Near | None:
    of_table = names.get(field.of or "", ())
    if of_table:
        return None if value in of_table else _among(value, of_table, f"is one of the {field.of}")
    words = VOCABULARY.words.get(field.of or "", ())
    if value.casefold() in {word.casefold() for word in words}:
        return None
    listed = _among(value, words, f"is a word of the list of {field.of}")
    if listed:
        return Near(listed.name.capitalize() if value[0].isupper() else listed.name, listed.why)
    if field.kind == "reference":
        return None
    frequent = [other for other, count in times.items() if count >= OFTEN * times[value]]
    return _among(value, frequent, "is far more frequent in the column")


def _among(value: str, known: Collection[str], because: str) -> Near | None:
    found = near(value, known)
    return Near(found.name, f"{found.name!r} {because}, and {found.why}") if found else None
