"""Which statistics a question asks for, by the words people use for them."""

import re
from collections.abc import Mapping

WORDS: Mapping[str, re.Pattern[str]] = {
    metric: re.compile(pattern, re.IGNORECASE)
    for metric, pattern in {
        "talk_ratio": r"talk(?:ing)?[- ]?(?:to[- ]listen )?(?:ratio|time|share)|share of (?:the )?talk|how much .*\btalk"
        r"|talks? (?:too much|more|most|less|least)|who (?:did|does) (?:most|more) of the talking|listen",
        "longest_monologue": r"monologue|longest (?:stretch|speech)|without (?:a pause|stopping|interruption)",
        "longest_customer_story": r"(?:customer|buyer|client)(?:'s)? (?:story|stories)|story",
        "interactivity": r"interactiv|back[- ]and[- ]forth|switch",
        "patience": r"patien|wait|pause|interrupt|silence",
        "question_rate": r"question rate|questions? (?:an|per) (?:hour|minute)|how often .*\b(?:ask|questions?)"
        r"|asks? (?:more|most|fewer|enough)",
        "questions": r"(?:how many|number of) questions(?! (?:an|per) (?:hour|minute))(?!.* (?:an|per) (?:hour|minute))",
    }.items()
}
WHICH_CALL = re.compile(r"\b(?:which|what) (?:\w+ )?(?:call|meeting|conversation|demo)\b", re.IGNORECASE)


def asked_metrics(question: str) -> frozenset[str]:
    """The metrics that the words name; none means all."""
    return frozenset(metric for metric, words in WORDS.items() if words.search(question))


def compares_calls(question: str) -> bool:
    """Whether the question asks which of several calls has most or least of something."""
    return WHICH_CALL.search(question) is not None
