"""Changes that calls give reason for: quoted, planned, and put before whoever may approve them. Nothing here writes."""

from collections.abc import Mapping, Sequence
from dataclasses import replace

from pydantic import JsonValue

from agents.base import Finding, Task, Turn
from agents.crm_sync.asked import fields_in
from agents.crm_sync.intents import submits
from agents.crm_sync.plans import stands
from agents.crm_sync.records import ACCOUNTS, DEALS, called, finding, named
from agents.crm_sync.telling import IN_OWN_WORDS, Telling, shown
from core.errors import RejectedError
from memory.crm.citable import called as spoken
from memory.crm.records import Status
from tools.servers.crm_results import CrmChange, CrmChanges, CrmRecords, PlannedCrm

NOTHING = "No call gives reason to change a field"
MOST = 6
"""So many changes are told in chat; the command line has all of them."""
Request = Mapping[str, JsonValue]


async def changes(task: Task, turn: Turn) -> tuple[Finding, ...]:
    """What calls say otherwise than the CRM, a line a change; a command puts the plan of it before an approver."""
    request, about = await _scope(task, turn)
    wants = [name for name in fields_in(task.question) if name != "contacts"]
    chosen: dict[str, JsonValue] = {"fields": list(wants)} if wants and submits(task.question) else {}
    asked = {**request, **chosen, "submit": submits(task.question)}
    try:
        found = CrmChanges.model_validate(await called(turn, "plan_crm_changes", asked))
    except RejectedError as error:
        return (finding(task, note=f"There is no plan: {str(error).rstrip('.')}.", results=[about]),)
    if not found.changes:
        return (_ended(task, found, about, [f"{NOTHING}{_of(request)}."]),)
    return _told(task, found, about, [*_more(found, request), _planned(found)])


async def conflicts(task: Task, turn: Turn) -> tuple[Finding, ...]:
    """Where the CRM and calls differ and the CRM was changed since: both sides, and nothing is planned."""
    request, about = await _scope(task, turn)
    request = {name: value for name, value in request.items() if name == "account"}
    found = CrmChanges.model_validate(await called(turn, "crm_conflicts", request))
    if not found.changes:
        return (_ended(task, found, about, [f"No field of the CRM is in conflict with calls{_of(request)}."]),)
    remedy = "To follow a call all the same, name the field, for example: submit the change of the stage."
    return _told(task, found, about, [*_more(found, request), remedy])


async def _scope(task: Task, turn: Turn) -> tuple[Request, CrmRecords]:
    """The call, the deal or the account that the question is about; nothing where it is about all."""
    found = await named(task, turn, task.question)
    if len(task.calls) == 1:
        return {"call": task.calls[0]}, found
    accounts = dict.fromkeys(one.account for one in found.records if one.account)
    if len(accounts) != 1:
        return {}, found
    deals = [one for one in found.records if one.table == DEALS and one.fields.get("status") == Status.OPEN]
    deal = {"deal": deals[0].id} if len(deals) == 1 else {}
    return {"account": next(iter(accounts)), **deal}, found


def _told(task: Task, found: CrmChanges, about: CrmRecords, ending: Sequence[str]) -> tuple[Finding, ...]:
    """Of each record what it reads now, which is cited, and its changes, each with its quotation under it; then the rest."""
    told, telling, now = list[Finding](), Telling(), {one.id: one for one in found.records}
    for change in found.changes[:MOST]:
        if record := now.pop(change.record, None):
            telling.add(record, [one.field for one in found.changes[:MOST] if one.record == record.id])
        told.append(_finding(task, found, telling, _line(change)))
        telling = Telling()
        telling.quote(change.said.passage.source)
    return (*told, _ended(task, found, about, ending, telling))


def _ended(
    task: Task, found: CrmChanges, about: CrmRecords, ending: Sequence[str], telling: Telling | None = None
) -> Finding:
    """What is said of all changes; it remembers the record that the question is about."""
    note = " ".join([*ending, *(f"{one}." for one in found.notes)])
    records = [one for one in about.records if one.table != ACCOUNTS][:1]
    made = _finding(task, found, telling or Telling(), note)
    acted = found.planned is not None and found.planned.approval is not None
    return replace(made, acted=acted, arguments={"crm": records[0].title} if records else {})


def _finding(task: Task, found: CrmChanges, telling: Telling, note: str) -> Finding:
    return replace(finding(task, note=note, results=[found], telling=telling), documents=found.calls)


def _line(change: CrmChange) -> str:
    """What a field reads and should read by a call, and why."""
    said = change.said
    now, then = _shown(change.field, change.now), _shown(change.field, said.value)
    new = change.action == "create"
    what = f"new contact at {change.account}: {said.value}" if new else f"{spoken(change.field)} {now} -> {then}"
    titled = "" if new else f"{change.title}: "
    earlier = ", ".join(f"{_shown(change.field, one.value)} (turn {one.turn})" for one in change.earlier)
    line = f"{titled}{what} (turn {said.turn}: {said.why})"
    line += f", where an earlier call said {earlier}" if earlier else ""
    line += f", but a conflict: {change.conflict}" if change.conflict else ""
    return f"{line[:1].upper()}{line[1:]}."


def _shown(field: str, value: object) -> str:
    if value is None:
        return "nothing"
    return f'"{shown(str(value))}"' if field in IN_OWN_WORDS else str(value)


def _more(found: CrmChanges, request: Request) -> Sequence[str]:
    """How many changes are not told, and how all are seen."""
    left = len(found.changes) - MOST
    wanted = "".join(f' --{name} "{value}"' for name, value in request.items())
    return [f"And {left} more: sophia crm changes{wanted}."] if left > 0 else []


def _planned(found: CrmChanges) -> str:
    """The plan of the changes, and what it waits for."""
    planned: PlannedCrm | None = found.planned
    if planned is None:
        return "There is nothing to plan that is free of conflicts."
    steps = len(planned.plan["steps"])
    but = ", without what is in conflict" if any(one.conflict for one in found.changes) else ""
    return f"Plan {planned.plan_hash[:12]} changes {steps} record{'s' * (steps > 1)}{but}. {stands(planned)}"


def _of(request: Request) -> str:
    return f" of {request['account']}" if "account" in request else " on this call" if "call" in request else ""
