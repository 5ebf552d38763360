"""Gathering figures for a question: the metrics it asks for, measured as it asks."""

import asyncio
import re
from collections.abc import Iterable, Sequence
from dataclasses import replace

from pydantic import JsonValue

from agents.base import Finding, Task, Turn
from agents.executive_briefing.asked import Asked, asked
from agents.executive_briefing.metrics import asked_metrics, foreign_names, goes_on, listed, named_metrics, structured
from agents.executive_briefing.wanted import audiences
from core.errors import SophiaError
from core.identity import Label
from models.evidence import Figure, highest
from tools.servers.metric_results import Measurement, MetricFigure, MetricInfo

MOST_PARTS = 10
SUPPOSED = re.compile(r"\bwould\b.*\bif\b|\bif\b.*\bwould\b|\bwhat if\b|\bsuppos\w+", re.IGNORECASE)
AS_IT_IS = "Figures are told as they are known: what they would be if something were otherwise is not reckoned."
BRIEFING = "'sophia brief --for ceo --period last-week'"
_DESCENDING = -1


async def measure(task: Task, turn: Turn) -> Finding:
    """The figures of the metrics that the question asks for; a note says what there is no figure for, and why."""
    if SUPPOSED.search(task.question):
        return finding(task, note=None if task.tentative else AS_IT_IS)
    known = await listed(turn)
    wanted, previous = await _wanted(task, known.metrics, turn)
    if not wanted:
        return replace(finding(task, note=None if task.tentative else _unknown(known.metrics)), unknown=True)
    today, entities = turn.now.date(), turn.entities
    questions = [
        asked(task.question, metric, today=today, entities=entities, parts=known.parts, previous=previous)
        for metric in wanted
    ]
    answers = await asyncio.gather(*(measured(turn, one) for one in questions))
    found = [(one, answer) for one, answer in zip(questions, answers, strict=True) if isinstance(answer, Measurement)]
    refused = [str(answer) for answer in answers if isinstance(answer, SophiaError)]
    figures = [figure for one, answer in found for figure in shown(one, answer)]
    notes = [*refused, *(note for one, answer in found for note in told_gaps(one, answer))]
    return finding(
        task,
        figures=figures,
        label=highest([Label.parse(answer.label) for _, answer in found]),
        note=" ".join(notes) or None,
        remembered={"metrics": [one.name for one in wanted], "parameters": dict(questions[0].parameters)},
    )


async def briefing(task: Task, _turn: Turn) -> Finding:
    """Where a whole briefing is made: it is a document, not an answer."""
    return finding(task, note=f"A briefing is made by {BRIEFING} or POST /v1/briefings; for: {', '.join(audiences())}.")


async def measured(turn: Turn, wanted: Asked) -> Measurement | SophiaError:
    """The metric as it was found, or why it cannot be measured so."""
    arguments: dict[str, JsonValue] = {"metric": wanted.metric.name, "parameters": dict(wanted.parameters)}
    if wanted.against:
        arguments["against"] = dict(wanted.against)
    try:
        return Measurement.model_validate(await structured(turn, "measure_metric", **arguments))
    except SophiaError as error:
        return error


def shown(wanted: Asked, answer: Measurement) -> list[Figure]:
    """The figures to tell: of a breakdown the largest parts, of a series every step."""
    figures: Sequence[MetricFigure] = answer.figures
    if wanted.broken_down:
        figures = sorted(figures, key=lambda one: (_DESCENDING * one.value, one.subject))[:MOST_PARTS]
    return [one.figure for one in figures]


def told_gaps(wanted: Asked, answer: Measurement) -> Iterable[str]:
    """What is missing from an answer, in sentences."""
    title = sentence_case(answer.title)
    if answer.gap:
        yield f"{title}: there is no figure, because {answer.gap}."
    if answer.note:
        yield f"{title}: {answer.note}."
    if len(answer.figures) > MOST_PARTS and wanted.broken_down:
        yield f"{title}: these are the {MOST_PARTS} largest of {len(answer.figures)}."
    if answer.remembered_at:
        yield f"The warehouse does not answer: this is what it said at {answer.remembered_at:%Y-%m-%d %H:%M} UTC."
    elif answer.stale and answer.figures:
        yield f"{title}: the data is {told_age(answer.age_s)}."


def told_age(seconds: float | None) -> str:
    """`3 days old`, `5 hours old`; nobody knows how old what was never refreshed is."""
    if seconds is None:
        return "of unknown age"
    for size, unit in ((86400, "day"), (3600, "hour"), (60, "minute")):
        count = int(seconds // size)
        if count:
            return f"{count} {unit}{'s' * (count > 1)} old"
    return "new"


def finding(
    task: Task,
    *,
    figures: Sequence[Figure] = (),
    label: Label = Label.PUBLIC,
    note: str | None = None,
    remembered: dict[str, JsonValue] | None = None,
) -> Finding:
    """What was found, as the supervisor takes it."""
    kept = {name: value for name, value in task.previous.items() if name in ("calls", "heard", "topic")}
    return Finding(
        task.specialist,
        task.question,
        figures=tuple(figures),
        label=label,
        note=note,
        arguments={**kept, **(remembered or {})},
    )


def sentence_case(title: str) -> str:
    """The words with a capital letter at their beginning."""
    return title[:1].upper() + title[1:]


async def _wanted(
    task: Task, metrics: Sequence[MetricInfo], turn: Turn
) -> tuple[list[MetricInfo], dict[str, str] | None]:
    """The metrics of the question; of one that goes on ("and by rep?") those of the one before, with what that asked.

    A tentative task is only for those who call a metric of the company by its words.
    """
    named = named_metrics(task.question, metrics)
    if task.tentative and (foreign_names(task.question, metrics, turn) or not (named or goes_on(task.question))):
        return [], None
    before = _before(task, metrics)
    if not named and before and goes_on(task.question):
        parameters = task.previous.get("parameters")
        kept = {name: str(value) for name, value in parameters.items()} if isinstance(parameters, dict) else {}
        return before, kept
    if named or task.tentative:
        return named, None
    return await asked_metrics(task.question, metrics, turn) or before, None


def _before(task: Task, metrics: Sequence[MetricInfo]) -> list[MetricInfo]:
    """The metrics of the question before."""
    named = task.previous.get("metrics")
    return [one for one in metrics if isinstance(named, list) and one.name in named]


def _unknown(metrics: Sequence[MetricInfo]) -> str:
    if not metrics:
        return "There are no figures that you may see."
    return f"No metric is known by these words. There are: {', '.join(one.title for one in metrics)}."
