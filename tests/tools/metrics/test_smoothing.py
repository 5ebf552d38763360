"""Exponential smoothing follows level, trend and season, in any unit, and looks at nothing after its origin."""

import math

import pytest

from tools.metrics.smoothing import handle, smoothed

SEASON = [100 + place + 10 * math.sin(place * math.tau / 12) + (0.3 if place % 5 else -0.7) for place in range(51)]


def test_a_season_goes_on() -> None:
    assert smoothed(SEASON[:48], 3, 12) == pytest.approx(SEASON[48:], abs=3)


def test_what_is_level_stays_level() -> None:
    assert smoothed([5.0] * 20, 2, 12) == pytest.approx([5, 5])


def test_the_unit_makes_no_difference() -> None:
    large = smoothed([value * 1e9 for value in SEASON[:48]], 3, 12)
    assert [value / 1e9 for value in large] == pytest.approx(smoothed(SEASON[:48], 3, 12), rel=1e-3)


def test_each_origin_knows_the_values_before_it_alone() -> None:
    asked = {"origins": [30, 40], "horizon": 2, "cycle": 12}
    later = [*SEASON[:40], *[0.0] * 8]
    assert handle({"values": SEASON, **asked}) == handle({"values": later, **asked})
