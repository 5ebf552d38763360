"""The tools about scores give each principal a number with its reasons, interval, evidence and model, or say why there is none."""

import asyncio
import sys
import tempfile
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from core.identity import Principal
from tests.interpreters import interpreter_without
from tests.tools.risks.records import TODAY
from tests.tools.risks.team import team
from tests.tools.servers.risk_office import ANNA, CLEARED, ELSEWHERE
from tests.tools.servers.score_office import score_gateway
from tools.gateway.gateway import Gateway
from tools.servers.score_results import DealOutcomes, ScoreReport

Answers = Mapping[str, Mapping[str, Any]]
ASKED: Mapping[str, tuple[Principal, str, dict[str, str | int]]] = {
    "hers": (ANNA, "deal_outcomes", {"limit": 5}),
    "all": (CLEARED, "deal_outcomes", {"limit": 50}),
    "again": (CLEARED, "deal_outcomes", {"limit": 50}),
    "of_eve": (CLEARED, "deal_outcomes", {"rep": "eve engineer", "limit": 50}),
    "of_globex": (CLEARED, "deal_outcomes", {"account": "Globex", "limit": 50}),
    "nobody": (CLEARED, "deal_outcomes", {"account": "Nobody Inc."}),
    "elsewhere": (ELSEWHERE, "deal_outcomes", {}),
    "report": (CLEARED, "score_report", {}),
    "churn": (CLEARED, "score_report", {"use": "churn"}),
}


@cache
def answers() -> Answers:
    """What each of them is told; the fits are made once."""
    return asyncio.run(_answers())


async def _answers() -> Answers:
    with tempfile.TemporaryDirectory() as folder:
        async with score_gateway(Path(folder), team()) as gateway:
            return {name: (await gateway.call(*asked)).structured for name, asked in ASKED.items()}


def outcomes(name: str) -> DealOutcomes:
    return DealOutcomes.model_validate(answers()[name])


def report() -> ScoreReport:
    return ScoreReport.model_validate(answers()["report"])


async def asked(gateway: Gateway) -> DealOutcomes:
    return DealOutcomes.model_validate((await gateway.call(CLEARED, "deal_outcomes", {})).structured)


def test_a_deal_has_a_probability_that_is_bound_to_its_model_with_interval_reasons_and_evidence() -> None:
    found = outcomes("all")
    assert found.gap is None
    first = found.deals[0]
    assert first.probability
    figure = first.probability.figure
    assert (figure.metric, figure.unit, figure.subject) == ("win_probability", "percent", first.name)
    assert (figure.query, figure.as_of) == (f"deal_outcomes(deal='{first.id}') model:{found.model}", TODAY.isoformat())
    assert first.told.startswith(f"{figure.text} (likely ")
    assert "deals that scored" in first.told
    assert any(": 4 (usually 1 to 4), raises it by" in reason for reason in first.reasons)
    assert found.quality
    assert "AUC" in found.quality


def test_the_likeliest_come_first_and_those_without_a_number_last() -> None:
    values = [one.probability.value if one.probability else -1.0 for one in outcomes("all").deals]
    assert values == sorted(values, reverse=True)
    assert outcomes("all").scored > 40


def test_asking_again_gives_the_same() -> None:
    assert answers()["again"] == answers()["all"]


def test_deals_can_be_narrowed_to_a_seller_and_an_account_by_the_same_model() -> None:
    every = outcomes("all")
    eve, globex = outcomes("of_eve"), outcomes("of_globex")
    assert {one.owner for one in eve.deals} == {"Eve Engineer"}
    assert {one.account for one in globex.deals} == {"Globex"}
    assert {every.model} == {eve.model, globex.model}
    likely = {one.id: one.probability for one in every.deals}
    assert all(likely.get(one.id, one.probability) == one.probability for one in eve.deals)
    assert (outcomes("nobody").deals, outcomes("nobody").looked_at) == ((), 0)


def test_what_a_principal_may_not_read_is_neither_scored_nor_counted() -> None:
    hers, every, nothing = outcomes("hers"), outcomes("all"), outcomes("elsewhere")
    assert (hers.looked_at, hers.label) == (every.looked_at - 1, "internal")
    assert every.label == "confidential"
    assert "o1" not in {one.id for one in hers.deals}
    assert (nothing.deals, nothing.looked_at, nothing.model, nothing.label) == ((), 0, None, "public")
    assert nothing.gap == "there is no open deal with a day on which selling began"


def test_a_report_tells_quality_groups_and_what_has_shifted() -> None:
    found = report()
    figures = {one.metric: one.figure for one in found.figures}
    assert 0.75 < figures["win_prediction_auc"].value < 0.99
    assert figures["deals_won_so_far"].unit == "percent"
    assert found.model == outcomes("all").model
    assert all(figure.query == f"score_report('deal outcome') model:{found.model}" for figure in figures.values())
    told = "\n".join(found.lines)
    assert "| owner | Eve Engineer |" in told
    assert "## Since it was fitted" in told
    assert "| scored | rows | said on average | were won | likely |" in told
    assert found.label == "confidential"


def test_churn_is_not_fitted_and_that_is_said() -> None:
    found = ScoreReport.model_validate(answers()["churn"])
    assert (found.figures, found.lines) == ((), ())
    assert "customers_at_risk" in (found.gap or "")


async def test_where_nothing_tells_no_deal_is_given_a_number(tmp_path: Path) -> None:
    async with score_gateway(tmp_path, team(120, 20, telling=False)) as gateway:
        found = await asked(gateway)
    assert found.deals == ()
    assert "hardly tells which were won" in (found.gap or "")


async def test_too_few_closed_deals_are_said_to_be_too_few(tmp_path: Path) -> None:
    async with score_gateway(tmp_path, team(20, 5)) as gateway:
        found = await asked(gateway)
    assert found.gap == "20 deals with a known outcome, at least 50 are needed"


async def test_without_the_extra_there_is_a_gap_with_the_remedy(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sys, "executable", str(interpreter_without("sklearn", tmp_path / "python")))
    async with score_gateway(tmp_path, team(60, 5)) as gateway:
        found = await asked(gateway)
    assert found.deals == ()
    assert "pip install 'sophia-orchestrator[scores]'" in (found.gap or "")


async def test_while_the_model_is_being_fitted_it_is_said_to_ask_again(tmp_path: Path) -> None:
    async with score_gateway(tmp_path, team(20, 5), wait_s=0) as gateway:
        found = await asked(gateway)
    assert (found.gap or "").endswith("ask again in a moment")
