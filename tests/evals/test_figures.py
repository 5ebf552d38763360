"""A number counts as told only where a figure of the right metric, days and subject has it."""

from datetime import date
from typing import Any

import pytest

from evals.product import Put, Reply
from evals.suites.figures import Judged, Wanted, measures_of, numbers, truth, unanswerable, wanted

TODAY = date(2026, 3, 20)
BY_REP = {
    "metric": "win_rate",
    "parameters": {"from": "2025-04-01", "until": "2026-03-20", "by": "rep"},
    "values": {"Dale": 50.0, "Ingrid": 60.0},
}
TICKETS = {"metric": "company_figure", "parameters": {"series": "support_tickets", "month": "2025-12"}, "value": 472}
GROWTH = {
    "metric": "company_figure",
    "parameters": {"series": "mrr", "month": "2026-02", "against": "2025-02"},
    "value": 15.65,
}
QUARTERS = {
    "metric": "revenue",
    "parameters": {"from": "2026-01-01", "until": "2026-03-20", "grain": "quarter"},
    "values": {"2026-Q1": 7.0},
}


def told(metric: str, value: float, period: str, subject: str = "", relative: float | None = None) -> dict[str, Any]:
    change = None if relative is None else {"relative": relative}
    return {"metric": metric, "value": value, "period": period, "subject": subject, "change": change}


def judged(entry: dict[str, Any], *figures: dict[str, Any]) -> Judged:
    answer = Reply(answered=bool(figures), text="", sentences=({"sources": [], "figures": list(figures)},))
    return Judged(Wanted(Put("?"), tuple(numbers(entry, TODAY))), answer)


DALE, INGRID = (
    told("win_rate", value, "2025-04-01 to 2026-03-20", name) for name, value in (("Dale", 50), ("Ingrid", 60))
)


@pytest.mark.parametrize(
    "one",
    [
        judged(BY_REP, DALE, INGRID),
        judged(TICKETS, told("support_tickets", 472, "December 2025")),
        judged(GROWTH, told("mrr", 1, "February 2026", relative=0.1565)),
        judged(QUARTERS, told("revenue", 7, "2026-01-01 to 2026-03-20")),
    ],
)
def test_every_number_of_a_truth_must_be_told(one: Judged) -> None:
    assert (one.right, one.wrong) == (True, False)


@pytest.mark.parametrize(
    "one",
    [
        judged(BY_REP, DALE),
        judged(BY_REP, DALE, {**INGRID, "subject": "Owen"}),
        judged(TICKETS, told("support_tickets", 473, "December 2025")),
        judged(TICKETS, told("appointments", 472, "December 2025")),
        judged(TICKETS, told("support_tickets", 472, "2025")),
        judged(GROWTH, told("mrr", 15.65, "February 2026")),
        judged(QUARTERS, told("revenue", 7, "March 2026")),
    ],
)
def test_another_number_metric_period_or_subject_is_wrong(one: Judged) -> None:
    assert (one.right, one.wrong) == (False, True)


def test_to_say_that_there_is_none_is_no_wrong_number() -> None:
    silent = judged(TICKETS)
    assert (silent.right, silent.wrong) == (False, False)
    nothing = Judged(Wanted(Put("?")), silent.answer)
    assert nothing.right
    found = measures_of([judged(TICKETS, told("support_tickets", 472, "December 2025")), silent], [nothing])
    assert (found["exact"], found["wrong"], found["unknown_without_figures"]) == (0.5, 0, 1)


def test_every_figure_of_the_truth_is_asked_for_and_most_in_several_wordings() -> None:
    known = truth()
    asked = wanted(known)
    assert len(known["figures"]) == 36
    assert len(asked) > 2 * len(known["figures"])
    assert all(one.numbers for one in asked)
    assert len({(one.put.question, one.put.after) for one in asked}) == len(asked)
    assert len(unanswerable(known)) == 5
