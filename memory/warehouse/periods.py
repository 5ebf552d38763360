"""What metrics are measured over where nobody says, by the calendar that the SQL reckons with."""

from datetime import date
from enum import StrEnum

from core.periods import DAY, Calendar, Grain, Period, months_after

CALENDAR = Calendar()
GRAINS = (Grain.WEEK, Grain.MONTH, Grain.QUARTER)
"""The steps of a series."""
SERIES_MONTHS, SERIES_WEEKS = 24, 52


class Usual(StrEnum):
    """What a metric is measured over where nothing else is asked for."""

    DAY = "day"
    MONTH_TO_DATE = "month_to_date"
    LAST_12_MONTHS = "last_12_months"

    def over(self, as_of: date) -> Period:
        """The period that ends with the day."""
        if self is Usual.DAY:
            return CALENDAR.step(Grain.DAY, as_of)
        if self is Usual.MONTH_TO_DATE:
            return CALENDAR.to_date(Grain.MONTH, as_of)
        return Period(months_after(as_of + DAY, -12), as_of + DAY)


def usual_series(grain: Grain, as_of: date) -> Period:
    """The last two years of months or quarters, or the last year of weeks, with the one that the day is in."""
    begin = CALENDAR.step(grain, as_of).start
    if grain is Grain.WEEK:
        return Period(begin - 7 * DAY * (SERIES_WEEKS - 1), as_of + DAY)
    return Period(months_after(begin, (1 if grain is Grain.MONTH else 3) - SERIES_MONTHS), as_of + DAY)
