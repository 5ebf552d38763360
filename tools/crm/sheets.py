"""CSV files as rows of cells: their encoding and delimiter are found out, and every row knows its line."""

import codecs
import csv
import io
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice

from core.errors import InvalidInputError

DELIMITERS = (",", ";", "\t", "|")
LOOKED_AT = 50
_MARKS = ((codecs.BOM_UTF8, "utf-8-sig"), (codecs.BOM_UTF16_LE, "utf-16"), (codecs.BOM_UTF16_BE, "utf-16"))


@dataclass(frozen=True, slots=True)
class Row:
    """The cells of a row, without the blanks around them; `line` is where it begins, the file's first line being 1."""

    line: int
    cells: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Sheet:
    """A file: one row of names, then rows of as many cells each. `ragged` rows have other numbers of cells."""

    name: str
    header: tuple[str, ...]
    rows: tuple[Row, ...]
    ragged: tuple[Row, ...]
    encoding: str
    delimiter: str

    def column(self, name: str) -> list[tuple[int, str]]:
        """The line and the cell of every row that has something in the column."""
        at = self.header.index(name)
        return [(row.line, row.cells[at]) for row in self.rows if row.cells[at]]


def read_sheet(name: str, content: bytes) -> Sheet:
    """The file's rows; InvalidInputError that names the file, the line and the fault where it is no CSV."""
    text, encoding = _decode(name, content)
    declared, text, skipped = _declared_delimiter(text)
    delimiter = declared or _delimiter(text)
    try:
        rows = list(_rows(text, delimiter, skipped))
    except csv.Error as error:
        raise InvalidInputError(
            f"{name}: not a CSV file: {error}: look for a quotation mark that is not closed"
        ) from None
    if not rows:
        raise InvalidInputError(f"{name}: the file is empty: the first row must name the columns")
    header = _header(name, rows[0])
    body = [_trimmed(row, len(header)) for row in rows[1:]]
    return Sheet(
        name=name,
        header=header,
        rows=tuple(row for row in body if len(row.cells) == len(header)),
        ragged=tuple(row for row in body if len(row.cells) != len(header)),
        encoding=encoding,
        delimiter=delimiter,
    )


def _decode(name: str, content: bytes) -> tuple[str, str]:
    """The text, and what it was written in: UTF-8 if it can be that, else cp1252, which every byte but five is."""
    marked = next((encoding for mark, encoding in _MARKS if content.startswith(mark)), None)
    for encoding in [marked] if marked else ["utf-8", "cp1252"]:
        try:
            text = content.decode(encoding)
        except UnicodeDecodeError:
            continue
        if "\0" not in text:
            return text, encoding
    raise InvalidInputError(f"{name}: not a text file in UTF-8, UTF-16 with its mark, or cp1252: save it as UTF-8")


def _declared_delimiter(text: str) -> tuple[str | None, str, int]:
    """The delimiter that a first line `sep=;`, as spreadsheets write it, declares; the rest; lines before the rest."""
    first, _, rest = text.partition("\n")
    declared = first.strip().removeprefix("sep=")
    if first.startswith("sep=") and len(declared) == 1:
        return declared, rest, 1
    return None, text, 0


def _delimiter(text: str) -> str:
    """The one that cuts the first rows into the most columns, all of the same number."""

    def regular(delimiter: str) -> tuple[int, int]:
        try:
            widths = [len(row.cells) for row in islice(_rows(text, delimiter, 0), LOOKED_AT)]
        except csv.Error:
            return (0, 0)
        return (widths.count(widths[0]), widths[0]) if widths and widths[0] > 1 else (0, 0)

    return max(DELIMITERS, key=regular)


def _rows(text: str, delimiter: str, skipped: int) -> Iterator[Row]:
    """Every row that has a cell with something in it."""
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    line = 1 + skipped
    for cells in reader:
        stripped = tuple(cell.strip() for cell in cells)
        if any(stripped):
            yield Row(line, stripped)
        line = 1 + skipped + reader.line_num


def _header(name: str, row: Row) -> tuple[str, ...]:
    """The columns' names; one without a name is called by its place."""
    names = tuple(cell or f"column {place}" for place, cell in enumerate(row.cells, 1))
    twice = sorted({one for one in names if names.count(one) > 1})
    if twice:
        raise InvalidInputError(f"{name}: two columns are called {twice[0]!r}: give each a name of its own")
    return names


def _trimmed(row: Row, width: int) -> Row:
    """The row without empty cells beyond the last column."""
    beyond = row.cells[width:]
    return Row(row.line, row.cells[:width]) if beyond and not any(beyond) else row
