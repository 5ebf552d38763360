"""Open deals are scored by closed ones as these stood at the age of the open ones; nothing that came after is seen."""

import asyncio
from collections.abc import Sequence
from dataclasses import replace
from decimal import Decimal
from functools import cache
from typing import TypeVar

from memory.crm.records import Account, Activity, Deal, Record, StageChange, Status
from tests.tools.risks.records import TODAY, activity, days_ago, deal, entered, history
from tests.tools.risks.team import team
from tests.tools.risks.test_sample import sample
from tools.risks.book import Book
from tools.risks.chances import chances
from tools.risks.outcomes import OTHERS, USE, outcomes_of
from tools.risks.standing import Standing
from tools.scores.fitting import fit
from tools.scores.model import Model

R = TypeVar("R", bound=Record)


def book_of(*records: Record) -> Book:
    return Book(TODAY, of(Account, records), of(Deal, records), of(Activity, records), of(StageChange, records))


def of(kind: type[R], records: Sequence[Record]) -> list[R]:
    return [one for one in records if isinstance(one, kind)]


@cache
def fitted() -> Model:
    return asyncio.run(fit(outcomes_of(book_of(*team())).examples, USE, seed=1))


CLOSED = deal(
    "c1", status=Status.LOST, stage="Lost", created=days_ago(100), closed=days_ago(40), owner="Ada", product="Suite"
)
BEFORE = (activity("c1", 95), entered("c1", "Discovery", 100), entered("c1", "Pilot", 80))
AFTER = (activity("c1", 50), activity("c1", 30), entered("c1", "Contract", 60), entered("c1", "Lost", 41))


def test_a_row_knows_nothing_of_what_came_after_its_day() -> None:
    ignorant, all_knowing = (Standing(book_of(CLOSED, *BEFORE, *more)) for more in ((), AFTER))
    row = all_knowing.on(CLOSED, days_ago(70))
    assert row == ignorant.on(CLOSED, days_ago(70))
    assert (row["age"], row["stage_reached"], row["days_in_stage"]) == (30, "Pilot", 10)
    assert (row["touches_at_first"], row["touches_lately"], row["days_since_touch"]) == (1, 1, 25)
    assert row != all_knowing.on(CLOSED, days_ago(45))


def test_a_deal_has_ended_when_it_entered_its_last_stage() -> None:
    standing = Standing(book_of(CLOSED, *BEFORE, *AFTER))
    assert standing.ended(CLOSED) == days_ago(41)
    assert standing.ended(deal("o1")) is None


def test_a_sellers_record_is_of_deals_that_had_ended_by_then() -> None:
    ends = (70, 60, 50, 40, 30, 20)
    earlier = [
        deal(f"e{ago}", status=Status.WON if ago > 55 else Status.LOST, created=days_ago(90), closed=days_ago(ago))
        for ago in ends
    ]
    standing = Standing(book_of(*earlier))
    assert standing.on(deal("o1"), days_ago(30))["seller_record"] is None
    assert standing.on(deal("o1"), days_ago(25))["seller_record"] == 40
    assert standing.on(deal("o1", owner="Ada"), TODAY)["seller_record"] is None


def test_closed_deals_are_taken_at_the_ages_of_open_ones_and_those_that_ended_earlier_are_left_out() -> None:
    quick = [
        deal(f"q{number}", status=Status.WON, stage="Won", created=days_ago(200), closed=days_ago(180))
        for number in range(20)
    ]
    deals, activities, changes = history(10)
    slow = [replace(one, created=days_ago(300)) for one in deals]
    found = outcomes_of(book_of(*quick, *slow, *activities, *changes, deal("o1", created=days_ago(30))))
    assert [example.features["age"] for example in found.examples] == [30] * 10
    assert found.notes == (
        "10 of 30 closed deals were still open at an age that open deals have now; only these are learned from",
    )


def test_the_age_that_a_deal_is_taken_at_does_not_tell_how_long_it_took() -> None:
    still_open = [deal(f"o{age}", created=days_ago(age)) for age in range(10, 60, 5)]

    def ages(lasted: int) -> set[int]:
        closed = [
            deal(f"c{number}", status=Status.WON, stage="Won", created=days_ago(400), closed=days_ago(400 - lasted))
            for number in range(40)
        ]
        taken = outcomes_of(book_of(*closed, *still_open)).examples
        return {int(age) for one in taken if isinstance(age := one.features["age"], int | float)}

    assert ages(30) == {age for age in ages(300) if age < 30}


def test_a_field_that_seems_to_be_written_at_the_end_is_left_out_and_named() -> None:
    records = [
        replace(one, competitor="Northpier" if one.status is Status.LOST else None, amount=amount_at_the_end(one))
        if isinstance(one, Deal)
        else one
        for one in team(120, 40)
    ]
    found = outcomes_of(book_of(*records))
    assert not {"amount", "competitor_named"} & found.examples[0].features.keys()
    assert not {"amount", "competitor_named"} & next(iter(found.rows.values())).keys()
    assert "'amount' was left out: it alone tells the outcome" in found.notes
    told = "'a competitor named' was left out: "
    assert any(note.startswith(told) for note in found.notes)
    assert not any("left out" in note for note in outcomes_of(book_of(*team(120, 40))).notes)


def amount_at_the_end(one: Deal) -> Decimal | None:
    return Decimal(0) if one.status is Status.LOST else one.amount


def test_rare_categories_count_as_one_so_that_a_new_one_can_be_scored() -> None:
    records = team(60, 20)
    rare = [replace(one, product="Rare") if one.id in {"c1", "o2"} else one for one in of(Deal, records)]
    found = outcomes_of(book_of(*(one for one in records if not isinstance(one, Deal)), *rare))
    assert found.rows["o2"]["product"] == OTHERS
    assert {example.features["product"] for example in found.examples} == {"Basic", "Suite", OTHERS}


def test_the_hash_is_of_what_is_fitted_on() -> None:
    records = team(20, 5)
    turned = [
        replace(one, status=Status.WON if one.status is Status.LOST else Status.LOST) if one.id == "c0" else one
        for one in of(Deal, records)
    ]
    renamed = [replace(one, name="Another name") for one in of(Deal, records)]
    others = [one for one in records if not isinstance(one, Deal)]
    hashes = [outcomes_of(book_of(*others, *deals)).hash for deals in (of(Deal, records), turned, renamed)]
    assert hashes[0] == hashes[2] != hashes[1]


def test_an_open_deal_without_a_day_is_not_scored_and_that_is_said() -> None:
    found = outcomes_of(book_of(*team(20, 5), deal("undated", created=None)))
    assert "undated" not in found.rows
    assert found.notes[0] == "1 open deal has no day on which selling began, and no score"


def test_what_truly_tells_moves_the_scores() -> None:
    book = book_of(*team())
    found = chances(book, outcomes_of(book), fitted())
    assert found.gap is None
    values = [one.score.value for one in found.deals if one.score.value is not None]
    assert len(values) > 40
    assert values == sorted(values, reverse=True)
    top, last = found.deals[0].score, found.deals[len(values) - 1].score
    assert {"people_in_touch", "touches_at_first"} & {reason.feature for reason in top.reasons}
    assert top.interval
    assert top.interval[0] > 0.6
    assert last.interval
    assert last.interval[1] < 0.4


def test_a_score_that_may_be_anywhere_is_withheld() -> None:
    book = book_of(*team())
    outcomes, model = outcomes_of(book), fitted()
    assert model.logit
    unsure = tuple(tuple(100 * one for one in row) for row in model.logit.covariance)
    found = chances(book, outcomes, replace(model, logit=replace(model.logit, covariance=unsure)))
    assert {one.score.value for one in found.deals} == {None}
    assert (found.deals[0].score.withheld or "").startswith("closed deals like it are too few: it may be anywhere from")


def test_open_deals_that_are_not_like_the_closed_ones_are_not_scored() -> None:
    book = book_of(*team())
    outcomes = outcomes_of(book)
    strange = {
        id_: {**row, "age": 900, "amount": 1e6, "people_in_touch": 30, "touches_at_first": 90, "touches_lately": 50,
              "days_since_touch": 400, "days_in_stage": 900}
        for id_, row in outcomes.rows.items()
    }  # fmt: skip
    found = chances(book, replace(outcomes, rows=strange), fitted())
    assert found.deals == ()
    assert (found.gap or "").startswith("open deals are not like the closed ones (")


def test_of_the_sample_it_is_said_that_its_open_deals_are_not_like_its_closed_ones() -> None:
    outcomes = outcomes_of(sample())
    model = asyncio.run(fit(outcomes.examples, USE, seed=1))
    found = chances(sample(), outcomes, model)
    assert model.lacks is None
    assert found.deals == ()
    assert (found.gap or "").startswith("open deals are not like the closed ones (")


def test_nothing_open_gives_nothing_to_learn() -> None:
    found = outcomes_of(book_of(*team(20, 0)))
    assert (found.examples, found.rows) == ((), {})
