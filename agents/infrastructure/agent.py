"""The infrastructure specialist: what platforms tell comes from tools, and none of its nodes changes a platform."""

from collections.abc import Mapping

from agents.by_intent import Gather, Specialist, build_by_intent
from agents.infrastructure import plans, telling
from agents.infrastructure.intents import Intent, intent_of

GATHERERS: Mapping[Intent, Gather] = {
    Intent.STATUS: telling.status,
    Intent.COST: telling.cost,
    Intent.HISTORY: telling.history,
    Intent.PLAN: plans.plan,
}


def build_infrastructure() -> Specialist:
    """The compiled subgraph: takes `task`, returns `findings`."""
    return build_by_intent("infrastructure", GATHERERS, intent_of)
