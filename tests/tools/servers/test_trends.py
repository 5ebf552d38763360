"""What stands out in the sample company's series, what adds up to it, and what a forecast says of itself."""

from collections.abc import AsyncIterator
from datetime import date
from typing import Any

import pytest
import pytest_asyncio

from core.identity import Label, Principal
from tests.api.served import kept_open
from tests.tools.servers.figure_office import OWNER, Office, sample_office
from tools.servers.metric_results import MetricList
from tools.servers.trend_results import Explained, Forecast, Trend

pytestmark = pytest.mark.asyncio(loop_scope="module")
DECEMBER = {"from": "2025-12-01", "to": "2025-12-31"}
NOVEMBER = {"from": "2025-11-01", "to": "2025-11-30"}


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def office(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Office]:
    async with kept_open(sample_office(tmp_path_factory.mktemp("figures"))) as opened:
        yield opened


async def trend(office: Office, metric: str) -> Trend:
    return Trend.model_validate((await office.gateway.call(OWNER, "find_standouts", {"metric": metric})).structured)


async def explained(office: Office, metric: str, **days: Any) -> Explained:
    arguments = {"metric": metric, **days}
    return Explained.model_validate((await office.gateway.call(OWNER, "explain_change", arguments)).structured)


async def test_of_all_imported_series_only_the_tickets_of_december_stand_out(office: Office) -> None:
    metrics = MetricList.model_validate((await office.gateway.call(OWNER, "list_metrics", {})).structured).metrics
    imported = [metric.name for metric in metrics if metric.imported and "target" not in metric.title]
    found = {name: await trend(office, name) for name in imported}
    assert {(name, one.begins) for name, of in found.items() for one in of.standouts} == {
        ("support_tickets", date(2025, 12, 1))
    }
    assert sum(1 for one in found.values() if one.judged) > 10


async def test_a_standout_is_told_with_what_was_expected_and_the_part_that_makes_it(office: Office) -> None:
    [one] = (await trend(office, "support_tickets")).standouts
    assert (one.figure.value, one.figure.period, str(one.direction)) == (472, "December 2025", "up")
    assert 254 <= one.expected.value <= 273
    assert one.expected.title == "expected support tickets"
    assert one.expected.figure.query_hash != one.figure.figure.query_hash
    [api] = one.parts
    assert (api.by, api.figure.subject, api.figure.value) == ("segment", "API", 251)
    assert api.share.value == pytest.approx(100 * (251 - 41) / (472 - 257), abs=3)


async def test_a_month_that_is_not_over_is_not_judged(office: Office) -> None:
    found = await trend(office, "support_tickets")
    assert not found.figures[-1].complete
    assert found.figures[-1].value == 168
    assert all(one.begins < date(2026, 3, 1) for one in found.standouts)


async def test_a_series_too_short_to_be_judged_says_so(office: Office) -> None:
    found = await trend(office, "nps")
    assert (found.standouts, found.judged) == ((), 0)
    assert found.reason is not None
    assert "too few" in found.reason


async def test_a_change_is_explained_by_the_fewest_parts(office: Office) -> None:
    found = await explained(office, "support_tickets", parameters=DECEMBER, against=NOVEMBER)
    assert found.figure is not None
    assert found.figure.change is not None
    assert (found.figure.change.before, found.figure.change.against) == (257, "November 2025")
    assert [part.figure.subject for part in found.parts] == ["API"]


async def test_a_part_that_was_not_there_before_is_compared_with_the_period_before(office: Office) -> None:
    of, against = {"from": "2024-04-01", "to": "2026-03-20"}, {"from": "2022-04-13", "to": "2024-03-31"}
    found = await explained(office, "deals_lost", parameters=of, against=against)
    changes = [part.figure.change for part in found.parts]
    assert changes
    assert {one.against for one in changes if one} == {"2022-04-13 to 2024-03-31"}


async def test_parts_of_a_ratio_are_not_said_to_add_up(office: Office) -> None:
    found = await explained(office, "win_rate", parameters=DECEMBER, against=NOVEMBER)
    assert found.figure is not None
    assert found.parts == ()


async def test_a_change_without_a_figure_is_a_gap(office: Office) -> None:
    of, against = {"from": "2026-01-01", "to": "2026-01-31"}, {"from": "2025-12-01", "to": "2025-12-31"}
    found = await explained(office, "nps", parameters=of, against=against)
    assert (found.figure, found.parts) == (None, ())
    assert found.gap is not None
    assert "no value" in found.gap


async def test_of_what_may_not_be_read_nothing_stands_out(office: Office) -> None:
    nobody = Principal("elsewhere", "eve", clearance=Label.RESTRICTED)
    found = await office.gateway.call(nobody, "find_standouts", {"metric": "revenue"})
    assert Trend.model_validate(found.structured).figures == ()


async def test_a_forecast_needs_enough_months(office: Office) -> None:
    found = await office.gateway.call(OWNER, "forecast_metric", {"metric": "nps"})
    told = Forecast.model_validate(found.structured)
    assert told.steps == ()
    assert told.gap


async def test_a_forecast_says_how_it_would_have_done_and_begins_after_the_last_whole_month(office: Office) -> None:
    found = await office.gateway.call(OWNER, "forecast_metric", {"metric": "support_tickets", "months": 2})
    told = Forecast.model_validate(found.structured)
    assert [step.begins for step in told.steps] == [date(2026, 3, 1), date(2026, 4, 1)]
    assert all(step.low <= step.figure.value <= step.high for step in told.steps)
    assert told.method
    assert told.error is not None
    assert told.naive_error is not None
    assert {step.figure.metric for step in told.steps} == {"expected_support_tickets"}
