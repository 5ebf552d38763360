"""Values that were probably meant to be others: of a table that is referred to, of a known list, or of their own column.

Nothing is changed here: every suspicion is told with what speaks for it, and the mapping decides.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from tools.crm.fields import TABLES, VOCABULARY, Field
from tools.crm.mapping import FileMapping
from tools.crm.nearness import Near, Nearness
from tools.crm.sheets import Sheet

JUDGED = {"word", "name", "reference"}
LISTS = {name: Nearness(words) for name, words in VOCABULARY.words.items()}
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


@dataclass(slots=True)
class Called:
    """What the records of a table are called. Only a name can be misspelt: an id is right or wrong."""

    ids: set[str] = field(default_factory=set)
    names: set[str] = field(default_factory=set)

    def __contains__(self, value: object) -> bool:
        return value in self.ids or value in self.names


def called(sheets: Sequence[Sheet], files: Mapping[str, FileMapping]) -> dict[str, Called]:
    """What the files' own records are called, by table."""
    found: dict[str, Called] = {}
    for sheet in sheets:
        held = files[sheet.name]
        of_table = found.setdefault(held.table, Called())
        for words, told in ((of_table.ids, "id"), (of_table.names, "name")):
            words.update(cell for column in held.holding(told) for _, cell in sheet.column(column))
    return found


def suspicions(
    sheets: Sequence[Sheet], files: Mapping[str, FileMapping], known: Mapping[str, Called]
) -> list[Suspicion]:
    """Every value that is nearly a known one, by file, column and value."""
    names = {table: Nearness(one.names) for table, one in known.items()}
    return [
        Suspicion(sheet.name, column, was, found.name, found.why, tuple(lines))
        for sheet in sheets
        if files[sheet.name].table in TABLES
        for column, field in _columns(sheet, files[sheet.name])
        for was, found, lines in _of_column(sheet.column(column), field, known, names)
    ]


def _columns(sheet: Sheet, held: FileMapping) -> Iterator[tuple[str, Field]]:
    fields = TABLES[held.table].fields
    for name, column in held.columns.items():
        if name in sheet.header and column.field in fields and fields[column.field].kind in JUDGED:
            yield name, fields[column.field]


def _of_column(
    cells: Sequence[tuple[int, str]], field: Field, known: Mapping[str, Called], names: Mapping[str, Nearness]
) -> Iterator[tuple[str, Near, list[int]]]:
    lines: dict[str, list[int]] = {}
    for line, cell in cells:
        lines.setdefault(cell, []).append(line)
    of_table = known.get(field.of or "")
    frequent = Nearness(value for value, found in lines.items() if len(found) >= OFTEN)
    for value in sorted(lines):
        if of_table and (of_table.ids or of_table.names):
            near = None if value in of_table else names[field.of or ""].near(value)
            because = f"is one of the {field.of}"
        elif field.kind == "reference":
            near, because = None, ""
        else:
            near, because = _by_itself(value, field, lines, frequent)
        if near:
            yield value, Near(near.name, f"{near.name!r} {because}, and {near.why}"), lines[value]


def _by_itself(value: str, field: Field, lines: Mapping[str, list[int]], frequent: Nearness) -> tuple[Near | None, str]:
    """The word of the field's list, or the value of the same column, that was probably meant."""
    words = VOCABULARY.words.get(field.of or "", ())
    if value.casefold() in {word.casefold() for word in words}:
        return None, ""
    listed = LISTS[field.of].near(value) if field.of in LISTS else None
    if listed:
        name = listed.name.capitalize() if value[0].isupper() else listed.name
        return Near(name, listed.why), f"is a word of the list of {field.of}"
    often = OFTEN * len(lines[value])
    return frequent.near(value, lambda other: len(lines[other]) >= often), "is far more frequent in the column"
