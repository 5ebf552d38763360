"""The three sides of a field: what the CRM reads, what a call says, what Sophia's last edit wrote."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import pytest

from core.errors import ConflictError, InvalidInputError
from core.identity import Label
from core.plans import Json
from memory.crm.edits import Synced
from memory.crm.records import Deal, Status
from tests.tools.risks.records import TODAY, book, call, deal, entered
from tools.crm.changes.change import Change, Side
from tools.crm.changes.conflicts import with_conflict
from tools.crm.changes.heard import Talked, deal_changes
from tools.crm.changes.planning import plan_of, wanted

HEARD = call("s So it is $48,000 a year.", "b Agreed. I want it signed by the end of the month.", ago=2)
BEFORE, AFTER = datetime(2026, 3, 17, 9, tzinfo=UTC), datetime(2026, 3, 19, 9, tzinfo=UTC)
STATUSES = {"d1": {"Evaluation": Status.OPEN, "Won": Status.WON}}


def changes(of: Deal, *synced: Synced, history: int | None = None) -> dict[str, Change]:
    told = [entered("d1", "Evaluation", history)] if history is not None else []
    found = deal_changes(Talked(of, [HEARD], book(of, changes=told, calls=[HEARD])))
    return {one.field: with_conflict(one, of, synced, told) for one in found}


def wrote(field: str, before: Json, after: Json, at: datetime) -> Synced:
    return Synced("d1", field, before, after, "f" * 64, "acme/anna", at)


def stamped(before: datetime, after: datetime) -> Synced:
    return wrote("modified", before.isoformat(), after.isoformat(), after)


def of(**changed: object) -> Deal:
    return replace(deal("d1", amount=Decimal(60_000), next_step="Wait", modified=BEFORE), **changed)  # type: ignore[arg-type]


def test_what_nobody_touched_since_the_call_is_no_conflict() -> None:
    found = changes(of())
    assert {name: one.conflict for name, one in found.items()} == {"amount": None, "expected": None}


def test_a_record_that_was_changed_after_the_call_puts_each_of_its_fields_in_conflict() -> None:
    found = changes(of(modified=AFTER))
    assert {one.conflict.side for one in found.values() if one.conflict} == {Side.PERSON}
    conflict = found["amount"].conflict
    assert conflict is not None
    assert "changed on 2026-03-19, after the call of 2026-03-18" in conflict.text


def test_a_change_that_sophia_made_after_the_call_is_no_persons() -> None:
    found = changes(of(modified=AFTER), wrote("stage", "Discovery", "Evaluation", AFTER), stamped(BEFORE, AFTER))
    assert found["amount"].conflict is None


def test_a_persons_change_stays_a_conflict_when_sophia_writes_another_field_after_it() -> None:
    later, last = AFTER + timedelta(hours=1), AFTER + timedelta(hours=2)
    edits = (wrote("stage", "Discovery", "Evaluation", later), stamped(AFTER, later), stamped(later, last))
    conflict = changes(of(modified=last), *edits)["amount"].conflict
    assert conflict is not None
    assert (conflict.side, conflict.since) == (Side.PERSON, AFTER.date())


def test_what_somebody_let_sophia_write_after_the_call_is_not_written_over_by_the_call() -> None:
    edits = (wrote("amount", "60000", "52000", AFTER), stamped(BEFORE, AFTER))
    found = changes(of(amount=Decimal(52_000), modified=AFTER), *edits)
    conflict = found["amount"].conflict
    assert conflict is not None
    assert conflict.text == "Sophia wrote '52000' on 2026-03-19 (plan ffffffffffff), after the call of 2026-03-18"
    assert found["expected"].conflict is None


def test_what_a_person_changed_after_sophia_wrote_it_is_in_conflict_whatever_the_record_says_of_when() -> None:
    found = changes(of(amount=Decimal(52_000)), wrote("amount", "60000", "48000", AFTER))
    conflict = found["amount"].conflict
    assert conflict is not None
    assert (conflict.side, conflict.since) == (Side.SYNC, date(2026, 3, 19))
    assert "Sophia wrote '48000'" in conflict.text
    assert "'52000'" in conflict.text
    assert found["expected"].conflict is None


def test_what_sophia_wrote_itself_a_newer_call_may_change() -> None:
    found = changes(of(amount=Decimal(52_000), modified=BEFORE), wrote("amount", "60000", "52000", BEFORE))
    assert found["amount"].conflict is None


def test_a_conflict_is_planned_only_by_the_name_of_its_field() -> None:
    found = list(changes(of(modified=AFTER)).values())
    assert wanted(found, None) == []
    assert [one.field for one in wanted(found, ["amount"])] == ["amount"]
    with pytest.raises(InvalidInputError, match="No change of owner"):
        wanted(found, ["owner"])
    with pytest.raises(ConflictError, match="nothing to plan"):
        plan_of([], {}, {}, TODAY, "acme")


def test_a_plan_has_both_sides_its_undoing_its_quotations_and_the_highest_label() -> None:
    record = of(label=Label.CONFIDENTIAL)
    plan = plan_of(list(changes(record).values()), {"d1": record}, STATUSES, TODAY, "acme")
    [step] = plan.steps
    assert (step.system, step.action, step.target) == ("crm", "update", "deals/d1")
    assert step.before == {"amount": "60000", "expected": "2026-04-19"}
    assert step.after == step.arguments == {"amount": "48000", "expected": "2026-03-31"}
    assert step.inverse is not None
    assert step.inverse.arguments == step.before
    assert plan.label is Label.CONFIDENTIAL
    assert plan.because[0] == 'amount: "So it is $48,000 a year." (Sam Seller, Call 2, 2026-03-18, call call-2, turn 0)'
