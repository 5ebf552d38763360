"""Gathering what stands out in figures, and what is behind a change."""

import asyncio
import re
from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import date, timedelta

from agents.base import Finding, Task, Turn
from agents.executive_briefing.asked import REASON, before, breakdowns, in_days, told
from agents.executive_briefing.measures import finding, measure, sentence_case
from agents.executive_briefing.metrics import all_metrics, asked_metrics, structured
from core.identity import Label
from core.periods import Calendar, Grain, Period, months_after
from models.evidence import Figure, Source, highest
from models.language import Form
from models.text.dates import mentions
from tools.metrics.contributions import LEAD
from tools.servers.call_results import Passages
from tools.servers.metric_results import MetricFigure, MetricInfo
from tools.servers.trend_results import Contributed, Explained, Forecast, Standout, Trend

RECENT_MONTHS = 6
#: Notes of more days than these explain no change.
MOST_NOTED = timedelta(days=100)
MOST_STANDOUTS = 3
PROBABLY = "Noted about that time, and probably connected; that it is the cause is not proven:"
WHOLE = 100
#: What the company set itself does not stand out, it was meant to.
PLANNED = re.compile(r"\b(?:target|plan|budget|quota|goal)s?\b", re.IGNORECASE)


async def anomalies(task: Task, turn: Turn) -> tuple[Finding, ...]:
    """What stands out lately in the metrics that the question names, else in all of them."""
    metrics = await all_metrics(turn)
    wanted = await asked_metrics(task.question, metrics, turn) or [one for one in metrics if has_months(one)]
    trends = await trends_of(wanted, turn)
    since = months_after(turn.now.date(), -RECENT_MONTHS)
    found = recent(trends, since)
    judged = sum(1 for trend in trends if trend.judged)
    note = None if found else f"Nothing stands out in {judged} series since {since.isoformat()}."
    figures = [figure for _, standout in found for figure in figures_of(standout)]
    told = finding(task, figures=figures, label=_label(trends), note=note)
    noted = [await notes_about(one.figure, one.parts, turn) for _, one in found]
    return with_notes(task, told, [source for sources in noted for source in sources])


async def explain(task: Task, turn: Turn) -> tuple[Finding, ...]:
    """What adds up to the change that the question asks about, and what was noted about that time.

    Without a metric or a change, the figure itself.
    """
    wanted = await asked_metrics(task.question, await all_metrics(turn), turn)
    if not wanted or all(has_reasons(metric) for metric in wanted):
        return (await measure(task, turn),)
    period = _period(task.question, turn.now.date())
    against = before(period, Calendar())
    answers = await asyncio.gather(*(_explained(metric, period, against, turn) for metric in wanted))
    figures = [figure for one in answers if one.figure for figure in (one.figure.figure, *parts_of(one.parts))]
    gaps = [f"{one.title}: there is no figure, because {one.gap}." for one in answers if one.gap]
    if not figures and not gaps:
        return (await measure(task, turn),)
    label = highest([Label.parse(one.label) for one in answers])
    told = finding(task, figures=figures, label=label, note=" ".join(gaps) or None)
    noted = [await notes_about(one.figure, one.parts, turn) for one in answers if one.figure]
    return with_notes(task, told, [source for sources in noted for source in sources])


async def notes_about(figure: MetricFigure, parts: Sequence[Contributed], turn: Turn) -> tuple[Source, ...]:
    """What was noted in the CRM in the figure's days, or shortly before, on what makes the most of its change.

    Nothing for a long time: what was noted in two years explains nothing.
    """
    if figure.ends - figure.begins > MOST_NOTED:
        return ()
    subject = parts[0].figure.subject if parts else figure.subject
    found = await structured(
        turn,
        "find_notes",
        about=f"{figure.title} {subject}".strip(),
        first=(figure.begins - LEAD).isoformat(),
        last=figure.ends.isoformat(),
    )
    return Passages.model_validate(found).sources


def with_notes(task: Task, told: Finding, noted: Sequence[Source]) -> tuple[Finding, ...]:
    """The figures, then the notes word for word; that they belong together is probable and said to be no more."""
    if not noted:
        return (told,)
    quotes = replace(finding(task), form=Form.QUOTES, sources=tuple(dict.fromkeys(noted)))
    label = highest([source.label for source in noted])
    note = " ".join(filter(None, (told.note, PROBABLY)))
    return replace(told, note=note), replace(quotes, label=label)


async def outlook(task: Task, turn: Turn) -> Finding:
    """What the months so far lead one to expect of the metrics that the question names."""
    wanted = await asked_metrics(task.question, await all_metrics(turn), turn)
    if not wanted:
        return await measure(task, turn)
    found = [await forecast_of(metric, turn) for metric in wanted]
    figures = [step.figure.figure for one in found for step in one.steps]
    notes = [note for one in found for note in told_forecast(one)]
    label = highest([Label.parse(one.label) for one in found])
    return finding(task, figures=figures, label=label, note=" ".join(notes) or None)


async def forecast_of(metric: MetricInfo, turn: Turn, months: int = 3) -> Forecast:
    """The metric's next months."""
    return Forecast.model_validate(await structured(turn, "forecast_metric", metric=metric.name, months=months))


def told_forecast(found: Forecast) -> Iterable[str]:
    """How far a forecast can be trusted, or why there is none."""
    if found.gap:
        yield f"{sentence_case(found.title)}: there is no forecast, because {found.gap}."
    elif found.error is not None and found.naive_error is not None:
        yield (
            f"By {found.method}: its mean error in the backtest was {found.error:.2f} of last season's naive step, where "
            f"last season itself was off {found.naive_error:.2f}; {found.held} intervals held."
        )
    yield from (f"{sentence_case(note)}." for note in found.notes)


async def trends_of(metrics: Sequence[MetricInfo], turn: Turn) -> list[Trend]:
    """The series of these metrics with what stands out in each."""
    found = await asyncio.gather(*(structured(turn, "find_standouts", metric=metric.name) for metric in metrics))
    return [Trend.model_validate(one) for one in found]


def recent(trends: Iterable[Trend], since: date) -> list[tuple[Trend, Standout]]:
    """What stands out since the day, the farthest from what was expected first."""
    found = [(trend, one) for trend in trends for one in trend.standouts if one.begins >= since]
    return sorted(found, key=lambda pair: -pair[1].score)[:MOST_STANDOUTS]


def figures_of(standout: Standout) -> list[Figure]:
    """What stands out, what was expected, and what adds up to it."""
    return [standout.figure.figure, standout.expected.figure, *parts_of(standout.parts)]


def parts_of(parts: Sequence[Contributed]) -> list[Figure]:
    """The parts of a change, each with its share; where parts went both ways, a share says little and is left away."""
    shares = all(part.share.value <= WHOLE for part in parts)
    return [one.figure for part in parts for one in (part.figure, *([part.share] if shares else []))]


def has_months(metric: MetricInfo) -> bool:
    """Whether the metric has a series of months that nobody planned."""
    properties = metric.parameters.get("properties")
    grain = properties.get("grain") if isinstance(properties, dict) else None
    steps = grain.get("enum") if isinstance(grain, dict) else None
    return isinstance(steps, list) and "month" in steps and not PLANNED.search(metric.title)


def has_reasons(metric: MetricInfo) -> bool:
    """Whether the reasons of what the metric counts were written down, so that "why" is answered by them."""
    return REASON in breakdowns(metric)


async def _explained(metric: MetricInfo, period: Period, against: Period, turn: Turn) -> Explained:
    found = await structured(
        turn, "explain_change", metric=metric.name, parameters=dict(told(period)), against=dict(told(against))
    )
    return Explained.model_validate(found)


def _period(question: str, today: date) -> Period:
    """The days that the question names, else the last whole month."""
    said = mentions(question, today=today)
    return in_days(said[0].days, today) if said else Calendar().last(Grain.MONTH, today)


def _label(trends: Sequence[Trend]) -> Label:
    return highest([Label.parse(trend.label) for trend in trends])
