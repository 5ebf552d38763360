"""A specialist whose questions are each of one kind: told by its words, then gathered for by the node of that kind.

    understand -> the node of one kind -> END

Call analysis, which takes a question apart first, has a graph of its own.
"""

from collections.abc import Awaitable, Callable, Mapping
from enum import StrEnum
from typing import TypedDict, TypeVar

from langgraph.graph import END, START, StateGraph
from langgraph.graph.state import CompiledStateGraph
from langgraph.runtime import Runtime

from agents.base import Finding, Task, Turn
from core import telemetry

Gather = Callable[[Task, Turn], Awaitable[Finding | tuple[Finding, ...]]]
Kind = TypeVar("Kind", bound=StrEnum)


class State(TypedDict, total=False):
    """What one task needs; nothing of it is checkpointed."""

    task: Task
    intent: str
    findings: list[Finding]


Specialist = CompiledStateGraph[State, Turn, State, State]


def build_by_intent(name: str, gatherers: Mapping[Kind, Gather], intent_of: Callable[[str], Kind]) -> Specialist:
    """The compiled subgraph: takes `task`, returns `findings`. Every kind that `intent_of` tells needs its gatherer."""

    async def understand(state: State) -> State:
        return {"intent": intent_of(state["task"].question)}

    builder = StateGraph(State, context_schema=Turn)
    builder.add_node("understand", understand)
    builder.add_edge(START, "understand")
    builder.add_conditional_edges("understand", _chosen, [str(kind) for kind in gatherers])
    for kind, gather in gatherers.items():
        builder.add_node(str(kind), _node(str(kind), gather))
        builder.add_edge(str(kind), END)
    return builder.compile(checkpointer=False, name=name)


async def _chosen(state: State) -> str:
    return state["intent"]


def _node(kind: str, gather: Gather) -> Callable[..., Awaitable[State]]:
    async def node(state: State, runtime: Runtime[Turn]) -> State:
        with telemetry.span(f"node {kind}", {"sophia.node": kind}):
            found = await gather(state["task"], runtime.context)
        return {"findings": [*found] if isinstance(found, tuple) else [found]}

    return node
