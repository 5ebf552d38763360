"""Gathering for the playbook: what of it a call keeps, with the words; what it leaves out; what must not be said and was."""

import re
from collections.abc import Iterator
from dataclasses import replace

from agents.base import Finding, Turn
from agents.call_analysis.asks import NO_CALLS, Ask, structured
from agents.call_analysis.material import LATEST_TAKEN, WHICH_CALL
from agents.call_analysis.telling import Telling
from core.errors import NotFoundError
from core.identity import Label
from models.evidence import Figure
from tools.servers.call_results import CallSummary
from tools.servers.coaching_results import PlaybookCheck, PlaybookItem

LEFT_OUT = re.compile(
    r"\b(?:le(?:ave|aves|aving|ft) (?:out|off)|miss(?:ed|es|ing)?|forg(?:et|ets|ot|otten)|skip(?:s|ped)?|omit\w*|not (?:say|ask|said|asked))\b",
    re.IGNORECASE,
)


async def playbook(ask: Ask, turn: Turn) -> Finding:
    """How one call keeps to the playbook: the one that is meant, else the latest of those in question."""
    if not ask.scope.calls:
        return ask.finding(note=NO_CALLS)
    if ask.scope.everything and len(ask.scope.calls) > 1:
        return ask.finding(note=WHICH_CALL)
    call = ask.scope.calls[0]
    try:
        found = PlaybookCheck.model_validate(await structured(turn, "check_playbook", call=call.call))
    except NotFoundError as error:
        return ask.finding(note=f"{error}.", label=Label.parse(call.label), documents=[call.call])
    telling = Telling()
    _tell(found, telling, only_left_out=LEFT_OUT.search(ask.task.question) is not None)
    heard = replace(ask, scope=replace(ask.scope, calls=(call,), everything=False))
    note = " ".join([*_absent(ask, call), *_notes(found), *([LATEST_TAKEN] if len(ask.scope.calls) > 1 else [])])
    return telling.finding(heard, label=Label.parse(found.label), documents=[found.document], note=note)


def _tell(found: PlaybookCheck, telling: Telling, *, only_left_out: bool) -> None:
    telling.measure(_kept(found))
    for item in found.items:
        if item.said and (item.forbidden or not only_left_out):
            telling.head(f"{item.what}, which must not be said" if item.forbidden else item.what)
            telling.quote(item.said.source)
    for item in found.items:
        if not (item.kept or item.forbidden):
            telling.tell(f"Playbook, {item.what}: left out.", [_left_out(item, found)])


def _kept(found: PlaybookCheck) -> Figure:
    kept = sum(item.kept for item in found.items)
    text = f"{kept} of {len(found.items)}"
    return Figure("playbook_items_kept", kept, "items", text, found.title, found.query, found.as_of)


def _left_out(item: PlaybookItem, found: PlaybookCheck) -> Figure:
    return Figure("playbook", 0, "items", "left out", item.what, found.query, found.as_of)


def _absent(ask: Ask, call: CallSummary) -> Iterator[str]:
    """Whom the question names that does not speak on the call."""
    speaking = {person.name for person in call.people}
    for name in ask.scope.people:
        if name not in speaking:
            yield f"{name} does not speak on {call.title}; what others than buyers said there counts."


def _notes(found: PlaybookCheck) -> Iterator[str]:
    yield f"The playbook is {found.playbook!r}; one of its phrases in any inflection counts as said."
    unsaid = [item.what for item in found.items if item.forbidden and item.kept]
    if unsaid:
        yield f"Not heard, as it should be: {'; '.join(unsaid)}."
    if found.out_of_order:
        yield f"Begun before a stage that comes earlier: {', '.join(found.out_of_order)}."
