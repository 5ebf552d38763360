"""Days as people say them, counted from Saturday, 21 November 2026."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.text.dates import mentions

TODAY = date(2026, 11, 21)
DAYS = st.dates(date(2000, 1, 1), date(2090, 12, 31))


def said(text: str, *, future: bool = False, today: date = TODAY) -> list[tuple[str, str]]:
    found = mentions(text, today=today, future=future)
    return [(mention.days.first.isoformat(), mention.days.last.isoformat()) for mention in found]


@pytest.mark.parametrize(
    ("text", "first", "last"),
    [
        ("last week", "2026-11-09", "2026-11-15"),
        ("next Thursday", "2026-11-26", "2026-11-26"),
        ("last Monday", "2026-11-16", "2026-11-16"),
        ("this Tuesday", "2026-11-17", "2026-11-17"),
        ("yesterday's call", "2026-11-20", "2026-11-20"),
        ("the day before yesterday", "2026-11-19", "2026-11-19"),
        ("two weeks ago", "2026-11-07", "2026-11-07"),
        ("in 3 days", "2026-11-24", "2026-11-24"),
        ("the past three months", "2026-08-21", "2026-11-21"),
        ("last quarter", "2026-07-01", "2026-09-30"),
        ("Q3", "2026-07-01", "2026-09-30"),
        ("Q4 2025", "2025-10-01", "2025-12-31"),
        ("last year's Q1", "2025-01-01", "2025-03-31"),
        ("the second half of 2025", "2025-07-01", "2025-12-31"),
        ("since March", "2026-03-01", "2026-11-21"),
        ("from March to May", "2026-03-01", "2026-05-31"),
        ("between 3 June and 5 June", "2026-06-03", "2026-06-05"),
        ("the end of the month", "2026-11-30", "2026-11-30"),
        ("end of next quarter", "2027-03-31", "2027-03-31"),
        ("year to date", "2026-01-01", "2026-11-21"),
        ("5th of May 2027", "2027-05-05", "2027-05-05"),
        ("Nov 3", "2026-11-03", "2026-11-03"),
        ("23/04/2026", "2026-04-23", "2026-04-23"),
        ("in 2024", "2024-01-01", "2024-12-31"),
    ],
)
def test_words_name_these_days(text: str, first: str, last: str) -> None:
    assert said(f"What happened {text}?") == [(first, last)]


@pytest.mark.parametrize(
    ("text", "past", "future"),
    [
        ("in May", "2026-05-01", "2027-05-01"),
        ("on Thursday", "2026-11-19", "2026-11-26"),
        ("December", "2025-12-01", "2026-12-01"),
        ("29 February", "2024-02-29", "2028-02-29"),
    ],
)
def test_a_day_without_a_year_points_the_way_it_is_asked_for(text: str, past: str, future: str) -> None:
    assert said(text)[0][0] == past
    assert said(text, future=True)[0][0] == future


@pytest.mark.parametrize(
    "text", ["03/04/2026", "2026-02-30", "we may march on", "the first of each", "H100 at v2.3", "May we talk?"]
)
def test_what_names_no_certain_day_is_not_read(text: str) -> None:
    assert said(text) == []


@given(DAYS, DAYS)
def test_a_written_date_is_that_day_whatever_today_is(day: date, today: date) -> None:
    for text in (day.isoformat(), f"{day.day} {day:%B} {day.year}", f"{day:%b} {day.day}, {day.year}"):
        assert said(f"on {text}.", today=today) == [(day.isoformat(), day.isoformat())]


@given(DAYS, st.sampled_from(["Monday", "Wednesday", "Sunday"]))
def test_next_and_last_weekday_lie_within_a_week_on_either_side(today: date, name: str) -> None:
    following, before = mentions(f"next {name}", today=today)[0], mentions(f"last {name}", today=today)[0]

    assert timedelta(0) < following.days.first - today <= timedelta(7)
    assert timedelta(0) < today - before.days.first <= timedelta(7)
    assert f"{following.days.first:%A}" == f"{before.days.first:%A}" == name


@given(DAYS, st.sampled_from(["week", "month", "quarter", "year"]))
def test_last_this_and_next_stretch_follow_on_each_other(today: date, unit: str) -> None:
    last, this, after = (mentions(f"{which} {unit}", today=today)[0].days for which in ("last", "this", "next"))

    assert last.last + timedelta(1) == this.first <= today <= this.last == after.first - timedelta(1)


@given(st.text(max_size=80), DAYS)
def test_any_text_is_read_without_error_and_spans_lie_within_it(text: str, today: date) -> None:
    for mention in mentions(text, today=today):
        assert mention.days.first <= mention.days.last
        assert 0 <= mention.span[0] < mention.span[1] <= len(text)
