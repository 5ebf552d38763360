"""What is kept of a call besides the call itself: where its words stand in the database, and how they are taken out.

decision proposals             deleted, whatever became of them
plans that never ran           deleted
plans that ended               keep their steps; the quotations they were made for are taken out
answers and briefings          keep what they rest on, and so stay withheld; their words are taken out
conversations that hold it     lose their checkpoints: a next question there starts afresh
recorded decisions             stay withheld; their quotations of the call are taken out
"""

import json
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

import sqlalchemy as sa
from sqlalchemy import Connection

from api.approvals.approval import State
from api.approvals.tables import approvals
from api.briefings.tables import briefings
from api.runs.rights import basis_of_line
from api.runs.tables import run_events, runs, threads
from core.plans import canonical
from graphs.checkpoints import delete_checkpoints, threads_holding
from memory.decisions.tables import proposals, records

NEVER_RAN = frozenset({State.WAITING, State.EXPIRED, State.REJECTED, State.REPLACED})
BEING_CARRIED_OUT = frozenset({State.RUNNING, State.UNDOING, State.PARKED})

Line = tuple[str, int]
"""Run and number of a line of its log."""


@dataclass(frozen=True, slots=True)
class Traces:
    """Where else a call's words stand: ids, and for lines of answers what is put in their place."""

    proposals: tuple[str, ...] = ()
    unrun: tuple[str, ...] = ()
    ended: tuple[str, ...] = ()
    under_way: tuple[str, ...] = ()
    lines: dict[Line, dict[str, Any]] = field(default_factory=dict)
    threads: tuple[str, ...] = ()
    briefings: tuple[str, ...] = ()
    decisions: tuple[int, ...] = ()

    @property
    def answers(self) -> int:
        """How many runs have lines that rest on the call."""
        return len({run for run, _ in self.lines})


def traces(connection: Connection, tenant: str, document: str) -> Traces:
    """Everything the tenant's rows hold of the document."""
    states = dict(_plans(connection, tenant, document))
    lines = dict(_lines(connection, tenant, document))
    told = runs.c.id.in_({run for run, _ in lines})
    remembering = threads.c.id.in_(threads_holding(connection, document))
    conversations = sa.select(threads.c.id).join(runs, runs.c.thread == threads.c.id).where(threads.c.tenant == tenant)
    return Traces(
        proposals=tuple(_quoting(connection, proposals.c.id, proposals, proposals.c.draft, tenant, document)),
        unrun=tuple(id_ for id_, state in states.items() if state in NEVER_RAN),
        ended=tuple(id_ for id_, state in states.items() if state not in NEVER_RAN | BEING_CARRIED_OUT),
        under_way=tuple(id_ for id_, state in states.items() if state in BEING_CARRIED_OUT),
        lines=lines,
        threads=tuple(connection.scalars(conversations.where(told | remembering).distinct())),
        briefings=tuple(_briefings(connection, tenant, document)),
        decisions=tuple(_quoting(connection, records.c.seq, records, records.c.told, tenant, document)),
    )


def erase(connection: Connection, document: str, found: Traces) -> None:
    """Takes out what was found. Plans that are being carried out are left as they are."""
    connection.execute(sa.delete(proposals).where(proposals.c.id.in_(found.proposals)))
    connection.execute(sa.delete(approvals).where(approvals.c.id.in_(found.unrun)))
    for row in connection.execute(sa.select(approvals.c.id, approvals.c.plan).where(approvals.c.id.in_(found.ended))):
        plan = json.loads(row.plan)
        plan["because"] = [reason for reason in plan["because"] if not _names(reason, document)]
        connection.execute(sa.update(approvals).where(approvals.c.id == row.id).values(plan=canonical(plan)))
    for (run, seq), payload in found.lines.items():
        line = sa.update(run_events).where(run_events.c.run == run, run_events.c.seq == seq)
        connection.execute(line.values(payload=payload))
    for thread in found.threads:
        delete_checkpoints(connection, thread)
    connection.execute(sa.update(briefings).where(briefings.c.id.in_(found.briefings)).values(briefing={}))
    for row in connection.execute(sa.select(records.c.seq, records.c.told).where(records.c.seq.in_(found.decisions))):
        told = _unquoted(row.told, document)
        connection.execute(sa.update(records).where(records.c.seq == row.seq).values(told=told))


def _plans(connection: Connection, tenant: str, document: str) -> Iterator[tuple[str, State]]:
    wanted = (approvals.c.tenant == tenant, approvals.c.plan.contains(document, autoescape=True))
    for row in connection.execute(sa.select(approvals.c.id, approvals.c.state, approvals.c.plan).where(*wanted)):
        if any(_names(reason, document) for reason in json.loads(row.plan)["because"]):
            yield row.id, State(row.state)


def _names(reason: str, document: str) -> bool:
    return re.search(rf"(?<![\w.:-]){re.escape(document)}(?![\w.:-])", reason) is not None


def _lines(connection: Connection, tenant: str, document: str) -> Iterator[tuple[Line, dict[str, Any]]]:
    """The lines that rest on the document, without their words."""
    query = (
        sa.select(run_events.c.run, run_events.c.seq, run_events.c.payload)
        .join(runs, runs.c.id == run_events.c.run)
        .join(threads, threads.c.id == runs.c.thread)
        .where(threads.c.tenant == tenant, run_events.c.type.in_(("sentence", "answer")))
        .where(_mentions(run_events.c.payload, document))
    )
    for row in connection.execute(query):
        basis = basis_of_line(row.payload)
        if row.payload["text"] and document in basis.documents | {quoted for quoted, _ in basis.quoted}:
            sources = [{**one, "title": "", "speaker": None, "at": None} for one in row.payload["sources"]]
            yield (row.run, row.seq), {**row.payload, "text": "", "sources": sources, "figures": []}


def _briefings(connection: Connection, tenant: str, document: str) -> Iterator[str]:
    query = sa.select(briefings.c.id, briefings.c.documents, briefings.c.quoted)
    told = sa.cast(briefings.c.briefing, sa.Text) != "{}"
    for row in connection.execute(query.where(briefings.c.tenant == tenant, told)):
        if document in row.documents or any(quoted == document for quoted, _ in row.quoted):
            yield row.id


def _quoting(
    connection: Connection,
    key: sa.Column[Any],
    table: sa.Table,
    text: sa.Column[Any],
    tenant: str,
    document: str,
) -> Iterator[Any]:
    """The keys of the rows whose JSON has evidence from the document."""
    query = sa.select(key, text).where(table.c.tenant == tenant, _mentions(text, document))
    for found, told in connection.execute(query):
        if _unquoted(told, document) != told:
            yield found


def _mentions(column: sa.Column[Any], document: str) -> sa.ColumnElement[bool]:
    """Whether the JSON has the id as a text, wherever it stands; the rows are looked at more closely then."""
    return sa.cast(column, sa.Text).contains(json.dumps(document, ensure_ascii=False), autoescape=True)


def _unquoted(told: Any, document: str) -> Any:
    """The JSON with the evidence from the document left without its quotation."""
    if isinstance(told, dict):
        of_it = told.get("document") == document and "quote" in told
        return {name: "" if of_it and name == "quote" else _unquoted(value, document) for name, value in told.items()}
    if isinstance(told, list):
        return [_unquoted(value, document) for value in told]
    return told


def counted(found: Traces) -> dict[str, int]:
    """How many there are of each, for people."""
    kinds: dict[str, Sequence[Any]] = {
        "proposals": found.proposals,
        "plans": found.unrun,
        "ended_plans": found.ended,
        "plans_under_way": found.under_way,
        "conversations": found.threads,
        "briefings": found.briefings,
        "decisions": found.decisions,
    }
    return {"answers": found.answers, **{name: len(ids) for name, ids in kinds.items()}}
