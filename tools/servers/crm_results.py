"""What the CRM tools return: records, changes that calls give reason for, and plans of changes."""

import json
from collections.abc import Iterable, Mapping
from datetime import date
from decimal import Decimal
from typing import Any

from pydantic import BaseModel, ConfigDict

from core.plans import Plan, canonical, plan_fields, plan_hash
from memory.crm.citable import as_text, titled
from memory.crm.records import Deal, Record
from memory.crm.values import NAMES, editable, plain_fields
from models.evidence import Figure, Source, Utterance
from models.text.written import written
from tools.crm.changes.change import Change, Said
from tools.crm.changes.reading import Proposed
from tools.servers.call_results import Passage, Result
from tools.servers.desk import Submitted


class CrmRecord(Result):
    """A record as the CRM holds it: `fields` are those that are filled in, `empty` the names of the others.

    `source` is where it was read: a file and its line, or Sophia herself. `passage` is the record as a text that can be
    cited, one turn a filled field; `told` names these fields in the order of the turns.
    """

    table: str
    id: str
    title: str
    account: str | None
    fields: Mapping[str, Any]
    empty: tuple[str, ...]
    source: str
    modified: str | None
    passage: Passage
    told: tuple[str, ...]

    @classmethod
    def of(cls, record: Record, *, title: str, account: str | None) -> "CrmRecord":
        told = plain_fields(record, sorted(editable(type(record))))
        line = f", line {record.source.line}" if record.source.line else ""
        modified = getattr(record, "modified", None)
        text = as_text(record)
        source = Source(text.id, text.content_hash, text.title, record.label, text.utterances, held=text.held)
        return cls(
            label=str(record.label),
            table=NAMES[type(record)],
            id=record.id,
            title=title,
            account=account,
            fields={name: value for name, value in told.items() if value is not None},
            empty=tuple(name for name, value in told.items() if value is None),
            source=f"{record.source.file or 'no source'}{line}",
            modified=modified.isoformat() if modified else None,
            passage=Passage.of(source),
            told=tuple(turn.topic or "" for turn in text.turns),
        )

    @property
    def said(self) -> Mapping[str, Utterance]:
        """The turn that tells a field, by the field's name."""
        return dict(zip(self.told, self.passage.source.utterances, strict=True))

    def amount(self, as_of: date) -> Figure | None:
        """A deal's amount, bound to the record that holds it."""
        amount, currency = self.fields.get("amount"), self.fields.get("currency")
        if self.table != NAMES[Deal] or amount is None or currency is None:
            return None
        return Figure(
            metric="deal_amount",
            value=float(amount),
            unit=currency,
            text=written(Decimal(amount), currency),
            subject=self.title,
            query=f"find_crm_records(deal={self.id!r})",
            as_of=as_of.isoformat(),
            parameters=(("deal", self.id),),
            synonyms=("amount", "deal value"),
        )


class CrmRecords(Result):
    """The records that the words name, the deals first; `known` are names to ask for where none is."""

    records: tuple[CrmRecord, ...]
    known: tuple[str, ...] = ()


class Heard(BaseModel):
    """A value that a call gives for a field: the exact words, who said them, and how they were understood."""

    model_config = ConfigDict(frozen=True)

    value: Any
    by: str
    turn: int
    confidence: float
    why: str
    passage: Passage

    @classmethod
    def of(cls, said: Said) -> "Heard":
        return cls(
            value=said.value,
            by=said.by,
            turn=said.turn,
            confidence=said.confidence,
            why=said.why,
            passage=Passage.of(said.quote),
        )


class CrmChange(Result):
    """A field that should read otherwise. `now` is what the CRM reads, `said` what the newest call says, `earlier` what
    others said. With a `conflict` both sides are shown, and it is planned only when it is asked for by `field`.
    """

    table: str
    record: str
    title: str
    account: str | None
    field: str
    now: Any
    said: Heard
    earlier: tuple[Heard, ...]
    action: str
    conflict: str | None

    @classmethod
    def of(cls, change: Change) -> "CrmChange":
        return cls(
            label=str(change.rests_on),
            table=change.table,
            record=change.record,
            title=change.title,
            account=change.account,
            field=change.field,
            now=change.now,
            said=Heard.of(change.said),
            earlier=tuple(map(Heard.of, change.earlier)),
            action=change.how,
            conflict=change.conflict.text if change.conflict else None,
        )


class PlannedCrm(BaseModel):
    """A plan: exactly what would be written. `approval` is what waits for somebody with the role `approver`, or ran under
    `standing_rule`, as `state` tells; None where it was not submitted.
    """

    model_config = ConfigDict(frozen=True)

    plan: Mapping[str, Any]
    plan_hash: str
    approver: str
    approval: str | None
    state: str | None
    standing_rule: str | None

    @classmethod
    def of(cls, plan: Plan, approver: str, submitted: Submitted | None) -> "PlannedCrm":
        told: Mapping[str, Any] = json.loads(canonical(plan_fields(plan)))
        return cls(
            plan=told,
            plan_hash=plan_hash(plan),
            approver=approver,
            approval=submitted.approval if submitted else None,
            state=submitted.state if submitted else None,
            standing_rule=submitted.rule if submitted else None,
        )


class CrmChanges(Result):
    """What calls give reason to change; `notes` say what could not be told, `calls` what was read for it.

    `records` are the deals that would change, as they read now. `planned` is the plan of it, where one was asked for and
    anything was left to plan.
    """

    changes: tuple[CrmChange, ...]
    records: tuple[CrmRecord, ...]
    notes: tuple[str, ...]
    calls: tuple[str, ...]
    planned: PlannedCrm | None = None

    @classmethod
    def of(
        cls, found: Proposed, planned: PlannedCrm | None = None, *, changes: Iterable[Change] | None = None
    ) -> "CrmChanges":
        shown = found.changes if changes is None else tuple(changes)
        accounts = {one.record: one.account for one in shown if one.table == NAMES[Deal]}
        deals = [deal for deal in found.book.deals if deal.id in accounts]
        return cls(
            label=str(found.label),
            changes=tuple(map(CrmChange.of, shown)),
            records=tuple(CrmRecord.of(one, title=titled(one), account=accounts[one.id]) for one in deals),
            notes=found.notes,
            calls=found.calls,
            planned=planned,
        )


class PlannedEdit(Result):
    """A plan for one record that somebody asked for in words."""

    record: CrmRecord
    planned: PlannedCrm


class Twins(Result):
    """Records that are probably one, and what they share."""

    records: tuple[CrmRecord, ...]
    why: str


class Duplicates(Result):
    """Every group of records that are probably one. Nothing is merged: a person decides which one stays."""

    twins: tuple[Twins, ...]
    looked_at: int


class DealList(Result):
    """The deals that fit, by close date; `found` is how many there are."""

    deals: tuple[CrmRecord, ...]
    found: int
