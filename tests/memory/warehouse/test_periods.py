"""What is usual ends with the day that is asked about."""

from datetime import date

from hypothesis import given
from hypothesis import strategies as st

from core.periods import DAY, Grain, Period
from memory.warehouse.periods import GRAINS, Usual, usual_series

DAYS = st.dates(date(1990, 1, 1), date(2090, 1, 1))


@given(DAYS)
def test_what_is_usual_ends_with_the_day(day: date) -> None:
    for period in (*(usual.over(day) for usual in Usual), *(usual_series(grain, day) for grain in GRAINS)):
        assert period.start <= period.last == day


def test_a_series_is_of_two_years_and_twelve_months_are_a_year() -> None:
    assert Usual.LAST_12_MONTHS.over(date(2026, 3, 20)) == Period(date(2025, 3, 21), date(2026, 3, 20) + DAY)
    assert usual_series(Grain.MONTH, date(2026, 3, 20)).start == date(2024, 4, 1)
    assert usual_series(Grain.QUARTER, date(2026, 3, 20)).start == date(2024, 4, 1)
