from datetime import date

import pytest

from api.briefings.periods import Kind, read_days
from core.errors import InvalidInputError
from core.periods import Calendar

TODAY = date(2026, 3, 20)


@pytest.mark.parametrize(
    ("words", "kind", "first", "last", "before"),
    [
        ("last-week", Kind.WEEK, "2026-03-09", "2026-03-15", "2026-03-02 to 2026-03-08"),
        ("last-month", Kind.MONTH, "2026-02-01", "2026-02-28", "January 2026"),
        ("last-quarter", Kind.QUARTER, "2025-10-01", "2025-12-31", "Q3 2025"),
        ("month-to-date", Kind.MONTH_TO_DATE, "2026-03-01", "2026-03-20", "2026-02-01 to 2026-02-20"),
        (" Last-Week ", Kind.WEEK, "2026-03-09", "2026-03-15", "2026-03-02 to 2026-03-08"),
        ("2026-01", Kind.MONTH, "2026-01-01", "2026-01-31", "December 2025"),
        ("2026-03", Kind.MONTH_TO_DATE, "2026-03-01", "2026-03-20", "2026-02-01 to 2026-02-20"),
        ("2026-03-03..2026-03-12", Kind.DAYS, "2026-03-03", "2026-03-12", "2026-02-21 to 2026-03-02"),
        ("2026-03-20..2026-03-20", Kind.DAYS, "2026-03-20", "2026-03-20", "2026-03-19"),
        ("2026-03-02..2026-03-08", Kind.WEEK, "2026-03-02", "2026-03-08", "2026-02-23 to 2026-03-01"),
        ("2026-02-01..2026-02-28", Kind.MONTH, "2026-02-01", "2026-02-28", "January 2026"),
        ("2025-07-01..2025-09-30", Kind.QUARTER, "2025-07-01", "2025-09-30", "Q2 2025"),
    ],
)
def test_words_are_days_and_what_they_are_compared_with(
    words: str, kind: Kind, first: str, last: str, before: str
) -> None:
    days = read_days(words, TODAY, Calendar())
    assert (days.kind, str(days.period.start), str(days.period.last)) == (kind, first, last)
    assert days.compared_told == before


def test_a_month_that_ends_today_is_a_whole_one() -> None:
    days = read_days("2026-03", date(2026, 3, 31), Calendar())
    assert (days.kind, days.told) == (Kind.MONTH, "March 2026")


def test_a_quarter_is_the_companys() -> None:
    days = read_days("last-quarter", TODAY, Calendar(first_month=2))
    assert (days.period.start, days.period.last) == (date(2025, 11, 1), date(2026, 1, 31))


@pytest.mark.parametrize(
    "words",
    ["", "yesterday", "2026", "2026-13", "2026-02-30..2026-03-01", "0000-01", "2026-03-01", "2026-03-05..2026-03-01"],
)
def test_other_words_are_refused(words: str) -> None:
    with pytest.raises(InvalidInputError):
        read_days(words, TODAY, Calendar())


@pytest.mark.parametrize("words", ["2026-04", "2026-03-16..2026-03-22"])
def test_days_to_come_are_refused(words: str) -> None:
    with pytest.raises(InvalidInputError, match="still to come: it is 2026-03-20"):
        read_days(words, TODAY, Calendar())
