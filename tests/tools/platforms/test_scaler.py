"""The scaler moves one instance at a time inside its limits, and never faster than its cool-down."""

from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tools.platforms.scaler import Limits, Load, Scaling, scaling

NOW = datetime(2026, 3, 18, 12, tzinfo=UTC)
LIMITS = Limits(price=Decimal("2.50"))
PERCENT = st.decimals(0, 100, places=1)
LOADS = st.builds(
    Load, st.integers(0, 9), PERCENT, st.none() | st.integers(0, 1200).map(lambda s: NOW - timedelta(seconds=s))
)
CEILINGS = st.none() | st.decimals(0, 30, places=2)


@pytest.mark.parametrize(
    ("instances", "used", "expected"),
    [
        (2, "80", Scaling(2, "within_bounds")),
        (2, "80.1", Scaling(3, "up_above")),
        (2, "20", Scaling(2, "within_bounds")),
        (2, "19.9", Scaling(1, "down_below")),
        (5, "100", Scaling(5, "most")),
        (1, "0", Scaling(1, "least")),
        (0, "0", Scaling(1, "least")),
        (9, "50", Scaling(5, "most")),
    ],
)
def test_the_bounds_are_exclusive_and_the_limits_hold(instances: int, used: str, expected: Scaling) -> None:
    assert scaling(Load(instances, Decimal(used)), LIMITS, NOW) == expected


def test_nothing_moves_within_the_cool_down_and_all_does_at_its_end() -> None:
    busy = Decimal(95)
    assert scaling(Load(2, busy, NOW - timedelta(seconds=599)), LIMITS, NOW) == Scaling(2, "cool_down")
    assert scaling(Load(2, busy, NOW - timedelta(minutes=10)), LIMITS, NOW) == Scaling(3, "up_above")


def test_the_cost_ceiling_stops_growth_and_takes_back_what_is_too_dear() -> None:
    limits = Limits(price=Decimal("2.50"), cost_ceiling=Decimal("7.50"))
    assert scaling(Load(3, Decimal(99)), limits, NOW) == Scaling(3, "cost_ceiling")
    assert scaling(Load(4, Decimal(99), NOW), limits, NOW) == Scaling(3, "cost_ceiling")


@given(LOADS, CEILINGS)
def test_the_size_is_always_allowed_and_a_step_of_load_is_one_instance(load: Load, ceiling: Decimal | None) -> None:
    limits = Limits(price=Decimal("2.50"), cost_ceiling=ceiling)
    found = scaling(load, limits, NOW)
    assert limits.least <= found.instances <= limits.affordable <= limits.most
    if limits.least <= load.instances <= limits.affordable:
        assert abs(found.instances - load.instances) <= 1
    if ceiling is not None and found.instances > load.instances >= limits.least:
        assert found.instances * limits.price <= ceiling


@given(LOADS, PERCENT)
def test_more_load_never_means_fewer_instances(load: Load, more: Decimal) -> None:
    other = Load(load.instances, max(load.utilisation, more), load.changed_at)
    assert scaling(other, LIMITS, NOW).instances >= scaling(load, LIMITS, NOW).instances


@given(st.integers(1, 5), st.lists(PERCENT, min_size=1, max_size=60))
def test_changes_over_time_are_a_cool_down_apart(instances: int, loads: list[Decimal]) -> None:
    changed: datetime | None = None
    for minute, used in enumerate(loads):
        now = NOW + timedelta(minutes=minute)
        found = scaling(Load(instances, used, changed), LIMITS, now)
        if found.instances != instances:
            assert changed is None or now - changed >= LIMITS.cool_down
            instances, changed = found.instances, now
