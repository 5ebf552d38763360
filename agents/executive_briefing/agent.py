"""The executive briefing's specialist: every figure comes from a tool, and none of its nodes writes prose."""

from collections.abc import Mapping

from agents.by_intent import Gather, Specialist, build_by_intent
from agents.executive_briefing import measures, risks, scores, trends
from agents.executive_briefing.intents import Intent, intent_of

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


def build_executive_briefing() -> Specialist:
    """The compiled subgraph: takes `task`, returns `findings`."""
    return build_by_intent("executive_briefing", GATHERERS, intent_of)
