"""A change that somebody asks for in words: its plan, and where it waits. Nothing here writes to the CRM."""

from collections.abc import Collection, Sequence
from dataclasses import replace

from pydantic import JsonValue

from agents.base import Finding, Task, Turn
from agents.crm_sync.asked import note_in, person_in, wanted
from agents.crm_sync.records import ACCOUNTS, CONTACTS, DEALS, OF_CONTACTS, called, finding, named, unknown
from agents.submitted import standing
from core.errors import RejectedError
from tools.servers.crm_results import CrmRecord, CrmRecords, PlannedCrm, PlannedEdit

CANNOT = (
    "Nothing was planned: in the CRM, Sophia plans changes of fields, notes and new contacts. It makes no tasks, deals or accounts, "
    "and neither links, merges nor deletes records; what a plan changed is put back by another plan."
)


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
    has = target.fields.get("currency")
    if asked.currency and asked.currency != has:
        held = f"is in {has}: tell the amount in that" if has else "has no currency: tell the amount without one"
        note = f"Nothing was planned: the command says {asked.currency}, and {target.title} {held}."
        return finding(task, note=note, results=[found], about=[target])
    request: dict[str, JsonValue] = {"table": target.table, "record": target.id, "values": dict(asked.values)}
    return await _planned(task, turn, target, "plan_crm_edit", request)


async def note(task: Task, turn: Turn) -> Finding:
    """The plan that logs a note on the record that the command names, in its own words."""
    words = note_in(task.question)
    about = task.question.removesuffix(words) if words else task.question
    found = await named(task, turn, about)
    target, open_ = _one(found, (DEALS, ACCOUNTS, CONTACTS))
    if target is None:
        return finding(task, note=open_, results=[found])
    if words is None:
        note_ = f"What should the note on {target.title} say? Write it behind a colon."
        return finding(task, note=note_, results=[found], about=[target])
    return await _planned(
        task, turn, target, "plan_crm_note", {"table": target.table, "record": target.id, "text": words}
    )


async def contact(task: Task, turn: Turn) -> Finding:
    """The plan that adds a person to the contacts of the account that the command names."""
    found = await named(task, turn, task.question)
    target, open_ = _one(found, (ACCOUNTS,))
    if target is None:
        return finding(task, note=open_, results=[found])
    person = person_in(task.question)
    if person is None:
        note_ = f"Who should be a contact of {target.title}? Tell the first and the last name."
        return finding(task, note=note_, results=[found], about=[target])
    request: dict[str, JsonValue] = {"account": target.id, "name": person[0], "title": person[1]}
    return await _planned(task, turn, target, "plan_crm_contact", request)


async def other(task: Task, turn: Turn) -> Finding:
    """What is asked for and is not Sophia's to do; contacts that are there twice are told all the same."""
    found = await named(task, turn, task.question)
    return finding(task, note=CANNOT, results=[found], about=found.records[:1])


async def _planned(task: Task, turn: Turn, target: CrmRecord, tool: str, request: dict[str, JsonValue]) -> Finding:
    try:
        planned = PlannedEdit.model_validate(await called(turn, tool, {**request, "submit": True}))
    except RejectedError as error:
        return finding(task, note=f"There is no plan: {error}.", results=[target], about=[target])
    made = finding(task, note=waits(planned.planned), results=[planned], about=[target])
    return replace(made, acted=planned.planned.approval is not None)


def waits(planned: PlannedCrm) -> str:
    """The plan in words: its steps, and what it waits for."""
    steps = "; ".join(_step(step) for step in planned.plan["steps"])
    return f"Plan {planned.plan_hash[:12]}: {steps}. {stands(planned)}"


def stands(planned: PlannedCrm) -> str:
    """What the plan waits for, or that it was only shown."""
    if planned.approval is None:
        return "Nothing was submitted or changed: tell me to submit it, and it is put before whoever may approve it."
    return standing(planned.approver, planned.approval, planned.state, planned.standing_rule)


def _target(found: CrmRecords, fields: Collection[str]) -> tuple[CrmRecord | None, str]:
    """The one record that is meant; else what to ask. A field of contacts is a contact's."""
    return _one(found, (CONTACTS,) if OF_CONTACTS & set(fields) else (DEALS, ACCOUNTS, CONTACTS))


def _one(found: CrmRecords, tables: Sequence[str]) -> tuple[CrmRecord | None, str]:
    """The one record of the first of these kinds that is named; else what to ask."""
    meant = next((of for table in tables if (of := [one for one in found.records if one.table == table])), [])
    if len(meant) == 1:
        return meant[0], ""
    if not meant:
        return None, unknown(found)
    return None, f"Which one do you mean? {', '.join(map(_called, meant))}."


def _called(one: CrmRecord) -> str:
    """The record's name with its id, and with its account where it is a person."""
    return (
        f"{one.title} ({one.account}, {one.id})" if one.table == CONTACTS and one.account else f"{one.title} ({one.id})"
    )


def _step(step: dict[str, JsonValue]) -> str:
    after, before = step["after"], step["before"]
    assert isinstance(after, dict)
    assert isinstance(before, dict)
    fields = ", ".join(f"{name} {_told(before.get(name))} -> {_told(value)}" for name, value in after.items())
    return f"{step['action']} {step['target']}, {fields}"


def _told(value: JsonValue) -> str:
    return "nothing" if value is None else str(value)
