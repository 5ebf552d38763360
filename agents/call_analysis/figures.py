"""Gathering statistics: of reps over their calls, of a person on one call, or of the sides of calls."""

import asyncio
from collections.abc import Iterable, Sequence
from dataclasses import replace

from agents.base import Finding, Turn
from agents.call_analysis.asks import MOST_CALLS, NO_CALLS, Ask, structured
from agents.call_analysis.metrics import asked_metrics, compares_calls
from core.identity import Label
from models.evidence import Figure, highest
from tools.servers.call_results import CallFigures, Measured, RepFigures


async def statistics(ask: Ask, turn: Turn) -> Finding:
    """The figures asked for: of people on the calls in question, else of reps over all of theirs."""
    if not ask.scope.calls:
        return ask.finding(note=NO_CALLS)
    reps = tuple(entity.name for entity in turn.entities if entity.kind == "rep")
    asked = tuple(name for name in ask.scope.people if name in reps)
    narrow = ask.scope.accounts or ask.task.calls or ask.scope.narrowed
    if compares_calls(ask.task.question) or narrow or not reps:
        return await _of_calls(ask, turn, ask.scope.people)
    return await _of_reps(ask, turn, asked or reps)


async def _of_reps(ask: Ask, turn: Turn, reps: Sequence[str]) -> Finding:
    asked = [structured(turn, "rep_statistics", rep=rep) for rep in reps]
    found = [RepFigures.model_validate(result) for result in await asyncio.gather(*asked)]
    over = [(one, f"over {len(rep.calls)} call{'s' * (len(rep.calls) > 1)}") for rep in found for one in rep.statistics]
    note = found[0].not_compared if len(found) == 1 else None
    finding = _finding(ask, over, [rep.label for rep in found], note)
    return replace(finding, documents=tuple(dict.fromkeys(call for rep in found for call in rep.calls)))


async def _of_calls(ask: Ask, turn: Turn, people: Sequence[str]) -> Finding:
    asked = [structured(turn, "call_statistics", call=call.call) for call in ask.scope.calls[:MOST_CALLS]]
    calls = [CallFigures.model_validate(result) for result in await asyncio.gather(*asked)]
    on = [(one, f"on {call.title}") for call in calls for one in _asked_of(call, people)]
    finding = _finding(ask, on, [call.label for call in calls], None)
    return replace(finding, documents=tuple(call.document for call in calls))


def _asked_of(call: CallFigures, people: Sequence[str]) -> Sequence[Measured]:
    """What is measured of the people named who speak on the call, else of its sides."""
    own = [one for speaker in call.speakers if speaker.speaker in people for one in speaker.statistics]
    return own or call.statistics


def _finding(ask: Ask, measured: Sequence[tuple[Measured, str]], labels: Iterable[str], note: str | None) -> Finding:
    wanted = asked_metrics(ask.task.question)
    chosen = [(one, where) for one, where in measured if not wanted or one.metric in wanted]
    figures = [_placed(one.figure, where) for one, where in chosen if one.figure]
    if compares_calls(ask.task.question):
        figures.sort(key=lambda figure: (figure.metric, -figure.value))
    if not figures:
        reasons = dict.fromkeys(one.reason for one, _ in chosen if one.reason)
        note = f"That cannot be measured: {'; '.join(filter(None, reasons)) or 'no call gives it'}."
    return ask.finding(figures=figures, label=highest([Label.parse(label) for label in labels]), note=note)


def _placed(figure: Figure, where: str) -> Figure:
    """The figure with the calls it is from beside whose it is; a call's own is the call's."""
    subject = where.removeprefix("on ") if figure.subject == "Call" else f"{figure.subject} {where}"
    return replace(figure, subject=subject)
