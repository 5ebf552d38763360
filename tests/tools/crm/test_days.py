from datetime import UTC, date, datetime

import pytest

from tools.crm.days import Reading, agreed, day, moment, reading
from tools.crm.unreadable import UnreadableError

TODAY = date(2026, 3, 20)


@pytest.mark.parametrize(
    ("text", "order", "expected"),
    [
        ("2026-03-09", None, date(2026, 3, 9)),
        ("2026/3/9", None, date(2026, 3, 9)),
        ("20260309", None, date(2026, 3, 9)),
        ("2026-03-09T23:30:00Z", None, date(2026, 3, 9)),
        ("2026-03-09 23:30", None, date(2026, 3, 9)),
        ("2026-03", None, date(2026, 3, 1)),
        ("9 Mar 2026", None, date(2026, 3, 9)),
        ("09-Mar-26", None, date(2026, 3, 9)),
        ("March 9, 2026", None, date(2026, 3, 9)),
        ("09-03-26", "dmy", date(2026, 3, 9)),
        ("03/09/2026 14:05", "mdy", date(2026, 3, 9)),
        ("26.03.09", "ymd", date(2026, 3, 9)),
        ("1.2.99", "dmy", date(1999, 2, 1)),
        ("46090", "serial", date(2026, 3, 9)),
        ("46090.75", "serial", date(2026, 3, 9)),
    ],
)
def test_a_day_is_read_in_every_way_that_exports_write_it(text: str, order: str | None, expected: date) -> None:
    assert day(text, order) == expected


@pytest.mark.parametrize(
    ("text", "order"),
    [
        ("09-03-26", None),
        ("46090", None),
        ("46090", "dmy"),
        ("31-02-2026", "dmy"),
        ("2026-02-30", None),
        ("13/14/2026", "mdy"),
        ("03-04-2026", "ymd"),
        ("9 Marble 2026", None),
        ("soon", "dmy"),
        ("2026-13", None),
    ],
)
def test_what_is_no_day_or_needs_an_order_is_not_guessed(text: str, order: str | None) -> None:
    with pytest.raises(UnreadableError):
        day(text, order)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("2026-03-09", (9, 0, 0)),
        ("2026-03-09T10:05:06.789Z", (9, 10, 5)),
        ("2026-03-09 01:30:00+02:00", (8, 23, 30)),
        ("2026-03-08 23:30 -0100", (9, 0, 30)),
        ("03/09/2026 2:05 PM", (9, 14, 5)),
        ("03/09/2026 12:05 AM", (9, 0, 5)),
    ],
)
def test_a_moment_is_told_in_utc(text: str, expected: tuple[int, int, int]) -> None:
    found = moment(text, "mdy")
    assert (found.day, found.hour, found.minute) == expected
    assert found.tzinfo is UTC


@pytest.mark.parametrize("text", ["2026-03-09 25:00", "9999-12-31 23:59-14:00", "0001-01-01 00:00+02:00"])
def test_a_time_that_no_clock_or_calendar_has_is_refused(text: str) -> None:
    with pytest.raises(UnreadableError):
        moment(text)


def test_a_day_alone_is_the_moment_of_its_beginning() -> None:
    assert moment("2026-03-09") == datetime(2026, 3, 9, tzinfo=UTC)


def read(*values: str, past: bool = False) -> Reading:
    return reading(values, today=TODAY, past=past)


@pytest.mark.parametrize(
    ("values", "order"),
    [
        (["01/02/2026", "13/02/2026"], "dmy"),
        (["01/02/2026", "02/13/2026", "n/a"], "mdy"),
        (["46090", "46091"], "serial"),
        (["2026-03-09", "2026-03-10"], None),
        (["9 Mar 2026", "10/03/2026", "25/03/2026"], "dmy"),
    ],
)
def test_one_clear_value_decides_for_the_whole_column(values: list[str], order: str | None) -> None:
    found = read(*values)
    assert found.decided
    assert found.order == order


def test_the_value_that_decides_is_named() -> None:
    assert read("01/02/2026", "13/02/2026").why == "'13/02/2026' can be read in no other way"


@pytest.mark.parametrize("values", [["01/02/2026", "03/04/2026"], ["01-02-26"], ["44/55/2026"]])
def test_a_column_that_can_be_read_in_two_ways_is_left_open(values: list[str]) -> None:
    found = read(*values, past=True)
    assert not found.decided
    assert repr(values[0]) in found.why


def test_a_column_that_contradicts_itself_is_left_open_and_both_values_are_named() -> None:
    found = read("13/02/2026", "02/13/2026")
    assert not found.decided
    assert "'13/02/2026'" in found.why
    assert "'02/13/2026'" in found.why


def test_past_days_are_not_read_into_the_future_and_a_single_late_one_proves_nothing() -> None:
    years = [f"{day:02}-03-17" for day in range(1, 32)]
    assert not read(*years).decided
    found = read(*years, past=True)
    assert (found.order, found.decided) == ("dmy", True)
    assert "2026-03-20" in found.why
    assert not read("05/04/2025", "05/05/2025", "05/06/2025", "04/05/2026", past=True).decided


def test_an_open_column_follows_the_others_of_its_file_where_they_agree() -> None:
    dmy, mdy, unclear = Reading("dmy", True, ""), Reading("mdy", True, ""), Reading(None, False, "")
    evident = Reading(None, True, "")
    assert agreed(unclear, [unclear, dmy, evident]).order == "dmy"
    assert agreed(unclear, [unclear, dmy, mdy]) is unclear
    assert agreed(mdy, [dmy]) is mdy
    assert agreed(evident, [dmy]) is evident
