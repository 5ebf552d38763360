"""What accounts for a change adds up to it, and what came about that time is called probable at most."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.errors import InvalidInputError
from core.periods import Period
from tools.metrics.contributions import Event, Part, Segment, contributions, probably, ratio_contributions

MARCH = Period(date(2026, 3, 1), date(2026, 4, 1))
COUNTS = st.tuples(st.integers(0, 1000), st.integers(1, 1000)).map(lambda two: (float(two[0]), float(two[1])))


def test_the_largest_parts_come_first_with_their_shares() -> None:
    found = contributions(100, 60, [Part("Alder", 10, 20), Part("Birch", 50, 10), Part("Cedar", 30, 20)])
    assert [(part.name, part.change, part.share) for part in found.parts] == [
        ("Birch", -40, 1.0),
        ("Alder", 10, -0.25),
        ("Cedar", -10, 0.25),
    ]
    assert (found.change, found.rest.change, found.rest.share) == (-40, 0, 0)


def test_what_no_listed_part_has_is_the_rest() -> None:
    found = contributions(100, 160, [Part("Alder", 10, 40)])
    assert (found.rest.name, found.rest.change, found.rest.share) == ("rest", 30, 0.5)


def test_without_a_change_there_are_no_shares() -> None:
    found = contributions(30, 30, [Part("Alder", 10, 20), Part("Birch", 20, 10)])
    assert [part.share for part in found.parts] == [None, None]


@given(st.lists(st.tuples(st.integers(-1000, 1000), st.integers(-1000, 1000)), max_size=8), st.integers(-50, 50))
def test_parts_and_rest_add_up_to_the_change(values: list[tuple[int, int]], unlisted: int) -> None:
    parts = [Part(str(number), *pair) for number, pair in enumerate(values)]
    before, after = sum(part.before for part in parts), sum(part.after for part in parts) + unlisted
    found = contributions(before, after, parts)
    assert sum(part.change for part in found.parts) + found.rest.change == pytest.approx(found.change)
    assert found.rest.change == pytest.approx(unlisted)


def test_a_part_given_twice_is_refused() -> None:
    with pytest.raises(InvalidInputError, match="'Alder' is given twice"):
        contributions(1, 2, [Part("Alder", 1, 1), Part("Alder", 0, 1)])


def test_a_rate_that_fell_everywhere_is_all_rate() -> None:
    found = ratio_contributions([Segment("small", (20, 40), (10, 40)), Segment("large", (10, 10), (8, 10))])
    assert found.change == pytest.approx(18 / 50 - 30 / 50)
    assert [found.rate, found.mix] == pytest.approx([found.change, 0])
    assert found.segments[0].name == "small"


def test_a_whole_that_fell_while_no_part_did_is_all_mix() -> None:
    found = ratio_contributions([Segment("easy", (80, 100), (8, 10)), Segment("hard", (2, 10), (20, 100))])
    assert found.change == pytest.approx(28 / 110 - 82 / 110)
    assert [found.rate, found.mix] == pytest.approx([0, found.change])
    assert [segment.mix for segment in found.segments] == pytest.approx([-0.3 * 90 / 110] * 2)


def test_a_new_segment_changes_the_mix_only() -> None:
    found = ratio_contributions([Segment("old", (5, 10), (5, 10)), Segment("new", (0, 0), (1, 10))])
    new = next(segment for segment in found.segments if segment.name == "new")
    assert (new.rate, found.rate) == (0, 0)
    assert found.mix == pytest.approx(6 / 20 - 5 / 10)


@given(st.lists(st.tuples(COUNTS, COUNTS), min_size=1, max_size=6))
def test_rates_and_mix_add_up_to_the_change_of_a_ratio(
    values: list[tuple[tuple[float, float], tuple[float, float]]],
) -> None:
    found = ratio_contributions([Segment(str(number), *pair) for number, pair in enumerate(values)])
    assert sum(segment.change for segment in found.segments) == pytest.approx(found.change, abs=1e-9)
    assert found.rate + found.mix == pytest.approx(found.change, abs=1e-9)


@pytest.mark.parametrize(
    ("before", "after"), [((1, 0), (1, 2)), ((1, -2), (1, 2)), ((0, 0), (1, 2)), ((float("nan"), 1), (1, 2))]
)
def test_what_is_no_ratio_is_refused(before: tuple[float, float], after: tuple[float, float]) -> None:
    with pytest.raises(InvalidInputError):
        ratio_contributions([Segment("all", before, after)])


def test_events_of_what_pulled_most_come_first_and_far_ones_not_at_all() -> None:
    found = contributions(100, 40, [Part("Birch", 60, 10), Part("Alder", 10, 30)])
    moved = Event(date(2026, 2, 25), "Birch put its renewal off", "Birch")
    fair = Event(date(2026, 3, 10), "The spring fair took place")
    grew = Event(date(2026, 3, 2), "Alder added seats", "Alder")
    listed = probably(
        MARCH, found.parts, [fair, grew, moved, Event(date(2026, 2, 14), "Long ago"), Event(date(2026, 4, 1), "Later")]
    )
    assert [one.event for one in listed] == [moved, grew, fair]
    assert [one.share for one in listed] == [pytest.approx(50 / 60), None, None]
    assert (listed[0].days_before, listed[1].days_before) == (4, 0)


def test_an_event_is_called_probable_and_never_a_cause() -> None:
    found = contributions(100, 50, [Part("Birch", 60, 10)])
    (one,) = probably(MARCH, found.parts, [Event(date(2026, 2, 25), "Birch put its renewal off", "Birch")])
    assert one.text == (
        "Probably connected: Birch put its renewal off (2026-02-25, 4 days before; Birch is 100% of the change)"
    )
