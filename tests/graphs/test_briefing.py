"""A briefing over the sample company's figures: bound, dated, and whole where a part of it fails."""

import re
from collections.abc import AsyncIterator, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime

import pytest
import pytest_asyncio
from pydantic import JsonValue

from agents.base import ToolAnswer, ToolCaller
from agents.executive_briefing.document import Briefing, Kpi, Line
from agents.executive_briefing.wanted import Wanted, audience_named
from core.errors import UnavailableError
from core.identity import Label, Principal
from core.periods import Period
from graphs.briefing import build_briefing, make_briefing
from models.evidence import Figure
from tests.api.served import kept_open
from tests.tools.servers.figure_office import TODAY, Office, sample_office

pytestmark = pytest.mark.asyncio(loop_scope="module")
SUCCESS = audience_named("success")
WANTED = Wanted(
    id="briefing_1",
    company="Tallowby",
    audience=SUCCESS.model_copy(update={"metrics": (*SUCCESS.metrics, "language_cost")}),
    period=Period(date(2026, 2, 1), date(2026, 3, 1)),
    told="February 2026",
    compared=Period(date(2026, 1, 1), date(2026, 2, 1)),
    compared_told="January 2026",
    as_of=TODAY,
    made_at=datetime(2026, 3, 20, tzinfo=UTC),
)
UNQUOTED = re.compile(r'"[^"]*"|\[\d+\]|\d{4}-\d\d-\d\d')


@dataclass(frozen=True)
class Failing:
    """Tools of which one is away."""

    tools: ToolCaller
    away: str

    async def call(
        self, principal: Principal, tool: str, arguments: Mapping[str, JsonValue], *, deadline: datetime | None = None
    ) -> ToolAnswer:
        if tool == self.away:
            raise UnavailableError(f"{tool} does not answer: try again later")
        return await self.tools.call(principal, tool, arguments, deadline=deadline)


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def office(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Office]:
    async with kept_open(sample_office(tmp_path_factory.mktemp("figures"))) as opened:
        yield opened


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def briefing(office: Office) -> Briefing:
    return await make_briefing(build_briefing(), WANTED, office.turn())


def lines(of: Briefing) -> Iterator[Line]:
    yield from of.headline
    yield from of.coverage.lines
    for section in of.sections:
        yield from section.lines
        for risk in section.risks:
            yield from risk.reasons


def figures(of: Briefing) -> Iterator[Figure]:
    yield from (row.figure for row in of.kpis if row.figure)
    yield from (figure for line in lines(of) for figure in line.figures)
    yield from (risk.stake for section in of.sections for risk in section.risks if risk.stake)


def row(of: Briefing, metric: str) -> Kpi:
    return next(one for one in of.kpis if one.metric == metric)


async def test_every_figure_is_bound_to_a_query_its_parameters_and_a_day(briefing: Briefing) -> None:
    found = list(figures(briefing))
    assert len(found) > 15
    for figure in found:
        assert figure.query
        assert len(figure.query_hash) == 16
        assert figure.as_of == TODAY.isoformat()
        assert figure.parameters or "='" in figure.query, figure


async def test_every_line_with_a_number_has_its_figure_or_its_source(briefing: Briefing) -> None:
    numbered = [line for line in lines(briefing) if re.search(r"\d", UNQUOTED.sub("", line.text))]
    assert numbered
    assert [line.text for line in numbered if not (line.figures or line.cites)] == []


async def test_an_imported_row_is_told_over_its_own_step_and_not_over_a_month_under_way(briefing: Briefing) -> None:
    nps, tickets = row(briefing, "nps"), row(briefing, "support_tickets")
    assert nps.figure is not None
    assert (nps.figure.text, nps.figure.period) == ("46 points", "Q3 2025")
    assert nps.figure.change is not None
    assert nps.figure.change.against == "Q2 2025"
    assert nps.stale is not None
    assert any("Net promoter score: the data is" in gap for gap in briefing.coverage.gaps)
    assert tickets.figure is not None
    assert (tickets.figure.value, tickets.figure.period) == (273, "February 2026")
    assert tickets.trend[-1].partial


async def test_what_stands_out_is_december_with_its_part_and_what_was_expected(briefing: Briefing) -> None:
    [section] = [one for one in briefing.sections if one.id == "standouts"]
    told = " ".join(line.text for line in section.lines)
    assert "472" in told
    assert "December 2025" in told
    assert "API" in told
    assert {figure.metric for line in section.lines for figure in line.figures} >= {
        "support_tickets",
        "expected_support_tickets",
    }


async def test_what_there_are_no_figures_for_is_said(briefing: Briefing) -> None:
    cost = row(briefing, "language_cost")
    assert cost.figure is None
    assert cost.gap is not None
    assert cost.gap.startswith("there are no ")
    assert f"Language cost: {cost.gap}." in briefing.coverage.gaps


@pytest.mark.parametrize(
    ("away", "section"), [("find_standouts", "standouts"), ("forecast_metric", "outlook"), ("deals_at_risk", "deals")]
)
async def test_a_part_that_fails_leaves_a_gap_and_the_others_stand(office: Office, away: str, section: str) -> None:
    turn = office.turn()
    made = await make_briefing(build_briefing(), WANTED, replace(turn, tools=Failing(turn.tools, away)))
    [failed] = [one for one in made.sections if one.id == section]
    assert failed.note is not None
    assert failed.note.startswith("This part is missing: ")
    assert f"{away} does not answer" in failed.note
    assert any(away in gap for gap in made.coverage.gaps)
    assert row(made, "mrr").figure is not None
    assert len(made.sections) == 5


async def test_rows_whose_metric_fails_are_gaps(office: Office) -> None:
    turn = office.turn()
    made = await make_briefing(build_briefing(), WANTED, replace(turn, tools=Failing(turn.tools, "measure_metric")))
    assert made.kpis
    assert all(one.figure is None and one.gap and "does not answer" in one.gap for one in made.kpis)


async def test_the_label_is_the_highest_of_what_entered_it(briefing: Briefing, office: Office) -> None:
    assert briefing.label is Label.INTERNAL
    nobody = await make_briefing(
        build_briefing(), WANTED, office.turn(Principal("default", "p", clearance=Label.PUBLIC))
    )
    assert (nobody.kpis, list(figures(nobody))) == ((), [])


async def test_a_figure_that_changed_is_told_with_what_the_last_briefing_said(
    briefing: Briefing, office: Office
) -> None:
    mrr = row(briefing, "mrr")
    assert mrr.figure is not None
    older = replace(mrr, figure=replace(mrr.figure, text="$400,000"))
    before = replace(briefing, kpis=tuple(older if one.metric == "mrr" else one for one in briefing.kpis))
    made = await make_briefing(build_briefing(), replace(WANTED, previous=before), office.turn())
    assert row(made, "mrr").since_last == "$400,000"
    assert {one.metric for one in made.kpis if one.since_last} == {"mrr"}
    assert made.since == before.made_at.date()
