from datetime import date, timedelta
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from memory.warehouse.periods import DAY, Grain, Period, Usual, months_before, usual_series

DAYS = st.dates(date(1990, 1, 1), date(2090, 1, 1))


@pytest.mark.parametrize(
    ("start", "until", "text"),
    [
        (date(2026, 3, 1), date(2026, 4, 1), "March 2026"),
        (date(2026, 1, 1), date(2027, 1, 1), "2026"),
        (date(2026, 3, 20), date(2026, 3, 21), "2026-03-20"),
        (date(2026, 3, 9), date(2026, 3, 16), "2026-03-09 to 2026-03-15"),
    ],
)
def test_a_period_is_told_with_both_its_days(start: date, until: date, text: str) -> None:
    assert Period(start, until).text == text


@given(DAYS, st.integers(1, 900), st.sampled_from(Grain))
def test_the_steps_of_a_period_are_all_of_it_and_nothing_else(start: date, length: int, grain: Grain) -> None:
    period = Period(start, start + timedelta(days=length))
    steps = list(period.steps(grain))
    assert (steps[0].start, steps[-1].until) == (period.start, period.until)
    assert all(before.until == after.start for before, after in pairwise(steps))
    assert all(step.whole(grain) for step in steps[1:-1])
    assert all(grain.begin(step.start) == grain.begin(step.last) for step in steps)


@given(DAYS)
def test_what_is_usual_ends_with_the_day(day: date) -> None:
    for period in (*(usual.over(day) for usual in Usual), *(usual_series(grain, day) for grain in Grain)):
        assert period.start <= period.last == day


def test_a_month_earlier_is_never_a_month_later() -> None:
    assert months_before(date(2026, 3, 31), 1) == date(2026, 2, 28)
    assert Usual.LAST_12_MONTHS.over(date(2026, 3, 20)) == Period(date(2025, 3, 21), date(2026, 3, 20) + DAY)
    assert usual_series(Grain.MONTH, date(2026, 3, 20)).start == date(2024, 4, 1)
    assert usual_series(Grain.QUARTER, date(2026, 3, 20)).start == date(2024, 4, 1)
