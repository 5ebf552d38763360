"""The kinds of question about figures; each has a node of its own. What is none of the others asks for a number."""

import re
from enum import StrEnum


class Intent(StrEnum):
    """What a question about figures wants."""

    MEASURE = "measure"
    EXPLAIN = "explain"
    ANOMALIES = "anomalies"
    FORECAST = "forecast"
    DEALS_AT_RISK = "deals_at_risk"
    CUSTOMERS_AT_RISK = "customers_at_risk"
    DEAL_OUTCOMES = "deal_outcomes"
    SCORE_REPORT = "score_report"
    BRIEFING = "briefing"


_RISK = r"at risk|in danger|in trouble|slip\w*|stall\w*|may lose|might lose|could lose|worr\w+|risks?"
_LEAVING = r"leav\w+|churn\w*|poor health|unhealthy|los[ei]\w*|renew\w*"
_CUSTOMERS = r"customers?|accounts?|clients?|logos?"
_DEALS = r"deals?|opportunit(?:y|ies)"
_ODDS = r"likely|likeliest|likelihood|probab\w+|chances?|odds"
_ENDS = r"win|wins|won|winning|clos\w+|sign|signs|signed|signing"
_WORDS = {
    Intent.BRIEFING: r"\bbriefing\b|\bone-?page(?:r| summary)\b|\b(?:write|prepare|send|make|give)\b.*\b(?:brief|kpi summary)\b"
    r"|\b(?:headline|key) (?:kpis?|figures|numbers)\b|\bweekly numbers\b",
    Intent.DEALS_AT_RISK: rf"\b(?:deals?|opportunit\w+)\b.*\b(?:{_RISK})\b|\b(?:{_RISK})\b.*\b(?:deals?|opportunit\w+|quarter)\b",
    Intent.CUSTOMERS_AT_RISK: rf"\b(?:{_CUSTOMERS})\b.*\b(?:{_RISK}|{_LEAVING})\b|\b(?:{_RISK})\b.*\b(?:{_CUSTOMERS})\b",
    Intent.SCORE_REPORT: r"\b(?:win|deals?|outcomes?|clos\w+)[- ](?:predictions?|scores?|scoring)\b"
    r"|\b(?:predictions?|scores?|scoring)\b.*\bof (?:our |the |open )*(?:wins|deals|opportunities)\b",
    Intent.DEAL_OUTCOMES: rf"\b(?:{_ODDS})\b.*\b(?:{_ENDS}|{_DEALS})\b|\b(?:{_DEALS}|{_ENDS})\b.*\b(?:{_ODDS})\b"
    rf"|\b(?:which|what)\b.*\b(?:{_DEALS})\b.*\b(?:will|going to|can|could)\b.*\b(?:win|sign)\b"
    rf"|\b(?:which|what)\b.*\b(?:{_DEALS})\b.*\b(?:will|going to)\b.*\b(?:close|be won)\b"
    rf"|^\W*(?:and |so )?(?:will|can|are) we\b.*\b(?:win|close|winning|closing)\b.*\b(?:{_DEALS})\b"
    rf"|^\W*(?:and |so )?will\b.*\b(?:{_DEALS})\b (?:\w+ )?(?:close|sign|be won)\b",
    Intent.ANOMALIES: r"\banomal\w+|\boutliers?\b|\blooks? (?:off|odd|wrong|strange)\b|\bunusual\b|\bstrange\b"
    r"|\bstands? out\b|\bout of line\b",
    Intent.FORECAST: r"\bforecasts?\b(?! accuracy)|\bpredict\w*|\boutlook\b|\b(?:going to|will) (?:we |it |they )?(?:hit|reach|be|make|end|land)\b"
    r"|\bexpect(?:ed)?\b.*\b(?:next|by|end)\b",
    Intent.EXPLAIN: r"^\W*(?:and |so )?why\b|\bwhat (?:drove|caused|explains?|happened to|is behind|was behind)\b|\bexplain\b"
    r"|\breasons? (?:for|behind)\b",
}
_PATTERNS = {intent: re.compile(words, re.IGNORECASE) for intent, words in _WORDS.items()}


def intent_of(question: str) -> Intent:
    """The kind of the question by its words."""
    return next((intent for intent, words in _PATTERNS.items() if words.search(question)), Intent.MEASURE)
