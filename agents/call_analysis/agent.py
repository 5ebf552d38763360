"""Call analysis as a graph: understand what is asked about which calls, then gather the material for each part.

    understand -> one gatherer for each part -> END

Every node reaches the material through tools; none of them writes prose.
"""

import operator
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import replace
from typing import Annotated, TypedDict

from langgraph.graph import END, START, StateGraph
from langgraph.graph.state import CompiledStateGraph
from langgraph.runtime import Runtime
from langgraph.types import Send

from agents.base import Finding, Task, Turn
from agents.call_analysis import coach, compare, figures, material, moments, playbook, threats, tone, tracks
from agents.call_analysis.asks import Ask
from agents.call_analysis.follow_ups import before, followed, taken_up
from agents.call_analysis.intents import Intent, intents, says_nothing_new, settled
from agents.call_analysis.names import speaks
from agents.call_analysis.places import quoted_places
from agents.call_analysis.scope import Scope, scope_of
from core import telemetry

Gather = Callable[[Ask, Turn], Awaitable[Finding]]

GATHERERS: Mapping[Intent, Gather] = {
    Intent.QUESTION: material.search,
    Intent.SUMMARISE: material.summarise,
    Intent.STATISTICS: figures.statistics,
    Intent.OBJECTIONS: moments.objections,
    Intent.COMPETITORS: moments.competitors,
    Intent.NEXT_STEPS: moments.next_steps,
    Intent.RISKS: moments.risks,
    Intent.PRICES: moments.prices,
    Intent.DECISIONS: moments.decisions,
    Intent.COMPARE: compare.compare,
    Intent.TALK_TRACKS: tracks.talk_tracks,
    Intent.THREATS: threats.threats,
    Intent.MOOD: tone.mood,
    Intent.COACH: coach.coach,
    Intent.PLAYBOOK: playbook.playbook,
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
    """What is asked, part by part; a part that fits no known kind is searched for.

    The kind is judged on the question without the names of whom it is about, which say nothing of it.
    """
    task, turn = state["task"], runtime.context
    scope = await scope_of(task, turn)
    reps = [entity.name for entity in turn.entities if entity.kind == "rep"]
    if meant := followed(task, scope, reps):
        return {"asks": [meant]}
    if topic := taken_up(task, scope):
        return {"asks": [Ask(task, *topic, scope)]}
    if again := _again(task, scope):
        return {"asks": [again]}
    call = turn.call("understand", previous=task.previous)
    choices = [] if task.tentative else await turn.language.choose(scope.question, intents(), call=call)
    wanted = settled(scope.question, choices, names=scope.said)
    return {"asks": [Ask(task, intent, q, task.question if q == scope.question else q, scope) for intent, q in wanted]}


def _again(task: Task, scope: Scope) -> Ask | None:
    """What was asked before, where the question only says of whom else it is asked."""
    asked = before(task, scope)
    if asked is None or not says_nothing_new(scope.question, scope.said):
        return None
    people = scope.people or tuple(one for one in asked.people if any(speaks(call, [one]) for call in scope.calls))
    said = scope.said or people
    return Ask(task, asked.intent, asked.asked, task.question, replace(scope, people=people, said=said))


async def parts(state: State) -> list[Send]:
    """One gathering node a part."""
    return [Send(GATHERERS[ask.intent].__name__, Assigned(ask=ask)) for ask in state["asks"]]


def gather_node(name: str) -> Callable[..., Awaitable[State]]:
    """The node that calls the gatherer of this name; places that are known already are only quoted."""

    async def node(state: Assigned, runtime: Runtime[Turn]) -> State:
        ask = state["ask"]
        if ask.note is not None:
            return {"findings": [ask.finding(note=ask.note)]}
        with telemetry.span(f"node {name}", {"sophia.node": name}):
            gather = quoted_places if ask.places else GATHERERS[ask.intent]
            return {"findings": [await gather(ask, runtime.context)]}

    return node
