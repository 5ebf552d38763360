"""The record that a question is about, and what the CRM holds on it."""

import re
from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal
from typing import Any

from pydantic import JsonValue

from agents.base import Finding, Task, Turn
from agents.crm_sync.asked import TOLD, fields_in
from core.identity import Label
from models.evidence import Figure, highest
from models.extractive.gazetteer import names_in
from models.text.written import written
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
OF_DEALS = frozenset({"stage", "amount", "expected", "next_step", "competitor", "lost_reason"})
OF_CONTACTS = frozenset({"email", "phone", "title"})


async def record(task: Task, turn: Turn) -> Finding:
    """What the CRM holds on the records that the question names: the fields it asks for, or the usual ones."""
    found = await named(task, turn, task.question)
    wants = fields_in(task.question)
    chosen = _of_interest(found, wants)
    if not chosen:
        return finding(task, note=unknown(found), results=[found])
    figures = [figure for one in chosen if _tells_amount(one, wants) and (figure := one.amount(turn.now.date()))]
    note = " ".join(told(one, wants) for one in chosen)
    return finding(task, note=note, results=chosen, figures=figures, about=chosen)


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
    rest = f", the first {len(found.deals)}" if len(found.deals) < found.found else ""
    lines = "; ".join(_listed(one) for one in found.deals)
    note = f"{found.found} open deal{'s' if found.found > 1 else ''}{rest}: {lines}."
    return finding(task, note=note, results=[found])


async def duplicates(task: Task, turn: Turn) -> Finding:
    """The contacts who are probably there twice."""
    about = await named(task, turn, task.question)
    accounts = dict.fromkeys(one.account for one in about.records if one.account)
    request: dict[str, JsonValue] = {"account": next(iter(accounts))} if len(accounts) == 1 else {}
    found = Duplicates.model_validate(await called(turn, "crm_duplicates", request))
    of = f" of {request['account']}" if request else ""
    if not found.twins:
        return finding(task, note=f"No two of {found.looked_at} contacts{of} seem to be one person.", results=[found])
    lines = "; ".join(
        f"{' and '.join(f'{one.title} (contact {one.id}, read from {one.source})' for one in same.records)}: {same.why}"
        for same in found.twins
    )
    note = f"Probably the same person: {lines}. Nothing is merged: change or remove one of them in the CRM itself."
    return finding(task, note=note, results=[found])


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
    figures: Sequence[Figure] = (),
    about: Sequence[CrmRecord] = (),
) -> Finding:
    """What was found, as the supervisor takes it; it remembers the record that it is about."""
    return Finding(
        task.specialist,
        task.question,
        figures=tuple(figures),
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


def told(one: CrmRecord, wants: Sequence[str] = ()) -> str:
    """The record in words: the fields that are asked for, with those that are empty, and where it was read."""
    names = [name for name in wants if name in one.fields or name in one.empty] or HELD[one.table]
    filled = [f"{called_(name)} {one.fields[name]}" for name in names if name in one.fields]
    empty = [called_(name) for name in names if name in one.empty and (wants or one.table == DEALS)]
    if "modified" in wants:
        filled.append(f"last changed {one.modified or 'at a time that it does not tell'}")
    sentences = f"{one.title} ({one.table.removesuffix('s')} {one.id}, read from {one.source}): {', '.join(filled) or 'nothing of that'}."
    return f"{sentences} Empty: {', '.join(empty)}." if empty else sentences


def _listed(one: CrmRecord) -> str:
    told = [str(one.fields.get("stage")), f"close date {one.fields.get('expected', 'unknown')}"]
    amount, currency = one.fields.get("amount"), one.fields.get("currency")
    told += [written(Decimal(amount), currency)] if amount and currency else []
    return f"{one.title} ({', '.join(told)}, owner {one.fields.get('owner', 'nobody')})"


def called_(name: str) -> str:
    """A field as people say it."""
    return TOLD.get(name, name.replace("_", " "))


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
