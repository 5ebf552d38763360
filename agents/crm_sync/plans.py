"""A change that somebody asks for in words: its plan, and where it waits. Nothing here writes to the CRM."""

from pydantic import JsonValue

from agents.base import Finding, Task, Turn
from agents.crm_sync.asked import wanted
from agents.crm_sync.records import CONTACTS, DEALS, OF_CONTACTS, called, finding, named, unknown
from core.errors import RejectedError
from tools.servers.crm_results import CrmRecord, CrmRecords, PlannedCrm, PlannedEdit


async def edit(task: Task, turn: Turn) -> Finding:
    """The plan of what the command asks for, before whoever may approve it; a question back where it leaves something open."""
    asked = wanted(task.question, turn.now.date())
    found = await named(task, turn, asked.about)
    target, open_ = _target(found, asked.values)
    if target is None:
        return finding(task, note=open_, results=[found])
    if asked.missing:
        note = f"What should {target.title} read? The command does not tell {asked.missing}."
        return finding(task, note=note, results=[found], about=[target])
    request: dict[str, JsonValue] = {
        "table": target.table,
        "record": target.id,
        "values": dict(asked.values),
        "submit": True,
    }
    try:
        planned = PlannedEdit.model_validate(await called(turn, "plan_crm_edit", request))
    except RejectedError as error:
        return finding(task, note=f"There is no plan: {error}.", results=[found], about=[target])
    return finding(task, note=waits(planned.planned), results=[planned], about=[target])


def waits(planned: PlannedCrm) -> str:
    """The plan in words: its steps, and what it waits for."""
    steps = "; ".join(_step(step) for step in planned.plan["steps"])
    told = f"Plan {planned.plan_hash[:12]}: {steps}."
    if planned.approval is None:
        return f"{told} Nothing was submitted or changed: tell me to submit it, and it is put before whoever may approve it."
    return (
        f"{told} Nothing is changed before somebody with the role {planned.approver!r} approves it: it waits as "
        f"{planned.approval} ('sophia approvals show {planned.approval}', then 'sophia approvals approve {planned.approval}')."
    )


def _target(found: CrmRecords, values: object) -> tuple[CrmRecord | None, str]:
    """The one record that is meant; else what to ask."""
    of_contact = isinstance(values, dict) and OF_CONTACTS & set(values)
    table = CONTACTS if of_contact else DEALS
    meant = [one for one in found.records if one.table == table] or [
        one for one in found.records if one.table == CONTACTS
    ]
    if len(meant) == 1:
        return meant[0], ""
    if not meant:
        return None, unknown(found)
    return None, f"Which one do you mean? {', '.join(f'{one.title} ({one.id})' for one in meant)}."


def _step(step: dict[str, JsonValue]) -> str:
    after, before = step["after"], step["before"]
    assert isinstance(after, dict)
    assert isinstance(before, dict)
    fields = ", ".join(f"{name} {_told(before.get(name))} -> {_told(value)}" for name, value in after.items())
    return f"{step['action']} {step['target']}, {fields}"


def _told(value: JsonValue) -> str:
    return "nothing" if value is None else str(value)
