"""Dates as people say them, from Tuesday 13 January 2026."""

from datetime import date

import pytest

from tools.calls.due import Due, dues

TUESDAY = date(2026, 1, 13)


@pytest.mark.parametrize(
    ("said", "day"),
    [
        ("by this Friday", date(2026, 1, 16)),
        ("on Tuesday", date(2026, 1, 20)),
        ("by next Tuesday", date(2026, 1, 20)),
        ("next Thursday", date(2026, 1, 22)),
        ("Thursday the 29th", date(2026, 1, 29)),
        ("Friday, February 13", date(2026, 1, 16)),
        ("the 10th", date(2026, 2, 10)),
        ("tomorrow", date(2026, 1, 14)),
        ("a week from tomorrow", date(2026, 1, 21)),
        ("two weeks from Thursday", date(2026, 1, 29)),
        ("in a couple of weeks", date(2026, 1, 27)),
        ("within three business days", date(2026, 1, 16)),
        ("within five business days", date(2026, 1, 20)),
        ("in one month", date(2026, 2, 13)),
        ("by the end of next week", date(2026, 1, 23)),
        ("end of the month", date(2026, 1, 31)),
        ("by EOD", TUESDAY),
        ("end of the quarter", date(2026, 3, 31)),
        ("next quarter", date(2026, 6, 30)),
        ("by the end of November", date(2026, 11, 30)),
        ("January 29th, 2027", date(2027, 1, 29)),
        ("3 December", date(2026, 12, 3)),
        ("by 2/3", date(2026, 2, 3)),
        ("2026-02-03", date(2026, 2, 3)),
        ("in a few weeks", None),
        ("by the 31st of February", None),
    ],
)
def test_a_date_is_resolved_from_the_day_of_the_call(said: str, day: date | None) -> None:
    assert dues(f"I'll send it {said}.", TUESDAY)[0].day == day


def test_where_it_was_said_is_kept() -> None:
    text = "I'll send it by Friday, and call you on Monday."
    assert dues(text, TUESDAY) == [
        Due("by Friday", (13, 22), date(2026, 1, 16)),
        Due("on Monday", (37, 46), date(2026, 1, 19)),
    ]


def test_a_day_before_which_nothing_happens_is_no_due_date() -> None:
    assert dues("So nothing before the 23rd, please.", TUESDAY) == []
    assert dues("I'll have it before the 23rd.", TUESDAY)[0].day == date(2026, 1, 23)


@pytest.mark.parametrize(
    "said", ["it's fifty-fifty", "open 24/7", "we may send it", "about 5/8 of an inch", "the second one"]
)
def test_other_numbers_and_words_are_no_dates(said: str) -> None:
    assert dues(said, TUESDAY) == []


def test_without_the_day_of_the_call_only_whole_dates_are_resolved() -> None:
    assert [due.day for due in dues("tomorrow, or on March 3, 2026", None)] == [None, date(2026, 3, 3)]


def test_a_call_in_december_speaks_of_the_january_to_come() -> None:
    assert dues("by January 15th", date(2026, 12, 10))[0].day == date(2027, 1, 15)
    assert dues("end of next month", date(2026, 12, 10))[0].day == date(2027, 1, 31)


@pytest.mark.parametrize(
    "said",
    [
        "I'll send the minutes of January 5th.",
        "I'll send it by 2025-12-01.",
        "I'll send it by January 15, 2025.",
    ],
)
def test_a_day_before_the_call_is_no_due_date(said: str) -> None:
    assert dues(said, TUESDAY) == []


@pytest.mark.parametrize(
    "said",
    [
        "We sent you the draft on Monday.",
        "We met last Tuesday.",
        "I'll fix what broke on Monday.",
        "I'll look into Friday's outage.",
        "As we agreed on Monday, I'll send the draft.",
        "I'll ask why it was late on Monday.",
        "Any day except Monday.",
        "Acme was live in five weeks. I can put you in touch.",
        "It's a Wednesday.",
    ],
)
def test_a_day_that_is_only_told_of_is_no_due_date(said: str) -> None:
    assert dues(said, TUESDAY) == []


def test_a_day_ahead_counts_beside_one_that_is_told_of() -> None:
    said = "Since we spoke on Monday, I'll send it on Thursday, and I'll have it signed by Friday."
    assert [due.text for due in dues(said, TUESDAY)] == ["on Thursday", "by Friday"]


@pytest.mark.parametrize(
    "said",
    ["every Tuesday", "each Friday", "every other Thursday", "on Mondays", "every week on Friday", "once a week"],
)
def test_what_comes_again_fixes_no_day(said: str) -> None:
    (due,) = dues(f"I'll send the report {said}.", TUESDAY)
    assert (due.text, due.day) == (said, None)


@pytest.mark.parametrize(("week", "day"), [("next", date(2026, 1, 22)), ("this", date(2026, 1, 15))])
def test_what_comes_again_from_a_week_on_begins_on_its_day_in_that_week(week: str, day: date) -> None:
    [due] = dues(f"Let's meet every Thursday, 15 minutes, starting {week} week.", TUESDAY)
    assert due.day == day


def test_the_end_of_what_comes_again_is_no_due_date() -> None:
    assert [due.day for due in dues("I'll send it every Friday until March 3rd.", TUESDAY)] == [None]
