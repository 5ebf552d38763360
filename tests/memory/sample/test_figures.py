"""The sample's monthly figures add up, and agree with its deals."""

from collections.abc import Iterable
from decimal import Decimal
from itertools import pairwise

import pytest

from tests.memory.sample.material import rows, segments, series

MONTHS = [f"{2024 + (month + 3) // 12}-{(month + 3) % 12 + 1:02d}" for month in range(24)]


def won_in(month: str, pipeline: str) -> Iterable[Decimal]:
    return (
        Decimal(deal["Amount"])
        for deal in rows("deals")
        if (deal["Deal Stage"], deal["Pipeline"], deal["Close Date"][:7]) == ("Closed Won", pipeline, month)
    )


@pytest.mark.parametrize("name", sorted({row["series"] for row in rows("figures")} - {"nps"}))
def test_every_series_has_all_24_months(name: str) -> None:
    assert list(series(name)) == MONTHS


def test_recurring_revenue_rolls_forward_to_the_cent() -> None:
    mrr, new, expansion, churned = (series(name) for name in ("mrr", "new_mrr", "expansion_mrr", "churned_mrr"))
    for before, month in pairwise(MONTHS):
        assert mrr[month] == mrr[before] + new[month] + expansion[month] - churned[month], month


def test_sites_roll_forward() -> None:
    live, opened, closed = (series(name) for name in ("sites_live", "sites_gone_live", "sites_closed"))
    for before, month in pairwise(MONTHS):
        assert live[month] == live[before] + opened[month] - closed[month], month


@pytest.mark.parametrize(("name", "pipeline"), [("new_mrr", "New business"), ("expansion_mrr", "Expansion")])
def test_recurring_revenue_is_a_twelfth_of_what_was_won(name: str, pipeline: str) -> None:
    assert series(name) == {month: sum(won_in(month, pipeline), Decimal()) / 12 for month in MONTHS}


def test_renewals_lost_are_churned() -> None:
    lost = series("churned_mrr", "renewals lost")
    for month in MONTHS:
        gone = (
            Decimal(deal["Amount"])
            for deal in rows("deals")
            if (deal["Deal Stage"], deal["Pipeline"], deal["Close Date"][:7]) == ("Closed Lost", "Renewal", month)
        )
        assert lost[month] == sum(gone, Decimal()) / 12


@pytest.mark.parametrize("name", ["churned_mrr", "support_tickets"])
def test_segments_add_up_to_the_whole(name: str) -> None:
    parts = [series(name, segment) for segment in segments(name)]
    assert len(parts) > 1
    assert series(name) == {month: sum(part[month] for part in parts) for month in MONTHS}


def test_only_the_month_that_had_not_ended_is_partial_and_its_target_is_whole() -> None:
    partial = {(row["series"], row["day"][:7]) for row in rows("figures") if row["partial"] == "true"}
    assert {month for _, month in partial} == {"2026-03"}
    assert {row["series"] for row in rows("figures")} - {name for name, _ in partial} == {"new_mrr_target", "nps"}


def test_nobody_is_paid_in_two_currencies() -> None:
    assert {deal["Currency"] for deal in rows("deals")} == {"USD"}
    assert {row["currency"] for row in rows("figures")} == {"", "USD"}
