"""Which metrics a question asks for: by their own words first, else by what the language chooses."""

import re
from collections.abc import Iterator, Sequence

from pydantic import JsonValue

from agents.base import Turn
from agents.executive_briefing.asked import without_breakdown
from models.language import Option
from models.text.dates import mentions
from models.text.words import capitalised_stems, content_stems, stem, words
from tools.servers.metric_results import MetricInfo, MetricList

MOST_METRICS = 4
#: Of a metric's name in an unsure choice.
SURELY = 0.6
STEPS = frozenset({"day", "week", "month", "quarter", "year"})
GOES_ON = re.compile(
    r"^\W*(?:and|or|but|what about|how about|by|per)\b|\b(?:it|that|this|they|them|those|these)\b", re.IGNORECASE
)


async def all_metrics(turn: Turn) -> tuple[MetricInfo, ...]:
    """The metrics that whoever asks may have measured."""
    return (await listed(turn)).metrics


async def listed(turn: Turn) -> MetricList:
    """The same, with the names that they can be narrowed to."""
    return MetricList.model_validate(await structured(turn, "list_metrics"))


async def structured(turn: Turn, tool: str, **arguments: JsonValue) -> dict[str, object]:
    """What a tool returns for these arguments."""
    return dict((await turn.tools.call(turn.principal, tool, arguments, deadline=turn.deadline)).structured)


def named_metrics(question: str, metrics: Sequence[MetricInfo]) -> list[MetricInfo]:
    """The metrics that stand in the question by their own words, in its order, at most a few."""
    found = {metric.name: metric for metric in _named(without_breakdown(question), metrics)}
    return list(found.values())[:MOST_METRICS]


async def asked_metrics(question: str, metrics: Sequence[MetricInfo], turn: Turn) -> list[MetricInfo]:
    """The metrics the question asks for, in its order, at most a few; none where it names none."""
    named = [metric.name for metric in named_metrics(question, metrics)]
    by_name = {metric.name: metric for metric in metrics}
    if not named:
        options = [Option(one.name, f"{one.title}: {one.about}", one.examples) for one in metrics]
        choices = await turn.language.choose(question, options, call=turn.call("metric"))
        named = [choice.name for choice in choices if choice.confidence >= SURELY]
    return [by_name[name] for name in named[:MOST_METRICS]]


def goes_on(question: str) -> bool:
    """Whether a question is said in the light of the one before ("and by rep?", "by how much has it grown?")."""
    return GOES_ON.search(question) is not None


def foreign_names(question: str, metrics: Sequence[MetricInfo], turn: Turn) -> bool:
    """Whether the question names somebody who is not known here: it may be about another company's figures."""
    told = [one.title for one in metrics] + [word for one in metrics for word in one.words]
    told += [name for entity in turn.entities for name in (entity.name, *entity.aliases)]
    known = {stem(word) for text in told for word in words(text)}
    spoken = mentions(question, today=turn.now.date())
    plain = "".join(
        " " if any(a <= at < b for a, b in (one.span for one in spoken)) else c for at, c in enumerate(question)
    )
    return bool(capitalised_stems(plain) - known)


def _named(question: str, metrics: Sequence[MetricInfo]) -> Iterator[MetricInfo]:
    """The metrics whose title or words stand in the text, in whatever order, the longest wording at each place.

    Where the text has all words of a longer wording ("MRR that we lost to churn"), that one is meant.
    """
    said = content_stems(question)
    wordings = [(wording, metric) for metric in metrics for wording in _wordings(metric)]
    wordings.sort(key=lambda one: -len(one[0]))
    apart, at = frozenset(said) - STEPS, 0
    while at < len(said):
        found = next(((w, m) for w, m in wordings if frozenset(said[at : at + len(w)]) == w), None)
        if found:
            yield next((m for w, m in wordings if found[0] < w <= apart), found[1])
        at += len(found[0]) if found else 1


def _wordings(metric: MetricInfo) -> Iterator[frozenset[str]]:
    for phrase in (metric.title, metric.name.replace("_", " "), *metric.words):
        wording = frozenset(content_stems(re.sub(r"\([^)]*\)", "", phrase)))
        if wording:
            yield wording
