"""What a question asks of which metric, over the sample company's catalogue and series, as of Friday 20 March 2026."""

from collections.abc import AsyncIterator, Mapping

import pytest
import pytest_asyncio

from agents.executive_briefing.asked import Asked, asked
from agents.executive_briefing.metrics import foreign_names, goes_on, listed, named_metrics
from tests.api.served import kept_open
from tests.tools.servers.figure_office import TODAY, Office, sample_office
from tools.servers.metric_results import MetricList

pytestmark = pytest.mark.asyncio(loop_scope="module")
YEAR_2025 = {"from": "2025-01-01", "to": "2025-12-31"}
FEBRUARY = {"from": "2026-02-01", "to": "2026-02-28"}
JANUARY = {"from": "2026-01-01", "to": "2026-01-31"}
DECEMBER = {"from": "2025-12-01", "to": "2025-12-31"}
SINCE_JULY = {"from": "2025-07-01", "to": "2026-03-20"}
OWEN, DALE = {"rep": "Owen Pettibone"}, {"rep": "Dale Pruitt"}
CASTELLAN = {"account": "Castellan Tile & Stone"}

Shape = Mapping[str, str]
TABLE: tuple[tuple[str, str, Shape, Shape | None], ...] = (
    ("What was our revenue in February?", "revenue", FEBRUARY, None),
    ("How much revenue did we close last month?", "revenue", FEBRUARY, None),
    ("Bookings in 2025?", "revenue", YEAR_2025, None),
    ("Turnover in Q4 2025", "revenue", {"from": "2025-10-01", "to": "2025-12-31"}, None),
    ("What was revenue from July to September 2025?", "revenue", {"from": "2025-07-01", "to": "2025-09-30"}, None),
    ("Revenue since July?", "revenue", SINCE_JULY, None),
    ("What is our revenue?", "revenue", {}, None),
    ("Revenue by rep in 2025", "revenue", {**YEAR_2025, "by": "rep"}, None),
    ("How much revenue did each rep close in February?", "revenue", {**FEBRUARY, "by": "rep"}, None),
    ("How much revenue did each of us close in February?", "revenue", {**FEBRUARY, "by": "rep"}, None),
    ("Revenue by region since July", "revenue", {**SINCE_JULY, "by": "region"}, None),
    ("Revenue by product", "revenue", {"by": "product"}, None),
    ("Revenue by pipeline in 2025", "revenue", {**YEAR_2025, "by": "pipeline"}, None),
    ("Revenue by month", "revenue", {"grain": "month"}, None),
    ("Monthly revenue in 2025", "revenue", {**YEAR_2025, "grain": "month"}, None),
    ("How did revenue develop quarter by quarter?", "revenue", {"grain": "quarter"}, None),
    ("Quarterly revenue", "revenue", {"grain": "quarter"}, None),
    ("Weekly revenue since July", "revenue", {**SINCE_JULY, "grain": "week"}, None),
    ("How did revenue develop over time?", "revenue", {"grain": "month"}, None),
    ("How much revenue came from new business in 2025?", "revenue", {**YEAR_2025, "pipeline": "New business"}, None),
    ("What was revenue in 2025 without renewals?", "revenue", YEAR_2025, None),
    ("Revenue of enterprise accounts in February", "revenue", {**FEBRUARY, "segment": "Enterprise"}, None),
    ("How much revenue did Owen Pettibone close in February?", "revenue", {**FEBRUARY, **OWEN}, None),
    ("Revenue with Castellan since July?", "revenue", {**SINCE_JULY, **CASTELLAN}, None),
    ("Did revenue grow in February?", "revenue", FEBRUARY, JANUARY),
    ("Revenue in February compared with December", "revenue", FEBRUARY, DECEMBER),
    ("Has revenue in February changed against a year ago?", "revenue", FEBRUARY, {"from": "2025-02-01", "to": "2025-02-28"}),
    ("Revenue in February versus last year", "revenue", FEBRUARY, {"from": "2025-02-01", "to": "2025-02-28"}),
    ("What was revenue last year?", "revenue", YEAR_2025, None),
    ("Did revenue fall?", "revenue", {}, {"from": "2026-02-01", "to": "2026-02-20"}),
    ("How big is our pipeline?", "pipeline_value", {}, None),
    ("What is the pipeline worth, stage by stage, per stage?", "pipeline_value", {"by": "stage"}, None),
    ("Pipeline by pipeline?", "pipeline_value", {"by": "pipeline"}, None),
    ("Pipeline of Dale", "pipeline_value", DALE, None),
    ("How many open deals does each rep have?", "open_deals", {"by": "rep"}, None),
    ("How many deals are open?", "open_deals", {}, None),
    ("What is our win rate?", "win_rate", {}, None),
    ("Which rep has the best win rate since July?", "win_rate", {**SINCE_JULY, "by": "rep"}, None),
    ("How does the win rate differ across segments?", "win_rate", {"by": "segment"}, None),
    ("Competitive win rate by competitor", "competitive_win_rate", {"by": "competitor"}, None),
    ("What is our win rate against competitors?", "competitive_win_rate", {}, None),
    ("Competitive win rate against Northpier", "competitive_win_rate", {"competitor": "Northpier"}, None),
    ("Average deal size in new business", "average_deal_size", {"pipeline": "New business"}, None),
    ("How long is our sales cycle?", "sales_cycle_days", {}, None),
    ("Why did we lose lost deals since July?", "deals_lost", {**SINCE_JULY, "by": "lost_reason"}, None),
    ("Lost deals by reason", "deals_lost", {"by": "lost_reason"}, None),
    ("What is our MRR?", "mrr", {}, None),
    ("What is our monthly recurring revenue?", "mrr", {}, None),
    ("How has MRR changed against a year ago?", "mrr", FEBRUARY, {"from": "2025-02-01", "to": "2025-02-28"}),
    ("By how much has MRR grown in a year?", "mrr", FEBRUARY, {"from": "2025-02-01", "to": "2025-02-28"}),
    ("Did MRR grow?", "mrr", FEBRUARY, JANUARY),
    ("How much MRR did we lose to churn in 2025?", "churned_mrr", YEAR_2025, None),
    ("How is our NPS?", "nps", {}, None),
    ("What's our net promoter score?", "nps", {}, None),
    ("How many support tickets came in December?", "support_tickets", DECEMBER, None),
    ("How many tickets did support get in December?", "support_tickets", DECEMBER, None),
    ("Support tickets by segment", "support_tickets", {"by": "segment"}, None),
    ("How many sites are live?", "sites_live", {}, None),
    ("Logged activities by rep in February", "activities", {**FEBRUARY, "by": "rep"}, None),
)  # fmt: skip


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def office(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Office]:
    async with kept_open(sample_office(tmp_path_factory.mktemp("figures"))) as opened:
        yield opened


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def known(office: Office) -> MetricList:
    return await listed(office.turn())


def understood(question: str, known: MetricList, office: Office, previous: Mapping[str, str] | None = None) -> Asked:
    [metric] = named_metrics(question, known.metrics)
    return asked(question, metric, today=TODAY, entities=office.entities, parts=known.parts, previous=previous)


@pytest.mark.parametrize(("question", "metric", "parameters", "against"), TABLE, ids=[row[0] for row in TABLE])
async def test_a_question_means_a_metric_its_days_its_subject_and_its_comparison(
    known: MetricList, office: Office, question: str, metric: str, parameters: Shape, against: Shape | None
) -> None:
    one = understood(question, known, office)
    assert (one.metric.name, dict(one.parameters), one.against) == (metric, parameters, against)


async def test_a_question_may_name_several_metrics_and_at_most_four(known: MetricList) -> None:
    question = "Compare win rate, MRR, NPS, support tickets, the sales cycle and our revenue"
    assert [one.name for one in named_metrics(question, known.metrics)] == ["win_rate", "mrr", "nps", "support_tickets"]


async def test_a_breakdown_names_no_metric(known: MetricList) -> None:
    assert [one.name for one in named_metrics("Revenue by pipeline?", known.metrics)] == ["revenue"]
    assert named_metrics("What did Castellan say?", known.metrics) == []


async def test_a_question_that_goes_on_keeps_what_it_does_not_change(known: MetricList, office: Office) -> None:
    [win_rate] = named_metrics("win rate", known.metrics)

    def next_(question: str) -> Shape:
        before = {**SINCE_JULY, "by": "rep", "pipeline": "New business"}
        return asked(
            question, win_rate, today=TODAY, entities=office.entities, parts=known.parts, previous=before
        ).parameters

    assert next_("And by segment?") == {**SINCE_JULY, "by": "segment", "pipeline": "New business"}
    assert next_("And in February?") == {**FEBRUARY, "by": "rep", "pipeline": "New business"}
    assert next_("And by month?") == {**SINCE_JULY, "grain": "month", "pipeline": "New business"}
    assert next_("And for renewals?") == {**SINCE_JULY, "by": "rep", "pipeline": "Renewal"}


@pytest.mark.parametrize(
    ("question", "goes"),
    [("And by rep?", True), ("By how much has it grown?", True), ("What about February?", True), ("Win rate?", False)],
)
async def test_a_question_goes_on_by_its_words(question: str, goes: bool) -> None:
    assert goes_on(question) is goes


@pytest.mark.parametrize(
    ("question", "foreign"),
    [
        ("What was Netflix's revenue last year?", True),
        ("What is the revenue of Acme Rockets in March?", True),
        ("What is our MRR in December?", False),
        ("What is Dale Pruitt's win rate with Castellan?", False),
    ],
)
async def test_who_is_not_known_here_is_noticed(
    known: MetricList, office: Office, question: str, foreign: bool
) -> None:
    assert foreign_names(question, known.metrics, office.turn()) is foreign
