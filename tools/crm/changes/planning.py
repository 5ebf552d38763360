"""Changes as a plan: one step a record, with what it reads before and after and what undoes it."""

from collections.abc import Mapping, Sequence
from datetime import date

from core.errors import ConflictError, InvalidInputError
from core.identity import Label
from core.plans import Fields, Inverse, Json, Plan, Step
from memory.crm.edits import EXISTS, How
from memory.crm.records import Account, Deal, Record, Status
from memory.crm.values import NAMES, plain, plain_fields, typed_fields
from models.evidence import highest
from tools.crm.changes.change import Change
from tools.crm.remote import LABEL, SYSTEM, made_id, target_of

STAGE, NOTE = "stage", "note"


def wanted(changes: Sequence[Change], fields: Sequence[str] | None) -> list[Change]:
    """Those to plan: all without a conflict; or those of these fields, where a conflict was chosen by naming its field.

    What rests on a call that only some may read is not among them.
    """
    if fields is None:
        return [change for change in changes if change.conflict is None and not change.narrowed]
    unknown = sorted(set(fields) - {change.field for change in changes})
    if unknown:
        known = ", ".join(dict.fromkeys(change.field for change in changes)) or "none"
        raise InvalidInputError(f"No change of {', '.join(unknown)} is proposed: there are changes of {known}")
    return [change for change in changes if change.field in fields and not change.narrowed]


def plan_of(
    changes: Sequence[Change],
    records: Mapping[str, Record],
    statuses: Mapping[str, Mapping[str, Status]],
    today: date,
    tenant: str,
) -> Plan:
    """The plan of these changes. `records` are those that are changed, by id; `statuses` what a stage of each means.

    ConflictError where there is nothing to plan.
    """
    if not changes:
        raise ConflictError("There is nothing to plan: no change is proposed that is free of conflicts")
    steps = []
    for record in dict.fromkeys(change.record for change in changes):
        mine = [change for change in changes if change.record == record]
        if mine[0].how is How.CREATE:
            steps.append(
                creation(
                    mine[0].table, record, {mine[0].field: mine[0].said.value, **dict(mine[0].values)}, mine[0].rests_on
                )
            )
        else:
            values = {change.field: change.said.value for change in mine}
            staged = with_stage(records[record], values, statuses.get(record, {}), today)
            steps.append(update(records[record], staged))
    titles = ", ".join(dict.fromkeys(change.title for change in changes))
    return Plan(
        tenant,
        f"Bring the CRM in line with calls: {titles}",
        tuple(steps),
        because=tuple(because(change) for change in changes),
        label=highest([change.rests_on for change in changes]),
    )


def plan_of_edit(record: Record, values: Mapping[str, Json], statuses: Mapping[str, Status], today: date) -> Plan:
    """The plan of what somebody asks for in words. `statuses` are the stages of a deal's pipeline; a stage may be written
    in any case, or as "won" or "lost". Raises what `update` and `with_stage` do.
    """
    title = getattr(record, "name", None) or record.id
    meant = {**values, STAGE: _stage(values[STAGE], statuses)} if STAGE in values else values
    step = update(record, with_stage(record, meant, statuses, today))
    told = ", ".join(f"{name} {_told(step.before[name])} -> {_told(value)}" for name, value in step.after.items())
    return Plan(record.tenant, f"{title}: {told}", (step,), because=("Asked for in words",), label=record.label)


def plan_of_note(record: Record, text: str, today: date, by: str) -> Plan:
    """The plan that logs a note on a record, in the words given."""
    title = getattr(record, "name", None) or record.id
    kind = NAMES[type(record)]
    about = {"deals": "deal", "accounts": "account", "contacts": "contact"}[kind]
    told: Fields = {"type": NOTE, "day": today.isoformat(), "text": text, "owner": by, about: record.id}
    account = getattr(record, "account", None)
    step = creation(
        "activities", made_id(record.id, text, today.isoformat()), {"account": account, **told}, record.label
    )
    return Plan(record.tenant, f"Log a note on {title}", (step,), because=("Asked for in words",), label=record.label)


def plan_of_contact(account: Account, name: str, title: str | None) -> Plan:
    """The plan that adds a person to an account's contacts."""
    told: Fields = {"name": name, "title": title, "account": account.id, "owner": account.owner}
    step = creation("contacts", made_id(account.id, name.casefold()), told, account.label)
    why = ("Asked for in words",)
    return Plan(account.tenant, f"Add {name} as a contact of {account.name}", (step,), because=why, label=account.label)


def because(change: Change) -> str:
    """The quotation that a change rests on, with its call and its turn."""
    said, quote = change.said, change.said.quote
    told = f'{change.field}: "{said.words}" ({said.by}, {quote.title}, {change.day}, call {quote.document}, turn {said.turn})'
    return f"{told}; although {change.conflict.text}" if change.conflict else told


def update(record: Record, values: Mapping[str, Json]) -> Step:
    """Sets fields of a record. InvalidInputError for what cannot be set so, ConflictError where it all reads so already."""
    kind = type(record)
    before = plain_fields(record, values)
    after: Fields = {name: _as_stored(kind, name, value) for name, value in values.items()}
    changed = {name: value for name, value in after.items() if before.get(name) != value}
    if not changed:
        told = ", ".join(f"{name} {value}" for name, value in after.items())
        raise ConflictError(f"Record {record.id!r} of {NAMES[kind]} reads so already: {told}")
    old = {name: before[name] for name in changed}
    return Step(
        system=SYSTEM,
        action=How.UPDATE,
        target=target_of(NAMES[kind], record.id),
        arguments=changed,
        before=old,
        after=changed,
        inverse=Inverse(How.UPDATE, old),
    )


def creation(table: str, record: str, values: Mapping[str, Json], label: Label) -> Step:
    """Creates a record with these fields; undone by removing it."""
    told = {name: value for name, value in values.items() if value is not None}
    return Step(
        system=SYSTEM,
        action=How.CREATE,
        target=target_of(table, record),
        arguments={**told, LABEL: str(label)},
        before={EXISTS: False},
        after={EXISTS: True, **told},
        inverse=Inverse(How.REMOVE),
    )


def with_stage(
    record: Record, values: Mapping[str, Json], statuses: Mapping[str, Status], today: date
) -> Mapping[str, Json]:
    """The values with what follows from a stage: whether the deal is open, and the day it closed.

    InvalidInputError for a stage that the deal's pipeline has not.
    """
    if not isinstance(record, Deal) or STAGE not in values:
        return values
    stage = str(values[STAGE])
    if stage not in statuses:
        raise InvalidInputError(f"The pipeline has no stage {stage!r}: there are {', '.join(sorted(statuses))}")
    status = statuses[stage]
    follows: dict[str, Json] = {"status": status} if status is not record.status else {}
    if status is not Status.OPEN:
        follows |= {"closed": (record.closed or today).isoformat()}
    elif record.closed:
        follows |= {"closed": None}
    return {**values, **follows}


def _stage(said: Json, statuses: Mapping[str, Status]) -> str:
    """The stage that is written so, or the one in which deals have this status; else what was said."""
    word = str(said).casefold()
    written = [stage for stage in statuses if stage.casefold() == word]
    ended = [stage for stage, status in statuses.items() if status is not Status.OPEN and status == word]
    return next(iter(written or (ended if len(ended) == 1 else [])), str(said))


def _told(value: Json) -> str:
    return "nothing" if value is None else str(value)


def _as_stored(kind: type[Record], name: str, value: Json) -> Json:
    typed = typed_fields(kind, {name: value})[name]
    return plain(typed)
