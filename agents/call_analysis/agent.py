"""Call analysis as a graph: understand what is asked about which calls, then gather the material for each part.

    understand -> one of search, summarise, statistics, moments, catalogue for each part -> END

Every node reaches the material through tools; none of them writes prose.
"""

import operator
from collections.abc import Awaitable, Callable, Mapping
from typing import Annotated, TypedDict

from langgraph.graph import END, START, StateGraph
from langgraph.graph.state import CompiledStateGraph
from langgraph.runtime import Runtime
from langgraph.types import Send

from agents.base import Finding, Task, Turn
from agents.call_analysis import material
from agents.call_analysis.intents import Intent, intents
from agents.call_analysis.material import Ask
from agents.call_analysis.scope import scope_of
from core import telemetry

Gather = Callable[[Ask, Turn], Awaitable[Finding]]

GATHERERS: Mapping[Intent, Gather] = {
    Intent.QUESTION: material.search,
    Intent.SUMMARISE: material.summarise,
    Intent.STATISTICS: material.statistics,
    Intent.OBJECTIONS: material.moments,
    Intent.COMPETITORS: material.moments,
    Intent.NEXT_STEPS: material.moments,
    Intent.LIST_CALLS: material.catalogue,
}


class State(TypedDict, total=False):
    """What one task needs; nothing of it is checkpointed."""

    task: Task
    asks: list[Ask]
    findings: Annotated[list[Finding], operator.add]


class Assigned(TypedDict):
    """One part of the question on its way to the node that gathers for it."""

    ask: Ask


def build_call_analysis() -> CompiledStateGraph[State, Turn, State, State]:
    """The compiled subgraph: takes `task`, returns `findings`, one a part of the question."""
    builder = StateGraph(State, context_schema=Turn)
    builder.add_node("understand", understand)
    builder.add_edge(START, "understand")
    names = sorted({gather.__name__ for gather in GATHERERS.values()})
    builder.add_conditional_edges("understand", parts, names)
    for name in names:
        builder.add_node(name, gather_node(name))
        builder.add_edge(name, END)
    return builder.compile(checkpointer=False, name="call_analysis")


async def understand(state: State, runtime: Runtime[Turn]) -> State:
    """What is asked, part by part; a part that fits no known kind is searched for."""
    task, turn = state["task"], runtime.context
    call = turn.call("understand", previous=task.previous)
    choices = [] if task.tentative else await turn.language.choose(task.question, intents(), call=call)
    wanted = [(Intent(choice.name), choice.question) for choice in choices] or [(Intent.QUESTION, task.question)]
    scope = await scope_of(task, task.question, turn)
    return {"asks": [Ask(task, intent, question, scope) for intent, question in wanted]}


def parts(state: State) -> list[Send]:
    """One gathering node a part."""
    return [Send(GATHERERS[ask.intent].__name__, Assigned(ask=ask)) for ask in state["asks"]]


def gather_node(name: str) -> Callable[..., Awaitable[State]]:
    """The node that calls the gatherer of this name."""

    async def node(state: Assigned, runtime: Runtime[Turn]) -> State:
        ask = state["ask"]
        with telemetry.span(f"node {name}", {"sophia.node": name}):
            return {"findings": [await GATHERERS[ask.intent](ask, runtime.context)]}

    return node
