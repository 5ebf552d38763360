"""The briefing as a graph: its parts are gathered side by side, and one that fails leaves a gap that says so.

START -> table, standouts, outlook, competitors, deals, customers, decisions -> compose -> END
"""

import operator
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from typing import Annotated, TypedDict

from langgraph.graph import END, START, StateGraph
from langgraph.graph.state import CompiledStateGraph
from langgraph.runtime import Runtime

from agents.base import Turn
from agents.executive_briefing import risks, sections
from agents.executive_briefing.decisions import decisions
from agents.executive_briefing.document import Briefing, Kpi, Line, Section
from agents.executive_briefing.kpis import kpis, moved_most
from agents.executive_briefing.metrics import all_metrics
from agents.executive_briefing.prose import Prose
from agents.executive_briefing.wanted import Wanted
from core import telemetry
from core.errors import SophiaError
from core.identity import Label
from tools.servers.metric_results import MetricInfo

HEADLINES = 3
RECURSION_LIMIT = 10

Gather = Callable[[Wanted, dict[str, MetricInfo], Prose], Awaitable[Section]]

PARTS: Mapping[str, Gather] = {
    "standouts": sections.standouts,
    "deals": risks.deals,
    "customers": risks.customers,
    "outlook": sections.outlook,
    "competitors": sections.competitors,
    "decisions": decisions,
}
"""The sections in the order in which they are read; one that has nothing to say is left out."""


@dataclass(frozen=True, slots=True)
class Work:
    """The context of one briefing."""

    turn: Turn
    prose: Prose
    metrics: dict[str, MetricInfo]


class State(TypedDict, total=False):
    """What is wanted, and what the parts leave for the composition; nothing of it is checkpointed."""

    wanted: Wanted
    rows: tuple[Kpi, ...]
    label: Label
    sections: Annotated[dict[str, Section], operator.or_]
    briefing: Briefing


Graph = CompiledStateGraph[State, Work, State, State]


def build_briefing() -> Graph:
    """The compiled graph; it takes what is `wanted` and returns the `briefing`."""
    builder = StateGraph(State, context_schema=Work)
    builder.add_node("table", table)
    builder.add_node("compose", compose)
    for name, gather in PARTS.items():
        builder.add_node(name, _part(name, gather))
    for name in ("table", *PARTS):
        builder.add_edge(START, name)
    builder.add_edge(["table", *PARTS], "compose")
    builder.add_edge("compose", END)
    return builder.compile(checkpointer=False, name="briefing")


async def make_briefing(graph: Graph, wanted: Wanted, turn: Turn) -> Briefing:
    """The briefing. UnavailableError and the like where not even the metrics can be listed."""
    with telemetry.span("briefing", {"sophia.audience": wanted.audience.name}):
        metrics = {metric.name: metric for metric in await all_metrics(turn)}
        work = Work(turn, Prose(turn), metrics)
        done = await graph.ainvoke({"wanted": wanted}, {"recursion_limit": RECURSION_LIMIT}, context=work)
    briefing: Briefing = done["briefing"]
    return briefing


async def table(state: State, runtime: Runtime[Work]) -> State:
    """The rows of figures."""
    work = runtime.context
    with telemetry.span("node table", {"sophia.node": "table"}):
        rows, label = await kpis(state["wanted"], work.metrics, work.turn)
    return {"rows": rows, "label": label}


def _part(name: str, gather: Gather) -> Callable[..., Awaitable[State]]:
    """The node of one section; what it cannot get is said in its place."""

    async def node(state: State, runtime: Runtime[Work]) -> State:
        work = runtime.context
        with telemetry.span(f"node {name}", {"sophia.node": name}):
            try:
                section = await gather(state["wanted"], work.metrics, work.prose)
            except SophiaError as error:
                section = Section(name, name.capitalize(), note=f"This part is missing: {error}")
        return {"sections": {name: section}}

    return node


async def compose(state: State, runtime: Runtime[Work]) -> State:
    """The briefing from its parts."""
    work = runtime.context
    wanted, prose, rows = state["wanted"], work.prose, state["rows"]
    ordered = tuple(section for name in PARTS if (section := state["sections"][name]).says_something)
    headline = await _headline(rows, ordered, state["label"], prose)
    rests_on = await sections.coverage(rows, ordered, prose)
    return {
        "briefing": Briefing(
            id=wanted.id,
            company=wanted.company,
            audience=wanted.audience.name,
            period=wanted.told,
            first=wanted.period.start,
            last=wanted.period.last,
            compared=wanted.compared_told,
            as_of=wanted.as_of,
            made_at=wanted.made_at,
            label=max(state["label"], prose.label),
            headline=headline,
            kpis=rows,
            sections=ordered,
            coverage=rests_on,
            sources=prose.references,
            withheld=len(prose.withheld),
            since=wanted.previous.made_at.date() if wanted.previous else None,
            documents=tuple(sorted(prose.documents)),
        )
    }


async def _headline(
    rows: tuple[Kpi, ...], ordered: tuple[Section, ...], label: Label, prose: Prose
) -> tuple[Line, ...]:
    """The few sentences to read if nothing else is: what moved most and means something, bad news first.

    Where too little moved, what stands out is told.
    """
    moved = await prose.of_figures(moved_most(rows)[:HEADLINES], about="What changed?", label=label)
    out = [line for section in ordered if section.id == "standouts" for line in section.lines]
    return (*moved, *out)[:HEADLINES]
