"""The executive briefing's specialist as a graph: what kind of question about figures it is, then the node for it.

    understand -> one of measure, explain, anomalies, forecast, risks, scores, briefing -> END

Every figure comes from a tool; none of the nodes writes prose.
"""

from collections.abc import Awaitable, Callable, Mapping
from typing import TypedDict

from langgraph.graph import END, START, StateGraph
from langgraph.graph.state import CompiledStateGraph
from langgraph.runtime import Runtime

from agents.base import Finding, Task, Turn
from agents.executive_briefing import measures, risks, scores, trends
from agents.executive_briefing.intents import Intent, intent_of
from core import telemetry

Gather = Callable[[Task, Turn], Awaitable[Finding | tuple[Finding, ...]]]

GATHERERS: Mapping[Intent, Gather] = {
    Intent.MEASURE: measures.measure,
    Intent.EXPLAIN: trends.explain,
    Intent.ANOMALIES: trends.anomalies,
    Intent.FORECAST: trends.outlook,
    Intent.DEALS_AT_RISK: risks.deals_at_risk,
    Intent.CUSTOMERS_AT_RISK: risks.customers_at_risk,
    Intent.DEAL_OUTCOMES: scores.deal_outcomes,
    Intent.SCORE_REPORT: scores.score_report,
    Intent.BRIEFING: measures.briefing,
}


class State(TypedDict, total=False):
    """What one task needs; nothing of it is checkpointed."""

    task: Task
    intent: Intent
    findings: list[Finding]


def build_executive_briefing() -> CompiledStateGraph[State, Turn, State, State]:
    """The compiled subgraph: takes `task`, returns `findings`."""
    builder = StateGraph(State, context_schema=Turn)
    builder.add_node("understand", understand)
    builder.add_edge(START, "understand")
    builder.add_conditional_edges("understand", chosen, [str(intent) for intent in GATHERERS])
    for intent in GATHERERS:
        builder.add_node(str(intent), gather_node(intent))
        builder.add_edge(str(intent), END)
    return builder.compile(checkpointer=False, name="executive_briefing")


async def understand(state: State) -> State:
    """The kind of the question, told by its words."""
    return {"intent": intent_of(state["task"].question)}


def chosen(state: State) -> str:
    """The node of the kind; one that there is no node for is measured."""
    return str(state["intent"] if state["intent"] in GATHERERS else Intent.MEASURE)


def gather_node(intent: Intent) -> Callable[..., Awaitable[State]]:
    """The node that calls the gatherer of this kind."""

    async def node(state: State, runtime: Runtime[Turn]) -> State:
        with telemetry.span(f"node {intent}", {"sophia.node": str(intent)}):
            found = await GATHERERS[intent](state["task"], runtime.context)
        return {"findings": [*found] if isinstance(found, tuple) else [found]}

    return node
