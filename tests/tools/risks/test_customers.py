"""The health of customers from the CRM and the calls, withheld where that is too little; and as the warehouse keeps it."""

from dataclasses import replace
from decimal import Decimal

from core.identity import Label
from memory.crm.records import CompanyFigure, Status
from memory.warehouse.facts import Score
from tests.tools.risks.records import ACCOUNT, TODAY, activity, book, call, days_ago, deal
from tools.risks.book import Book
from tools.risks.customers import customers, customers_at_risk, health_scores
from tools.risks.reason import Kind

WON = deal("d1", status=Status.WON, stage="Won", closed=days_ago(200), created=days_ago(300))
PROMISED = ("s I'll send you the security questionnaire by tomorrow.", "b That is too expensive, we can't justify it.")


def of_customer(subject: Book) -> dict[str, float]:
    (found,) = customers_at_risk(subject).customers
    return {reason.numbers[0].metric: reason.numbers[0].value for reason in found.reasons}


def test_a_customer_of_whom_only_the_crm_tells_has_no_score_and_that_is_said() -> None:
    found = customers_at_risk(book(WON, activities=[activity("d1", 20)]))
    assert (found.customers, found.withheld, found.looked_at) == ((), 1, 1)
    assert found.notes == ("1 of 1 customers have no health score, because too few signals of them are known",)
    assert health_scores(book(WON, activities=[activity("d1", 20)])) == ()


def test_one_without_a_score_is_told_when_nobody_was_in_touch_for_too_long() -> None:
    (found,) = customers_at_risk(book(WON, activities=[activity("d1", 61)])).customers
    assert found.health.value is None
    assert found.reasons[0].text == "61 days since the last contact"


def test_promises_objections_calls_and_people_make_the_health() -> None:
    subject = book(WON, activities=[activity("d1", 30)], calls=[call(*PROMISED, ago=10)])
    (found,) = customers_at_risk(subject).customers
    assert found.health.value is not None
    assert found.health.missing == ("usage_change",)
    assert of_customer(subject) == {
        "broken_promises": 1, "open_objections": 1, "people_spoken_with": 1, "days_promise_overdue": 9,
    }  # fmt: skip
    assert [one.kind for one in found.reasons][-2:] == [Kind.PROMISE, Kind.OBJECTIONS]


def test_a_call_that_the_crm_has_too_counts_once() -> None:
    held = [activity("d1", ago) for ago in (10, 20)]
    (score,) = health_scores(book(WON, activities=held, calls=[call("b Hello there, Sam.", ago=10)]))
    (other,) = health_scores(book(WON, activities=held, calls=[call("b Hello there, Sam.", ago=11)]))
    assert other.score > score.score


def test_usage_is_that_of_the_account_over_its_last_two_whole_values() -> None:
    values = {days_ago(80): 100, days_ago(50): 80, days_ago(10): 5}
    figures = [
        CompanyFigure(
            tenant="acme", id=str(day), series="usage", day=day, value=Decimal(value), account="a1", partial=value == 5
        )
        for day, value in values.items()
    ]
    found = customers_at_risk(replace(book(WON, activities=[activity("d1", 20)]), figures=figures))
    (customer,) = found.customers
    assert customer.reasons[0].text == "Usage changed by -20 % against the period before (13 of 38 points)"


def test_who_lost_its_renewal_is_no_customer_until_it_is_won_again() -> None:
    lost = deal("d2", status=Status.LOST, pipeline="Renewal", closed=days_ago(90))
    again = deal("d3", status=Status.WON, closed=days_ago(30))
    missed = deal("d4", status=Status.LOST, pipeline="Expansion", closed=days_ago(90))
    assert customers(book(WON, lost)) == []
    assert customers(book(WON, lost, again)) == [ACCOUNT]
    assert customers(book(WON, missed)) == [ACCOUNT]


def test_the_stake_is_the_open_renewal_else_what_was_won_in_a_year() -> None:
    silent = [activity("d1", 61)]
    renewal = deal("d2", pipeline="Renewal", amount=Decimal(700))
    (won,) = customers_at_risk(book(WON, activities=silent)).customers
    (open_,) = customers_at_risk(book(WON, renewal, activities=silent)).customers
    assert won.stake
    assert (won.stake.metric, won.stake.value, won.stake.unit) == ("won_in_a_year", 1000, "USD")
    assert open_.stake
    assert (open_.stake.metric, open_.stake.value) == ("open_renewals", 700)


def test_a_score_for_the_warehouse_has_the_highest_label_of_what_entered_it() -> None:
    secret = call(*PROMISED, ago=10, label=Label.CONFIDENTIAL)
    (score,) = health_scores(book(WON, activities=[activity("d1", 30)], calls=[secret]))
    assert score == Score(
        kind="health", subject="a1", score=score.score, day=TODAY, label=Label.CONFIDENTIAL, account="a1"
    )
    assert 0 < score.score < 100
