"""What the metric tools promise: bound numbers, gaps that say why, and series told over their own steps."""

from collections.abc import AsyncIterator
from dataclasses import replace
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
import pytest_asyncio

from core.errors import ForbiddenError, InvalidInputError, NotFoundError
from core.identity import Label, Principal
from memory.crm.records import CompanyFigure, Deal
from tests.api.served import kept_open
from tests.tools.servers.figure_office import OWNER, STRANGER, TODAY, Office, sample_office
from tools.servers.metric_results import Measurement, MetricList

pytestmark = pytest.mark.asyncio(loop_scope="module")


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def office(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Office]:
    async with kept_open(sample_office(tmp_path_factory.mktemp("figures"))) as opened:
        yield opened


async def measured(office: Office, metric: str, who: Principal = OWNER, **arguments: Any) -> Measurement:
    found = await office.gateway.call(who, "measure_metric", {"metric": metric, **arguments})
    return Measurement.model_validate(found.structured)


async def listed(office: Office, who: Principal = OWNER) -> MetricList:
    return MetricList.model_validate((await office.gateway.call(who, "list_metrics", {})).structured)


async def test_metrics_and_imported_series_are_listed_alike(office: Office) -> None:
    metrics = {metric.name: metric for metric in (await listed(office)).metrics}
    assert metrics["nps"].imported
    assert (metrics["nps"].grain, metrics["mrr"].title) == ("quarter", "monthly recurring revenue")
    assert not metrics["win_rate"].imported
    assert "company_figure" not in metrics
    properties = metrics["mrr"].parameters["properties"]
    assert isinstance(properties, dict)
    assert {"from", "to", "by", "grain", "segment"} <= properties.keys()
    assert "series" not in properties


async def test_the_names_to_narrow_to_are_those_that_one_may_see(office: Office) -> None:
    assert (await listed(office)).parts["pipeline"] == ("Expansion", "New business", "Renewal")
    assert (await listed(office, STRANGER)).parts == {}


async def test_what_is_above_the_clearance_is_not_listed_and_not_measured(office: Office) -> None:
    assert (await listed(office, STRANGER)).metrics == ()
    with pytest.raises(ForbiddenError, match="internal"):
        await measured(office, "revenue", STRANGER)
    with pytest.raises((ForbiddenError, NotFoundError)):
        await measured(office, "mrr", STRANGER)


async def test_an_unknown_metric_names_those_there_are(office: Office) -> None:
    with pytest.raises(NotFoundError, match=r"'profit': choose one of .*pipeline_value.*win_rate"):
        await measured(office, "profit")


async def test_every_number_is_bound_to_what_gave_it(office: Office) -> None:
    found = await measured(office, "revenue", parameters={"from": "2026-02-01", "to": "2026-02-28", "by": "rep"})
    assert found.figures
    for one in found.figures:
        figure = one.figure
        assert dict(figure.parameters) == {"from": "2026-02-01", "to": "2026-02-28", "by": "rep"}
        assert len(figure.query_hash) == 16
        assert (figure.as_of, figure.period) == (TODAY.isoformat(), "February 2026")
    assert len({one.figure.query for one in found.figures}) == 1


async def test_a_series_asked_for_as_it_is_is_its_last_whole_step_and_no_part_of_a_month(office: Office) -> None:
    [tickets] = (await measured(office, "support_tickets")).figures
    assert (tickets.value, tickets.period, tickets.complete) == (273, "February 2026", True)


async def test_a_quarterly_series_is_told_over_its_quarters_and_says_how_old_it_is(office: Office) -> None:
    found = await measured(office, "nps")
    [nps] = found.figures
    assert (nps.value, nps.period, found.stale) == (46, "Q3 2025", True)
    year = await measured(office, "nps", parameters={"from": "2025-01-01", "to": "2025-12-31"})
    assert [(one.period, one.value) for one in year.figures] == [("Q1 2025", 43), ("Q2 2025", 44), ("Q3 2025", 46)]


async def test_the_values_of_several_steps_are_each_told_and_never_put_together(office: Office) -> None:
    year = await measured(office, "churned_mrr", parameters={"from": "2025-01-01", "to": "2025-12-31"})
    assert [one.begins.month for one in year.figures] == list(range(1, 13))
    assert sum(one.value for one in year.figures) == 33350
    quarters = await measured(office, "support_tickets", parameters={"grain": "quarter"})
    assert {one.ends.month - one.begins.month for one in quarters.figures} == {0}


async def test_a_series_is_compared_step_with_step(office: Office) -> None:
    of, against = {"from": "2026-02-01", "to": "2026-02-28"}, {"from": "2025-02-01", "to": "2025-02-28"}
    [mrr] = (await measured(office, "mrr", parameters=of, against=against)).figures
    assert mrr.change is not None
    assert (mrr.change.before, mrr.change.against, mrr.change.text) == (426247, "February 2025", "up 16 %")
    quarters = {"from": "2025-10-01", "to": "2025-12-31"}, {"from": "2025-07-01", "to": "2025-09-30"}
    [last] = (await measured(office, "mrr", parameters=quarters[0], against=quarters[1])).figures
    assert last.change is not None
    assert (last.period, last.change.against) == ("December 2025", "September 2025")


async def test_a_series_broken_down_is_the_last_whole_step_of_each_part(office: Office) -> None:
    found = await measured(office, "support_tickets", parameters={"by": "segment"})
    assert {one.subject for one in found.figures} == {"API", "Appointments", "Billing", "Gate and texts"}
    assert sum(one.value for one in found.figures) == 273


async def test_where_there_is_no_number_the_gap_says_why(office: Office) -> None:
    then = await measured(office, "revenue", parameters={"from": "2020-03-01", "to": "2020-03-31"})
    assert then.figures == ()
    assert then.gap is not None
    assert then.gap.startswith("the deals begin on")
    nobody = await measured(office, "revenue", parameters={"rep": "Nobody"})
    assert nobody.gap == "nothing is known of rep 'Nobody'"
    assert (await measured(office, "calls_analysed")).gap == "there are no calls yet"


async def test_two_currencies_are_refused_with_what_to_ask_instead(tmp_path: Path) -> None:
    async with sample_office(tmp_path) as office:
        deals = await office.crm.find(Deal, OWNER)
        won = next(deal for deal in deals if deal.amount and deal.closed and str(deal.closed) >= "2025-06")
        await office.crm.put([replace(won, currency="EUR", status="won")], OWNER)  # type: ignore[arg-type]
        await office.refill()
        with pytest.raises(InvalidInputError, match="EUR and USD, which are never added: ask for one of them"):
            await measured(office, "revenue")
        assert (await measured(office, "revenue", parameters={"currency": "EUR"})).figures


async def test_a_series_above_the_clearance_is_not_listed(tmp_path: Path) -> None:
    async with sample_office(tmp_path) as office:
        secret = CompanyFigure(
            tenant=OWNER.tenant, id="burn", series="burn", day=TODAY.replace(day=1), value=Decimal(1),
            label=Label.RESTRICTED,
        )  # fmt: skip
        await office.crm.put([secret], OWNER)
        await office.refill()
        anna = Principal(OWNER.tenant, "anna", clearance=Label.CONFIDENTIAL)
        assert "burn" in {one.name for one in (await listed(office)).metrics}
        hers = await listed(office, anna)
        assert "burn" not in {one.name for one in hers.metrics}
        assert hers.label == "internal"
        with pytest.raises(NotFoundError):
            await measured(office, "burn", anna)
