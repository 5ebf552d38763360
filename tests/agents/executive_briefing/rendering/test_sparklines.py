from datetime import date

from agents.executive_briefing.document import Point
from agents.executive_briefing.rendering.sparklines import drawn, sparkline
from tests.agents.executive_briefing.briefings import months


def test_the_lowest_and_the_highest_are_the_ends_of_the_scale() -> None:
    assert sparkline(months((0, 7, 3.5, None))) == "▁█▅·"


def test_a_course_that_does_not_move_is_in_the_middle() -> None:
    assert sparkline(months((5, 5))) == "▅▅"
    assert "M4.0 14.0L100.0 14.0" in drawn(months((5, 5)))


def test_only_the_latest_values_are_shown() -> None:
    assert len(sparkline(months(range(24)))) == 16


def test_a_period_under_way_looks_like_no_fall() -> None:
    assert sparkline(months((1, 8, 2), partial=True)) == "▁█"


def test_a_period_under_way_is_a_ring_that_no_line_leads_to() -> None:
    svg = drawn(months((1, 2, 0), partial=True))
    assert 'd="M4.0 14.0L52.0 4.0"' in svg
    assert 'cx="100.0" cy="24.0" r="2.6" class="ring"' in svg


def test_the_line_has_a_gap_where_nothing_was_measured() -> None:
    assert drawn(months((1, None, 2, 1))).count("M") == 2


def test_one_value_is_no_course() -> None:
    assert drawn((Point(date(2026, 1, 1), 3), Point(date(2026, 2, 1), None))) == ""


def test_the_course_is_told_in_words() -> None:
    label = 'aria-label="3 values, 1 April 2025 – 1 June 2025, lowest 1, highest 3"'
    assert label.replace("April 2025 –", "April –") in drawn(months((1, 3, 2)))
