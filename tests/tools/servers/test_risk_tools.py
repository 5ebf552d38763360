"""The tools about risks tell each principal of what it may read, with figures that are bound and words that are cited."""

import re
from pathlib import Path

from core.identity import Label, Principal
from models.evidence import Citation
from tests.tools.risks.records import TODAY, days_ago
from tests.tools.servers.risk_office import ANNA, CALLS, CLEARED, ELSEWHERE, material, risk_gateway
from tools.gateway.gateway import Gateway
from tools.risks.customers import health_scores
from tools.servers.risk_results import Risks

QUOTED, DAY, NUMBER = re.compile(r'"[^"]*"'), re.compile(r"\d{4}-\d\d-\d\d"), re.compile(r"\d[\d,]*(?:\.\d+)?")


async def asked(gateway: Gateway, tool: str, who: Principal = ANNA, **arguments: str | int) -> Risks:
    return Risks.model_validate((await gateway.call(who, tool, arguments)).structured)


async def test_a_reason_has_its_figure_and_its_words_with_their_place(tmp_path: Path) -> None:
    async with risk_gateway(tmp_path) as gateway:
        found = await asked(gateway, "deals_at_risk")
    (risk,) = found.risks
    assert (risk.name, risk.owner, risk.stake and risk.stake.text) == ("Acme, late", "Sam Seller", "$1,000")
    reasons = {reason.kind: reason for reason in risk.reasons}
    figure = reasons["close_past"].figures[0].figure
    assert (figure.metric, figure.value, figure.text, figure.subject) == ("days_past_close", 21, "21 days", risk.name)
    assert (figure.query, figure.as_of) == ("deals_at_risk(deal='d1')", TODAY.isoformat())
    assert figure.parameters == (("since", days_ago(21).isoformat()),)
    call = CALLS["open"][0]
    (citation,) = reasons["promise"].citations
    start, end = citation.span
    assert citation == Citation("open", call.content_hash, (0, 0), (start, end))
    assert call.text[start:end] == "I'll send you the security questionnaire by tomorrow."
    assert reasons["promise"].figures[0].figure.at == citation


async def test_every_number_of_a_text_is_one_of_its_figures(tmp_path: Path) -> None:
    async with risk_gateway(tmp_path) as gateway:
        found = [await asked(gateway, tool, CLEARED) for tool in ("deals_at_risk", "customers_at_risk")]
    told = [reason for one in found for risk in one.risks for reason in risk.reasons]
    assert len(told) > 5
    for reason in told:
        plain = DAY.sub("", QUOTED.sub("", reason.text)).replace("in the last 90 days", "")
        numbers = [float(number.replace(",", "")) for number in NUMBER.findall(plain)]
        assert set(numbers) <= {figure.value for figure in reason.figures}, reason.text


async def test_what_a_principal_may_not_read_is_not_counted(tmp_path: Path) -> None:
    async with risk_gateway(tmp_path) as gateway:
        hers, cleared = await asked(gateway, "deals_at_risk"), await asked(gateway, "deals_at_risk", CLEARED)
        nothing = await asked(gateway, "deals_at_risk", ELSEWHERE)
    assert (hers.looked_at, hers.found, hers.label, hers.documents) == (1, 1, "internal", ("open",))
    assert "objections" not in {reason.kind for risk in hers.risks for reason in risk.reasons}
    assert (cleared.looked_at, cleared.label, cleared.documents) == (2, "confidential", ("narrow", "open"))
    assert "objections" in {reason.kind for risk in cleared.risks for reason in risk.reasons}
    assert {risk.name: risk.label for risk in cleared.risks} == {
        "Acme, late": "internal", "Acme, secret": "confidential",
    }  # fmt: skip
    assert (nothing.risks, nothing.looked_at, nothing.documents, nothing.label) == ((), 0, (), "public")


async def test_deals_can_be_narrowed_to_a_seller_and_an_account_and_cut(tmp_path: Path) -> None:
    async with risk_gateway(tmp_path) as gateway:
        of_eve = await asked(gateway, "deals_at_risk", CLEARED, rep="eve engineer")
        of_none = await asked(gateway, "deals_at_risk", CLEARED, account="Nobody Inc.")
        first = await asked(gateway, "deals_at_risk", CLEARED, limit=1)
    assert [risk.name for risk in of_eve.risks] == ["Acme, secret"]
    assert (of_none.found, of_none.looked_at) == (0, 0)
    assert (len(first.risks), first.found) == (1, 2)


async def test_a_customer_has_its_health_with_what_it_is_made_of(tmp_path: Path) -> None:
    async with risk_gateway(tmp_path) as gateway:
        found = await asked(gateway, "customers_at_risk", CLEARED, account="acme")
    (risk,) = found.risks
    assert risk.health is not None
    assert risk.told is not None
    assert risk.told.startswith(f"{risk.health.value:.0f} of 100 points, to be watched")
    assert {"broken_promises", "people_spoken_with"} <= {
        figure.metric for reason in risk.reasons for figure in reason.figures
    }


async def test_the_scores_of_the_warehouse_leave_out_calls_that_only_some_may_read(tmp_path: Path) -> None:
    async with material(tmp_path) as books:
        everything = health_scores(await books.read(CLEARED, TODAY))
        open_to_all = health_scores(await books.read(CLEARED, TODAY, open_to_all=True))
    (lower,), (higher,) = everything, open_to_all
    assert lower.score < higher.score
    assert higher.label is Label.INTERNAL
