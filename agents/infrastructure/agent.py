"""The infrastructure specialist as a graph: what kind of question about platforms it is, then the node for it.

    understand -> one of status, cost, history, plan -> END

What platforms tell comes from tools; none of the nodes changes a platform.
"""

from collections.abc import Awaitable, Callable, Mapping
from typing import TypedDict

from langgraph.graph import END, START, StateGraph
from langgraph.graph.state import CompiledStateGraph
from langgraph.runtime import Runtime

from agents.base import Finding, Task, Turn
from agents.infrastructure import plans, telling
from agents.infrastructure.intents import Intent, intent_of
from core import telemetry

Gather = Callable[[Task, Turn], Awaitable[Finding]]

GATHERERS: Mapping[Intent, Gather] = {
    Intent.STATUS: telling.status,
    Intent.COST: telling.cost,
    Intent.HISTORY: telling.history,
    Intent.PLAN: plans.plan,
}


class State(TypedDict, total=False):
    """What one task needs; nothing of it is checkpointed."""

    task: Task
    intent: Intent
    findings: list[Finding]


def build_infrastructure() -> CompiledStateGraph[State, Turn, State, State]:
    """The compiled subgraph: takes `task`, returns `findings`."""
    builder = StateGraph(State, context_schema=Turn)
    builder.add_node("understand", understand)
    builder.add_edge(START, "understand")
    builder.add_conditional_edges("understand", chosen, [str(intent) for intent in GATHERERS])
    for intent in GATHERERS:
        builder.add_node(str(intent), gather_node(intent))
        builder.add_edge(str(intent), END)
    return builder.compile(checkpointer=False, name="infrastructure")


async def understand(state: State) -> State:
    """The kind of the question, told by its words."""
    return {"intent": intent_of(state["task"].question)}


def chosen(state: State) -> str:
    """The node of the kind."""
    return str(state["intent"])


def gather_node(intent: Intent) -> Callable[..., Awaitable[State]]:
    """The node that calls the gatherer of this kind."""

    async def node(state: State, runtime: Runtime[Turn]) -> State:
        with telemetry.span(f"node {intent}", {"sophia.node": str(intent)}):
            return {"findings": [await GATHERERS[intent](state["task"], runtime.context)]}

    return node
