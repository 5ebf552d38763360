"""Drafts as records: references become ids, and those that match nothing become gaps."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, fields

from core.identity import Label
from memory.crm.records import KINDS, Contact, Record, Source
from tools.crm.fields import TABLES
from tools.crm.misspelt import Called
from tools.crm.report import Gap, Refusal
from tools.crm.rows import Draft, Drafts
from tools.crm.twins import twins

SEVERAL = ";"
"""Between the ids of several records in one cell."""


@dataclass(slots=True)
class Known:
    """The records of a table that may be referred to: their ids, and the ids by name."""

    ids: set[str] = field(default_factory=set)
    by_name: dict[str, set[str]] = field(default_factory=dict)

    def add(self, id_: str, name: str | None) -> None:
        """One more record."""
        self.ids.add(id_)
        if name:
            self.by_name.setdefault(name, set()).add(id_)

    @property
    def called(self) -> Called:
        """All that the records are called."""
        return Called(self.ids, set(self.by_name))


@dataclass(slots=True)
class Linked:
    """The records, and what could not be linked: `unmatched` has the lines by file, column, value and reason."""

    records: list[Record] = field(default_factory=list)
    refusals: list[Refusal] = field(default_factory=list)
    unmatched: dict[tuple[str, str, str, str], list[int]] = field(default_factory=dict)

    @property
    def gaps(self) -> list[Gap]:
        """The values that match nothing, and the contacts that seem to be there twice."""
        unmatched = [
            Gap(file, tuple(lines), reason, column, value)
            for (file, column, value, reason), lines in self.unmatched.items()
        ]
        return [*unmatched, *_twice([record for record in self.records if isinstance(record, Contact)])]


def refuse_twins(read: Sequence[Drafts]) -> None:
    """Leaves one draft of each id of a table, the first, and refuses the others."""
    first: dict[tuple[str, str], str] = {}
    for one in read:
        kept = []
        for draft in one.drafts:
            key = one.mapping.table, draft.id
            if key in first:
                one.refusals.append(Refusal(one.sheet.name, draft.line, f"{first[key]} has the same id {draft.id!r}"))
            else:
                first[key] = f"the row on line {draft.line} of {one.sheet.name}"
                kept.append(draft)
        one.drafts[:] = kept


def known_records(read: Sequence[Drafts], stored: Iterable[Record]) -> dict[str, Known]:
    """What may be referred to, by table: the records of the files, and those that were there before."""
    known = {name: Known() for name in TABLES}
    names = {kind: name for name, kind in KINDS.items()}
    for record in stored:
        known[names[type(record)]].add(record.id, getattr(record, "name", None))
    for one in read:
        for draft in one.drafts:
            known[one.mapping.table].add(draft.id, draft.values.get("name"))
    return known


def link(read: Sequence[Drafts], known: Mapping[str, Known], *, tenant: str, label: Label) -> Linked:
    """The records of all files, those first that others refer to."""
    linked = Linked()
    for table in TABLES:
        for one in read:
            for draft in one.drafts if one.mapping.table == table else ():
                _link(draft, one, known, linked, tenant=tenant, label=label)
    return linked


def _link(draft: Draft, of: Drafts, known: Mapping[str, Known], linked: Linked, *, tenant: str, label: Label) -> None:
    values = dict(draft.values)
    for one in TABLES[of.mapping.table].fields.values():
        written = values.get(one.name)
        if written is None or one.kind not in {"reference", "name"}:
            continue
        assert one.of
        found, reason = _found(str(written), known[one.of], one.of)
        column = draft.columns[one.name]
        if one.kind == "reference":
            values[one.name] = found
        if reason and one.required:
            linked.refusals.append(Refusal(of.sheet.name, draft.line, reason, column, str(written)))
            return
        if reason and (one.kind == "reference" or known[one.of].ids):
            linked.unmatched.setdefault((of.sheet.name, column, str(written), reason), []).append(draft.line)
    kind = KINDS[of.mapping.table]
    held = {field.name for field in fields(kind)}
    given = {name: value for name, value in values.items() if name in held and value is not None}
    source = Source(of.sheet.name, draft.line)
    linked.records.append(kind(tenant=tenant, id=draft.id, label=label, source=source, **given))


def _found(written: str, known: Known, table: str) -> tuple[str | None, str | None]:
    """The id that is meant, or why there is none."""
    if written in known.ids:
        return written, None
    named = known.by_name.get(written, set())
    if len(named) == 1:
        return next(iter(named)), None
    if named:
        return None, f"{len(named)} {table} are called so"
    several = [part.strip() for part in written.split(SEVERAL)]
    if len(several) > 1 and all(part in known.ids for part in several):
        return None, f"it names {len(several)} {table}"
    return None, f"it is none of the {table}"


def _twice(contacts: Sequence[Contact]) -> Iterator[Gap]:
    for found, _ in twins(contacts):
        lines = tuple(contact.source.line or 0 for contact in found)
        names = " and ".join(dict.fromkeys(contact.name for contact in found))
        ids = ", ".join(sorted(contact.id for contact in found))
        yield Gap(found[0].source.file, lines, f"probably the same person: {names}, ids {ids}")
