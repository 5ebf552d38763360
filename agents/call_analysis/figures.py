"""Gathering statistics: of reps over their calls, of a person on one call, or of the sides of calls."""

import asyncio
from collections.abc import Iterable, Sequence
from dataclasses import replace

from agents.base import Finding, Turn
from agents.call_analysis.asks import MOST_CALLS, NO_CALLS, Ask, structured
from agents.call_analysis.metrics import asked_metrics, compares_calls
from agents.call_analysis.names import SELLER, stranger
from core.identity import Label
from models.evidence import Figure, highest
from tools.calls.speech import BUYER
from tools.servers.call_figures import CallFigures, Measured, RepFigures

MOST_NAMES = 12


async def statistics(ask: Ask, turn: Turn) -> Finding:
    """The figures asked for: of people on the calls in question, else of reps over all of theirs.

    Nobody gets the figures of somebody else: of who speaks on none of the calls it says so, and who does speak.
    """
    if not ask.scope.calls:
        return ask.finding(note=NO_CALLS)
    people = [one for one in ask.scope.people if _speaks(one, ask)]
    absent = _absent(ask, turn)
    if absent and not people:
        return _nobody(ask, absent)
    finding = await _measured(ask, turn, people)
    notes = filter(None, (finding.note, f"Nobody called {absent} speaks on these calls." if absent else None))
    return replace(finding, note=" ".join(notes) or None)


async def _measured(ask: Ask, turn: Turn, people: Sequence[str]) -> Finding:
    reps = [entity.name for entity in turn.entities if entity.kind == "rep" and _speaks(entity.name, ask, SELLER)]
    narrow = ask.scope.accounts or ask.task.calls or ask.scope.narrowed or not set(people) <= set(reps)
    if compares_calls(ask.question) or narrow or not reps:
        return await _of_calls(ask, turn, people)
    return await _of_reps(ask, turn, people or reps)


def _speaks(name: str, ask: Ask, role: str | None = None) -> bool:
    """Whether somebody whose name has all these words is on the calls, on this side."""
    said = set(name.casefold().split())
    everybody = (person for call in ask.scope.calls for person in call.people)
    return any(said <= set(one.name.casefold().split()) for one in everybody if role in (None, one.role))


def _absent(ask: Ask, turn: Turn) -> str | None:
    """Whom the question names that speaks on none of the calls."""
    known = [name for entity in turn.entities for name in (entity.name, *entity.aliases)]
    titles = [call.title for call in ask.scope.calls]
    unknown = stranger(ask.task.question, ask.scope.names, [*known, *titles])
    silent = [one for one in ask.scope.people if not _speaks(one, ask)]
    return " or ".join([*silent, *([unknown] if unknown else [])]) or None


def _nobody(ask: Ask, absent: str) -> Finding:
    speaking = list(dict.fromkeys(person.name for call in ask.scope.calls for person in call.people))
    more = f" and {len(speaking) - MOST_NAMES} more" if len(speaking) > MOST_NAMES else ""
    note = f"Nobody called {absent} speaks on these calls. Those who do: {', '.join(speaking[:MOST_NAMES])}{more}."
    finding = ask.finding(note=note, label=highest([Label.parse(call.label) for call in ask.scope.calls]))
    return replace(finding, documents=tuple(ask.scope.ids))


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
    buyers = dict.fromkeys(one.speaker for call in calls for one in call.speakers if one.role == BUYER)
    note = " ".join(f"{name} is on the buyers' side." for name in buyers if name in people) or None
    on = [(one, f"on {call.title}") for call in calls for one in _asked_of(call, people)]
    finding = _finding(ask, on, [call.label for call in calls], note)
    return replace(finding, documents=tuple(call.document for call in calls))


def _asked_of(call: CallFigures, people: Sequence[str]) -> Sequence[Measured]:
    """What is measured of the people named who speak on the call; of its sides where nobody is named."""
    if not people:
        return call.statistics
    return [one for speaker in call.speakers if speaker.speaker in people for one in speaker.statistics]


def _finding(ask: Ask, measured: Sequence[tuple[Measured, str]], labels: Iterable[str], note: str | None) -> Finding:
    wanted = asked_metrics(ask.question)
    chosen = [(one, where) for one, where in measured if not wanted or one.metric in wanted]
    figures = [placed(one.figure, where) for one, where in chosen if one.figure]
    if compares_calls(ask.question):
        figures.sort(key=lambda figure: (figure.metric, -figure.value))
    if not figures:
        reasons = dict.fromkeys(one.reason for one, _ in chosen if one.reason)
        note = f"That cannot be measured: {'; '.join(filter(None, reasons)) or 'no call gives it'}."
    return ask.finding(figures=figures, label=highest([Label.parse(label) for label in labels]), note=note)


def placed(figure: Figure, where: str) -> Figure:
    """The figure with the calls it is from beside whose it is; a call's own is the call's."""
    subject = where.removeprefix("on ") if figure.subject == "Call" else f"{figure.subject} {where}"
    return replace(figure, subject=subject)
