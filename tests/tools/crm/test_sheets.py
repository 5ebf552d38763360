import pytest

from core.errors import InvalidInputError
from tools.crm.sheets import Row, Sheet, read_sheet


def sheet(text: str, encoding: str = "utf-8") -> Sheet:
    return read_sheet("deals.csv", text.encode(encoding))


@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1252", "utf-16"])
def test_encoding_and_delimiter_are_found_out(encoding: str, delimiter: str) -> None:
    found = sheet(f"name{delimiter}amount\r\nMüller{delimiter}1.5 €\r\n", encoding)
    assert found.header == ("name", "amount")
    assert found.rows == (Row(2, ("Müller", "1.5 €")),)
    assert found.delimiter == delimiter


def test_a_decimal_comma_delimits_nothing() -> None:
    assert sheet("a;b;c\n1,5;2,5;x\n3,5;4,5;y\n").rows[0].cells == ("1,5", "2,5", "x")


def test_a_line_that_declares_the_delimiter_is_followed() -> None:
    found = sheet("sep=;\na;b\n1;2\n")
    assert (found.header, found.rows) == (("a", "b"), (Row(3, ("1", "2")),))


def test_a_row_knows_where_it_begins_behind_quoted_newlines_and_blank_lines() -> None:
    found = sheet('a,b\n"first\nsecond, still",2\n\n , \nlast,"3 ""x"""\n')
    assert found.rows == (Row(2, ("first\nsecond, still", "2")), Row(6, ("last", '3 "x"')))


def test_a_row_of_another_width_is_set_apart_and_empty_cells_beyond_the_last_are_none() -> None:
    found = sheet("a,b\n1,2,,\n1\n1,2,3\n")
    assert found.rows == (Row(2, ("1", "2")),)
    assert [row.line for row in found.ragged] == [3, 4]


def test_a_column_lists_the_cells_that_hold_something() -> None:
    assert sheet("a,b\n1,\n,2\n").column("b") == [(3, "2")]


def test_a_column_without_a_name_is_called_by_its_place() -> None:
    assert sheet("a,,c\n1,2,3\n").header == ("a", "column 2", "c")


@pytest.mark.parametrize(
    ("content", "fault"),
    [
        (b"", "empty"),
        (b"\n\n", "empty"),
        (b"a,a\n1,2\n", "'a'"),
        (b'a,b\n"1,2\n', "quotation mark"),
        (b"\x00\x01\x02", "not a text file"),
        (b"\x81\x8d", "not a text file"),
    ],
)
def test_a_file_that_is_no_csv_is_named_with_its_fault(content: bytes, fault: str) -> None:
    with pytest.raises(InvalidInputError, match=r"deals\.csv") as refused:
        read_sheet("deals.csv", content)
    assert fault in str(refused.value)
