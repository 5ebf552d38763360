"""The record that a question is about, and what the CRM holds on it."""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import date
from typing import Any

from pydantic import JsonValue

from agents.base import Finding, Task, Turn
from agents.crm_sync.asked import fields_in
from agents.crm_sync.telling import Telling
from core.identity import Label
from memory.crm.citable import called as spoken
from models.evidence import Figure, highest
from models.extractive.gazetteer import names_in
from tools.servers.call_results import Result
from tools.servers.crm_results import CrmRecord, CrmRecords, DealList, Duplicates

DEALS, ACCOUNTS, CONTACTS = "deals", "accounts", "contacts"
MOST_CONTACTS = 12
MOST_DEALS = 6
MOST_LISTED = 25
OVERDUE = re.compile(
    r"\b(?:past|overdue|gone by|went by|passed|lapsed|behind us|lies? in the past|slipped|late)\b", re.IGNORECASE
)
EMPTY = re.compile(r"\b(?:no|without|missing|empty|blank|lack\w*|not have|don't have)\b", re.IGNORECASE)
HELD = {
    DEALS: ("stage", "expected", "next_step", "owner", "competitor", "lost_reason"),
    ACCOUNTS: ("owner", "industry", "segment", "region", "domain"),
    CONTACTS: ("title", "email", "phone", "owner"),
}
"""What is told of a record where no field is asked for."""
LISTED = ("stage", "expected", "amount", "owner")
"""What is told of each deal of a list."""
UNMERGED = "Those who are named together are probably one person. Nothing is merged: change or remove one of them in the CRM itself."
OF_DEALS = frozenset({"stage", "amount", "expected", "next_step", "competitor", "lost_reason"})
OF_CONTACTS = frozenset({"email", "phone", "title"})


async def record(task: Task, turn: Turn) -> Finding:
    """What the CRM holds on the records that the question names: the fields it asks for, or the usual ones."""
    found = await named(task, turn, task.question)
    wants = fields_in(task.question)
    chosen = _of_interest(found, wants)
    if not chosen:
        return replace(finding(task, note=unknown(found), results=[found]), unknown=True)
    telling = Telling()
    for one in chosen:
        amount = one.amount(turn.now.date()) if _tells_amount(one, wants) else None
        telling.add(one, [name for name in _asked(one, wants) if name != "amount" or amount is None])
        if amount is not None:
            telling.measure(amount)
    note = _empty(chosen, wants)
    if not telling.lines and note is None:
        note = f"Of {', '.join(one.title for one in chosen)} the CRM holds nothing but the name."
    return finding(task, note=note, results=chosen, telling=telling, about=chosen)


async def deals(task: Task, turn: Turn) -> Finding:
    """The open deals that the question is after: of a seller, in a stage, with an empty field, past their close date."""
    request: dict[str, JsonValue] = {"overdue": OVERDUE.search(task.question) is not None, "limit": MOST_LISTED}
    reps = {one.entity.name for one in names_in(task.question, turn.entities, kind="rep") if one.entity}
    if len(reps) == 1:
        request["owner"] = reps.pop()
    missing = EMPTY.search(task.question)
    wants = [name for name in fields_in(task.question[missing.start() :]) if name in OF_DEALS] if missing else []
    if wants:
        request["without"] = wants[0]
    found = DealList.model_validate(await called(turn, "list_crm_deals", request))
    if not found.deals:
        return finding(task, note="No open deal that you may see is so.", results=[found])
    telling = Telling()
    telling.measure(_count(found, request, turn.now.date()))
    for one in found.deals:
        telling.add(one, LISTED)
    rest = "Only those with the earliest close dates are shown." if len(found.deals) < found.found else None
    return finding(task, note=rest, results=[found], telling=telling)


async def duplicates(task: Task, turn: Turn) -> Finding:
    """The contacts who are probably there twice."""
    about = await named(task, turn, task.question)
    accounts = dict.fromkeys(one.account for one in about.records if one.account)
    request: dict[str, JsonValue] = {"account": next(iter(accounts))} if len(accounts) == 1 else {}
    found = Duplicates.model_validate(await called(turn, "crm_duplicates", request))
    if not found.twins:
        of = f" of {request['account']}" if request else ""
        return finding(task, note=f"No two contacts{of} that you may see seem to be one person.", results=[found])
    telling = Telling()
    for same in found.twins:
        telling.alike(same.records, same.why)
    return finding(task, note=UNMERGED, results=[found], telling=telling)


async def named(task: Task, turn: Turn, text: str) -> CrmRecords:
    """The records that the text names; else the one that was spoken of before."""
    found = CrmRecords.model_validate(await called(turn, "find_crm_records", {"about": text}))
    before = task.previous.get("crm")
    if not found.records and isinstance(before, str):
        return CrmRecords.model_validate(await called(turn, "find_crm_records", {"about": before}))
    return found


async def called(turn: Turn, tool: str, arguments: Mapping[str, JsonValue]) -> Mapping[str, Any]:
    """What the tool returns to whoever asks."""
    return (await turn.tools.call(turn.principal, tool, arguments, deadline=turn.deadline)).structured


def finding(
    task: Task,
    *,
    note: str | None,
    results: Iterable[Result],
    telling: Telling | None = None,
    about: Sequence[CrmRecord] = (),
) -> Finding:
    """What was found, as the supervisor takes it; it remembers the record that it is about."""
    told = telling or Telling()
    return Finding(
        task.specialist,
        task.question,
        sources=tuple(told.sources),
        figures=tuple(told.figures),
        lines=tuple(told.lines),
        note=note,
        arguments={"crm": about[0].title} if about else {},
        label=highest([Label.parse(one.label) for one in results]),
    )


def unknown(found: CrmRecords) -> str:
    """That nothing of this name is held, and what is."""
    if not found.known:
        return "The CRM holds no records that you may see. Import them with 'sophia crm import'."
    known = ", ".join(found.known)
    return f"No record of the CRM that you may see is known by these words. Name an account, a deal or a contact as the CRM does: {known}, …"


def _asked(one: CrmRecord, wants: Sequence[str]) -> Sequence[str]:
    """The fields of the record that are told: those that are asked for, or the usual ones."""
    return [name for name in wants if name in one.said or name in one.empty] or HELD[one.table]


def _empty(chosen: Sequence[CrmRecord], wants: Sequence[str]) -> str | None:
    """Which of the fields that are told are empty, and of which record; None where none is."""
    found = [
        (one, [spoken(name) for name in _asked(one, wants) if name in one.empty])
        for one in chosen
        if wants or one.table == DEALS
    ]
    of = " of {}" if len(chosen) > 1 else ""
    told = [f"{', '.join(names)}{of.format(one.title)}" for one, names in found if names]
    return f"Empty in the CRM: {'; '.join(told)}." if told else None


def _count(found: DealList, request: Mapping[str, JsonValue], as_of: date) -> Figure:
    """How many open deals fit, bound to the list that was asked for."""
    metric = "open deals past their close date" if request["overdue"] else "open deals"
    metric += f" without {spoken(str(request['without']))}" if "without" in request else ""
    asked = {name: value for name, value in request.items() if name != "limit" and value}
    return Figure(
        metric=metric.replace(" ", "_"),
        value=found.found,
        unit="deals",
        text=str(found.found),
        subject=str(request.get("owner", "")),
        query=f"list_crm_deals({', '.join(f'{name}={value!r}' for name, value in asked.items())})",
        as_of=as_of.isoformat(),
        parameters=tuple((name, str(value)) for name, value in asked.items()),
    )


def _of_interest(found: CrmRecords, wants: Sequence[str]) -> list[CrmRecord]:
    """The records that the question is about: of an account its deals, or its contacts, or itself."""
    of = {table: [one for one in found.records if one.table == table] for table in HELD}
    if "contacts" in wants and of[ACCOUNTS]:
        return of[CONTACTS][:MOST_CONTACTS]
    if OF_CONTACTS & set(wants) and of[CONTACTS]:
        return of[CONTACTS][:MOST_CONTACTS]
    if wants == ("owner",) and of[ACCOUNTS]:
        return of[ACCOUNTS]
    return of[DEALS][:MOST_DEALS] or of[CONTACTS][:MOST_CONTACTS] or of[ACCOUNTS]


def _tells_amount(one: CrmRecord, wants: Sequence[str]) -> bool:
    return one.table == DEALS and (not wants or "amount" in wants)
