"""Periods are those that people mean: weeks from Monday, the same days of the month before, the company's fiscal year."""

from datetime import date
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.errors import InvalidInputError
from core.periods import Calendar, Grain, Period, months_after, year_before

DAYS = st.dates(date(2000, 1, 1), date(2050, 12, 31))
CALENDARS = st.builds(Calendar, st.integers(1, 12))
PLAIN = Calendar()


def _days(first: str, last: str) -> Period:
    return Period(date.fromisoformat(first), date.fromordinal(date.fromisoformat(last).toordinal() + 1))


@pytest.mark.parametrize(
    ("grain", "first", "last"),
    [
        (Grain.DAY, "2026-03-20", "2026-03-20"),
        (Grain.WEEK, "2026-03-16", "2026-03-22"),
        (Grain.MONTH, "2026-03-01", "2026-03-31"),
        (Grain.QUARTER, "2026-01-01", "2026-03-31"),
        (Grain.YEAR, "2026-01-01", "2026-12-31"),
    ],
)
def test_the_step_that_a_day_is_in(grain: Grain, first: str, last: str) -> None:
    assert PLAIN.step(grain, date(2026, 3, 20)) == _days(first, last)


def test_last_week_ended_on_the_sunday_before() -> None:
    for day in range(16, 23):
        assert PLAIN.last(Grain.WEEK, date(2026, 3, day)) == _days("2026-03-09", "2026-03-15")


def test_the_fiscal_year_begins_where_the_company_says() -> None:
    april = Calendar(4)
    assert april.step(Grain.YEAR, date(2026, 3, 31)) == _days("2025-04-01", "2026-03-31")
    assert april.last(Grain.QUARTER, date(2026, 4, 1)) == _days("2026-01-01", "2026-03-31")
    assert april.told(Grain.QUARTER, _days("2026-01-01", "2026-03-31")) == "Q4 FY2026"
    assert april.told(Grain.YEAR, _days("2026-04-01", "2027-03-31")) == "FY2027"
    assert Calendar(2).step(Grain.QUARTER, date(2026, 1, 15)) == _days("2025-11-01", "2026-01-31")


@pytest.mark.parametrize("month", [0, 13])
def test_a_month_that_is_none_is_refused(month: int) -> None:
    with pytest.raises(InvalidInputError, match="1 to 12"):
        Calendar(month)


@pytest.mark.parametrize(
    ("as_of", "first", "last"),
    [
        ("2026-03-20", "2026-02-01", "2026-02-20"),
        ("2026-03-30", "2026-02-01", "2026-02-28"),
        ("2026-03-31", "2026-02-01", "2026-02-28"),
        ("2026-02-28", "2026-01-01", "2026-01-31"),
        ("2028-02-28", "2028-01-01", "2028-01-28"),
        ("2026-01-02", "2025-12-01", "2025-12-02"),
    ],
)
def test_month_to_date_is_compared_with_the_same_days_of_the_month_before(as_of: str, first: str, last: str) -> None:
    to_date = PLAIN.to_date(Grain.MONTH, date.fromisoformat(as_of))
    assert to_date.last == date.fromisoformat(as_of)
    assert PLAIN.same_days_before(Grain.MONTH, to_date) == _days(first, last)


def test_what_does_not_begin_a_step_has_no_same_days() -> None:
    for period in (_days("2026-03-02", "2026-03-20"), _days("2026-03-01", "2026-04-02")):
        with pytest.raises(InvalidInputError, match="beginning of one month"):
            PLAIN.same_days_before(Grain.MONTH, period)


def test_the_year_before_has_the_same_days() -> None:
    assert year_before(_days("2026-03-01", "2026-03-20")) == _days("2025-03-01", "2025-03-20")
    assert year_before(_days("2025-02-01", "2025-02-28")) == _days("2024-02-01", "2024-02-29")
    assert year_before(_days("2024-02-10", "2024-02-29")) == _days("2023-02-10", "2023-02-28")


@pytest.mark.parametrize(
    ("day", "months", "after"),
    [("2026-01-31", 1, "2026-02-28"), ("2026-03-31", -1, "2026-02-28"), ("2024-02-29", -12, "2023-02-28")],
)
def test_a_day_that_a_month_lacks_becomes_its_last(day: str, months: int, after: str) -> None:
    assert months_after(date.fromisoformat(day), months) == date.fromisoformat(after)


@pytest.mark.parametrize(
    ("grain", "first", "last", "told"),
    [
        (Grain.MONTH, "2026-03-01", "2026-03-31", "March 2026"),
        (Grain.MONTH, "2026-03-01", "2026-03-20", "2026-03-01 to 2026-03-20"),
        (Grain.WEEK, "2026-03-09", "2026-03-15", "2026-03-09 to 2026-03-15"),
        (Grain.DAY, "2026-03-09", "2026-03-09", "2026-03-09"),
        (Grain.QUARTER, "2026-04-01", "2026-06-30", "Q2 2026"),
        (Grain.YEAR, "2026-01-01", "2026-12-31", "2026"),
    ],
)
def test_a_period_is_told_by_its_name_or_by_its_ends(grain: Grain, first: str, last: str, told: str) -> None:
    assert PLAIN.told(grain, _days(first, last)) == told


@pytest.mark.parametrize(
    ("first", "last", "text"),
    [
        ("2026-03-01", "2026-03-31", "March 2026"),
        ("2026-01-01", "2026-12-31", "2026"),
        ("2026-01-01", "2026-03-31", "2026-01-01 to 2026-03-31"),
        ("2026-03-20", "2026-03-20", "2026-03-20"),
        ("2026-03-09", "2026-03-15", "2026-03-09 to 2026-03-15"),
    ],
)
def test_without_a_step_a_period_is_told_by_its_name_or_by_its_ends(first: str, last: str, text: str) -> None:
    assert _days(first, last).text == text


@given(CALENDARS, st.sampled_from(list(Grain)), DAYS)
def test_every_day_is_in_one_step_and_steps_join(calendar: Calendar, grain: Grain, day: date) -> None:
    step = calendar.step(grain, day)
    assert day in step
    assert calendar.step(grain, step.start) == calendar.step(grain, step.last) == step
    assert calendar.last(grain, day).until == step.start


@given(st.sampled_from(list(Grain)), DAYS, st.integers(0, 400))
def test_steps_cover_a_period_without_a_gap(grain: Grain, start: date, days: int) -> None:
    period = Period(start, date.fromordinal(start.toordinal() + days))
    steps = list(PLAIN.steps(grain, period))
    assert sum(step.days for step in steps) == days
    assert all(one.until == other.start for one, other in pairwise(steps))
    assert all(PLAIN.whole(grain, step) for step in steps[1:-1])
