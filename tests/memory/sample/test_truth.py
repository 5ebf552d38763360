"""truth_figures.yaml says what is there: planted things are found where it says, and its numbers come out of the rows."""

from collections import defaultdict
from collections.abc import Callable, Sequence
from datetime import date
from decimal import Decimal
from statistics import mean, median
from typing import Any

import pytest

from tests.memory.sample.material import AS_OF, Row, open_deals, planted, rows, series, truth, turns

Figure = dict[str, Any]
FIGURES: list[Figure] = truth()["figures"]
PARTS: dict[str, Callable[[Row], str]] = {
    "rep": lambda deal: deal["Deal owner"],
    "pipeline": lambda deal: deal["Pipeline"],
    "stage": lambda deal: deal["Deal Stage"],
    "competitor": lambda deal: deal["Competitor"] or "none",
    "lost_reason": lambda deal: deal["Closed Lost Reason"],
    "month": lambda deal: deal["Close Date"][:7],
    "quarter": lambda deal: f"{deal['Close Date'][:4]}-Q{(int(deal['Close Date'][5:7]) + 2) // 3}",
    "whole": lambda _: "whole",
}


def amounts(deals: Sequence[Row]) -> list[Decimal]:
    return [Decimal(deal["Amount"]) for deal in deals]


def days(deal: Row) -> int:
    return (date.fromisoformat(deal["Close Date"]) - date.fromisoformat(deal["Create Date"][:10])).days


def win_rate(deals: Sequence[Row]) -> Decimal:
    return round(Decimal(100 * sum(deal["Deal Stage"] == "Closed Won" for deal in deals)) / len(deals), 2)


def closed(figure: Figure, *stages: str) -> list[Row]:
    """The deals that the figure is about: closed in its period, of its pipeline and its account."""
    asked = figure["parameters"]
    return [
        deal
        for deal in rows("deals")
        if deal["Deal Stage"] in stages
        and asked["from"] <= deal["Close Date"] <= asked["until"]
        and asked.get("pipeline") in {None, deal["Pipeline"]}
        and asked.get("account") in {None, deal["Associated Company"]}
    ]


def won(figure: Figure) -> list[Row]:
    return closed(figure, "Closed Won")


def decided(figure: Figure) -> list[Row]:
    return closed(figure, "Closed Won", "Closed Lost")


METRICS: dict[str, tuple[Callable[[Figure], list[Row]], Callable[[list[Row]], Any]]] = {
    "revenue": (won, lambda deals: sum(amounts(deals))),
    "revenue_month_to_date": (won, lambda deals: sum(amounts(deals))),
    "average_deal_size": (won, lambda deals: round(mean(amounts(deals)), 2)),
    "sales_cycle_days": (won, lambda deals: median(map(days, deals))),
    "win_rate": (decided, win_rate),
    "competitive_win_rate": (lambda figure: [deal for deal in decided(figure) if deal["Competitor"]], win_rate),
    "deals_lost": (lambda figure: closed(figure, "Closed Lost"), len),
    "open_deals": (lambda _: open_deals(), len),
    "pipeline_value": (lambda _: open_deals(), lambda deals: sum(amounts(deals))),
}
RECKONED = [one for one in FIGURES if one["metric"] in METRICS and not one.get("note", "").startswith("A second")]


def reckoned(figure: Figure) -> tuple[dict[str, Decimal], dict[str, int]]:
    """The figure from the rows, part by part, and how many deals each part is made of."""
    choose, measure = METRICS[figure["metric"]]
    part = PARTS[figure["parameters"].get("by") or figure["parameters"].get("grain") or "whole"]
    groups: dict[str, list[Row]] = defaultdict(list)
    for deal in choose(figure):
        groups[part(deal)].append(deal)
    return {name: Decimal(str(measure(deals))) for name, deals in groups.items()}, {
        name: len(deals) for name, deals in groups.items()
    }


@pytest.mark.parametrize("figure", RECKONED, ids=lambda figure: figure["question"])
def test_a_figure_about_deals_comes_out_of_the_rows(figure: Figure) -> None:
    values, counts = reckoned(figure)
    expected = figure.get("values") or {"whole": figure["value"]}
    assert values == {name: Decimal(str(value)) for name, value in expected.items()}
    if isinstance(figure.get("n"), int):
        assert sum(counts.values()) == figure["n"]
    elif "n" in figure:
        assert counts == figure["n"]


def test_a_figure_of_one_month_is_the_imported_one() -> None:
    checked = 0
    for figure in FIGURES:
        asked = figure["parameters"]
        if figure["metric"] == "company_figure" and "month" in asked and "against" not in asked:
            assert series(asked["series"])[asked["month"]] == Decimal(str(figure["value"])), figure["question"]
            checked += 1
    assert checked >= 3


def test_the_second_reckoning_of_the_pipeline_takes_what_was_said_on_calls() -> None:
    [figure] = [one for one in FIGURES if one.get("note", "").startswith("A second")]
    assert figure["value"] == sum(amounts(open_deals())) - 66600 + 59940 - 66240


def test_every_quotation_stands_where_the_evidence_says() -> None:
    bodies = {one["Record ID"]: one["Body"] for one in rows("activities")}
    checked = 0
    for one in truth()["planted"]:
        for evidence in one.get("evidence", ()):
            spoken = turns(evidence["call"], *evidence["turns"]) if "call" in evidence else [bodies[evidence["record"]]]
            assert any(evidence["quote"] in text for text in spoken), evidence
            checked += 1
    assert checked >= 8


def test_the_fields_that_contradict_calls_are_in_the_export() -> None:
    deals = {deal["Record ID"]: deal for deal in rows("deals")}
    for one in [*planted("crm_contradiction"), *planted("close_date_past")]:
        assert deals[one["deal"]]["Associated Company"] == one["account"]
        assert {name: deals[one["deal"]][name] for name in one["field"]} == one["field"]


def test_the_anomaly_is_of_one_month_and_one_segment() -> None:
    [anomaly] = planted("anomaly")
    tickets = series(anomaly["series"])
    assert tickets[anomaly["month"]] == anomaly["value"] == max(tickets.values())
    others = [value for month, value in tickets.items() if month not in {anomaly["month"], "2026-03"}]
    assert 2 * anomaly["value"] > 3 * max(others)
    api = series(anomaly["series"], "API")
    assert api[anomaly["month"]] - median(api.values()) > Decimal("0.9") * (anomaly["value"] - max(others))


def test_one_open_deal_alone_has_had_no_activity_for_60_days_and_one_alone_is_past_its_close_date() -> None:
    [quiet], [late] = planted("deal_without_activity"), planted("close_date_past")
    as_of = date.fromisoformat(AS_OF)
    silence = {d["Record ID"]: (as_of - date.fromisoformat(d["Last Activity Date"][:10])).days for d in open_deals()}
    assert {deal: lasted for deal, lasted in silence.items() if lasted >= 60} == {quiet["deal"]: quiet["days"]}
    assert [deal["Record ID"] for deal in open_deals() if deal["Close Date"] < AS_OF] == [late["deal"]]


def test_one_pair_of_contacts_alone_shares_a_telephone() -> None:
    [duplicate] = planted("duplicate_contact")
    by_number: dict[str, list[str]] = defaultdict(list)
    for contact in rows("contacts"):
        by_number["".join(sign for sign in contact["Phone Number"] if sign.isdigit())[-10:]].append(
            contact["Record ID"]
        )
    shared = [sorted(ids) for number, ids in by_number.items() if number and len(ids) > 1]
    assert shared == [sorted(duplicate["contacts"])]


def test_one_activity_alone_speaks_to_the_assistant() -> None:
    [injection] = planted("injection")
    speaking = {one["Record ID"]: one["Body"] for one in rows("activities") if "AI assistant" in one["Body"]}
    assert list(speaking) == [injection["activity"]]
    assert injection["quote"] in speaking[injection["activity"]]


def test_one_series_alone_has_stopped() -> None:
    [stale] = planted("stale_figure")
    last: dict[str, str] = {}
    for row in rows("figures"):
        last[row["series"]] = max(row["day"], last.get(row["series"], ""))
    assert {name for name, day in last.items() if day < "2026-03-01"} == {stale["series"]}
    assert last[stale["series"]] == stale["last"]
