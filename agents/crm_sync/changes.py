"""Changes that calls give reason for: quoted, planned, and put before whoever may approve them. Nothing here writes."""

from collections.abc import Sequence
from dataclasses import replace

from pydantic import JsonValue

from agents.base import Finding, Task, Turn
from agents.crm_sync.asked import fields_in
from agents.crm_sync.intents import submits
from agents.crm_sync.plans import waits
from agents.crm_sync.records import ACCOUNTS, called, finding, named
from agents.crm_sync.telling import Telling
from core.errors import RejectedError
from memory.crm.citable import called as spoken
from models.language import Form
from tools.servers.crm_results import CrmChange, CrmChanges, CrmRecords, PlannedCrm

NOTHING = "No call gives reason to change a field"


async def changes(task: Task, turn: Turn) -> tuple[Finding, ...]:
    """What calls say otherwise than the CRM, each with its quotation; a command puts the plan before an approver."""
    request, about = await _scope(task, turn)
    wants = [name for name in fields_in(task.question) if name != "contacts"]
    chosen: dict[str, JsonValue] = {"fields": list(wants)} if wants and submits(task.question) else {}
    asked = {**request, **chosen, "submit": submits(task.question)}
    try:
        found = CrmChanges.model_validate(await called(turn, "plan_crm_changes", asked))
    except RejectedError as error:
        return (finding(task, note=f"There is no plan: {str(error).rstrip('.')}.", results=[about]),)
    if not found.changes:
        return (_finding(task, found, about, f"{NOTHING}{_of(request)}."),)
    lines = [_line(change) for change in found.changes]
    notes = [f"Calls say otherwise than the CRM{_of(request)}: {'; '.join(lines)}.", *_planned(found.planned)]
    return _as_it_reads(task, found), _finding(task, found, about, " ".join(notes))


async def conflicts(task: Task, turn: Turn) -> tuple[Finding, ...]:
    """Where the CRM and calls differ and the CRM was changed since: both sides, and nothing is planned."""
    request, about = await _scope(task, turn)
    request = {name: value for name, value in request.items() if name == "account"}
    found = CrmChanges.model_validate(await called(turn, "crm_conflicts", request))
    if not found.changes:
        return (_finding(task, found, about, f"No field of the CRM is in conflict with calls{_of(request)}."),)
    lines = "; ".join(_line(change) for change in found.changes)
    remedy = "To follow a call all the same, name the field, for example: submit the change of the stage"
    note = f"In conflict with what calls say{_of(request)}: {lines}. {remedy}."
    return _as_it_reads(task, found), _finding(task, found, about, note)


def _as_it_reads(task: Task, found: CrmChanges) -> Finding:
    """What the CRM holds in the fields that should change."""
    telling = Telling()
    for one in found.records:
        telling.add(one, [change.field for change in found.changes if change.record == one.id])
    return finding(task, note=None, results=[found], telling=telling)


async def _scope(task: Task, turn: Turn) -> tuple[dict[str, JsonValue], CrmRecords]:
    """The call or the account that the question is about; nothing where it is about all."""
    found = await named(task, turn, task.question)
    if len(task.calls) == 1:
        return {"call": task.calls[0]}, found
    accounts = dict.fromkeys(one.account for one in found.records if one.account)
    return ({"account": next(iter(accounts))} if len(accounts) == 1 else {}), found


def _finding(task: Task, found: CrmChanges, about: CrmRecords, note: str) -> Finding:
    told = " ".join([note, *(f"{one}." for one in found.notes)])
    records = [one for one in about.records if one.table != ACCOUNTS][:1]
    sources = tuple(dict.fromkeys(change.said.passage.source for change in found.changes))
    made = finding(task, note=told, results=[found], about=records)
    acted = found.planned is not None and found.planned.approval is not None
    return replace(made, form=Form.QUOTES, sources=sources, documents=found.calls, acted=acted)


def _line(change: CrmChange) -> str:
    """What a field should read by a call, and why; what it reads is cited beside it."""
    new = change.action == "create"
    what = f"new contact {change.said.value}" if new else f"{spoken(change.field)} {change.said.value}"
    line = f"{change.title}: {what} (said by {change.said.by}, turn {change.said.turn}; {change.said.why})"
    line += ", where the CRM has nothing" if change.now is None and not new else ""
    earlier = ", ".join(f"{one.value} (turn {one.turn})" for one in change.earlier)
    line += f", where an earlier call said {earlier}" if earlier else ""
    return f"{line}, but a conflict: {change.conflict}" if change.conflict else line


def _planned(planned: PlannedCrm | None) -> Sequence[str]:
    if planned is None:
        return ["There is nothing to plan that is free of conflicts."]
    return [waits(planned)]


def _of(request: dict[str, JsonValue]) -> str:
    return f" of {request['account']}" if "account" in request else " on this call" if "call" in request else ""
