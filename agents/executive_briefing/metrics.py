"""Which metrics a question asks for: by their own words first, else by what the language chooses."""

import re
from collections.abc import Iterator, Sequence

from pydantic import JsonValue

from agents.base import Turn
from models.language import Option
from models.text.words import stem, words
from tools.servers.metric_results import MetricInfo, MetricList

MOST_METRICS = 4
#: Of a metric's name in an unsure choice.
SURELY = 0.6


async def all_metrics(turn: Turn) -> tuple[MetricInfo, ...]:
    """The metrics that whoever asks may have measured."""
    return MetricList.model_validate(await structured(turn, "list_metrics")).metrics


async def structured(turn: Turn, tool: str, **arguments: JsonValue) -> dict[str, object]:
    """What a tool returns for these arguments."""
    return dict((await turn.tools.call(turn.principal, tool, arguments, deadline=turn.deadline)).structured)


async def asked_metrics(question: str, metrics: Sequence[MetricInfo], turn: Turn) -> list[MetricInfo]:
    """The metrics the question asks for, in its order, at most a few; none where it names none."""
    named = list(dict.fromkeys(metric.name for metric in _named(question, metrics)))
    by_name = {metric.name: metric for metric in metrics}
    if not named:
        options = [Option(one.name, f"{one.title}: {one.about}", one.examples) for one in metrics]
        choices = await turn.language.choose(question, options, call=turn.call("metric"))
        named = [choice.name for choice in choices if choice.confidence >= SURELY]
    return [by_name[name] for name in named[:MOST_METRICS]]


def _named(question: str, metrics: Sequence[MetricInfo]) -> Iterator[MetricInfo]:
    """The metrics whose title or words stand in the question, the longest wording at each place."""
    said = [stem(word) for word in words(question)]
    wordings = [(wording, metric) for metric in metrics for wording in _wordings(metric)]
    wordings.sort(key=lambda one: -len(one[0]))
    at = 0
    while at < len(said):
        found = next(((w, m) for w, m in wordings if said[at : at + len(w)] == w), None)
        if found:
            yield found[1]
        at += len(found[0]) if found else 1


def _wordings(metric: MetricInfo) -> Iterator[list[str]]:
    for phrase in (metric.title, metric.name.replace("_", " "), *metric.words):
        wording = [stem(word) for word in words(re.sub(r"\([^)]*\)", "", phrase))]
        if wording:
            yield wording
