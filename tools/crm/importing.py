"""From files and a reviewed mapping to records in the CRM, with a report of all that was repaired, refused or missing."""

import asyncio
from collections.abc import Mapping as Map
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path

from core.errors import InvalidInputError
from core.identity import Label, Principal
from memory.crm.base import Crm
from memory.crm.records import KINDS, Deal, Record
from tools.crm.fields import TABLES
from tools.crm.linking import known_records, link, refuse_twins
from tools.crm.mapping import IGNORE, Mapping, check
from tools.crm.misspelt import Suspicion, suspicions
from tools.crm.report import Change, Gap, Loaded, Report, Stored, told_deals
from tools.crm.rows import Drafts, gaps_of, read_rows
from tools.crm.sheets import Sheet, read_sheet

Files = Map[str, bytes]
"""The content of each file by its name."""
_OF = {field.of for table in TABLES.values() for field in table.fields.values()}
REFERRED = tuple(kind for name, kind in KINDS.items() if name in _OF)
"""The kinds of records that others refer to."""


@dataclass(frozen=True, slots=True)
class Terms:
    """For whom records are imported, under which label, and the last day that can have happened."""

    principal: Principal
    label: Label
    today: date


def files_of(paths: Sequence[Path]) -> dict[str, bytes]:
    """The CSV files that the paths, files or folders, name; InvalidInputError where there are none, or two of a name."""
    found = [file for path in paths for file in (sorted(path.glob("*.csv")) if path.is_dir() else [path])]
    names = [file.name for file in found]
    twice = sorted({name for name in names if names.count(name) > 1})
    if twice:
        raise InvalidInputError(f"Two files are called {twice[0]!r}: a mapping tells files apart by their names")
    if not found:
        raise InvalidInputError(
            f"No CSV file in {', '.join(map(str, paths))}: name a folder that has some, or the files"
        )
    try:
        return {file.name: file.read_bytes() for file in found}
    except OSError as error:
        raise InvalidInputError(f"{error.filename}: cannot be read: {error.strerror}") from None


async def import_crm(files: Files, mapping: Mapping, terms: Terms, crm: Crm, *, dry_run: bool = False) -> Report:
    """Writes the files' rows into the CRM as the mapping says, all of them in one go, or with `dry_run` none.

    InvalidInputError that names all faults of a mapping which is not confirmed or not complete, or the first fault of a
    file that is no CSV. Rows that cannot be read are refused one by one, and the others go on.
    """
    stored: list[Record] = []
    for kind in REFERRED:
        stored += await crm.find(kind, terms.principal)
    report, records = await asyncio.to_thread(_read, files, mapping, terms, stored)
    if dry_run:
        return report
    written = await crm.put(records, terms.principal)
    return replace(
        report, stored=tuple(Stored(table, one.added, one.changed, one.unchanged) for table, one in written.items())
    )


def _read(files: Files, mapping: Mapping, terms: Terms, stored: Sequence[Record]) -> tuple[Report, list[Record]]:
    sheets = [read_sheet(name, content) for name, content in sorted(files.items())]
    check(mapping, sheets)
    wanted = [sheet for sheet in sheets if mapping.files[sheet.name].table != IGNORE]
    read = [
        read_rows(sheet, mapping.files[sheet.name], _repairs_of(sheet, mapping), today=terms.today) for sheet in wanted
    ]
    refuse_twins(read)
    known = known_records(read, stored)
    linked = link(read, known, tenant=terms.principal.tenant, label=terms.label)
    found = suspicions(wanted, mapping.files, {table: one.called for table, one in known.items()})
    repairs, idle = _repairs(wanted, mapping, found)
    refusals = [*(refusal for one in read for refusal in one.refusals), *linked.refusals]
    report = Report(
        files=tuple(_loaded(one, linked.records) for one in read),
        interpretations=tuple(told for one in read for told in one.interpretations.values()),
        repairs=tuple(repairs),
        suspicions=tuple(_left_as_they_are(mapping, found)),
        refusals=tuple(sorted(refusals, key=lambda refusal: (refusal.file, refusal.line))),
        gaps=(*linked.gaps, *(gap for one in read for gap in gaps_of(one)), *idle),
        deals=told_deals([record for record in linked.records if isinstance(record, Deal)]),
    )
    return report, linked.records


def _repairs_of(sheet: Sheet, mapping: Mapping) -> dict[tuple[str, str], str]:
    return {(one.column, one.was): one.to for one in mapping.repairs if one.apply and one.file == sheet.name}


def _loaded(read: Drafts, records: Sequence[Record]) -> Loaded:
    rows = len(read.sheet.rows) + len(read.sheet.ragged)
    became = sum(record.source.file == read.sheet.name for record in records)
    return Loaded(read.sheet.name, read.mapping.table, rows, became, rows - became, read.sheet.encoding)


def _left_as_they_are(mapping: Mapping, found: Sequence[Suspicion]) -> list[Change]:
    """What looks misspelt, and the mapping does not say to repair."""
    applied = {(one.file, one.column, one.was) for one in mapping.repairs if one.apply}
    return [
        Change(one.file, one.column, one.was, one.to, one.why, one.lines)
        for one in found
        if (one.file, one.column, one.was) not in applied
    ]


def _repairs(sheets: Sequence[Sheet], mapping: Mapping, found: Sequence[Suspicion]) -> tuple[list[Change], list[Gap]]:
    """What the mapping repaired, value by value, with what speaks for it; and its repairs that had nothing to do."""
    why = {(one.file, one.column, one.was, one.to): one.why for one in found}
    by_name = {sheet.name: sheet for sheet in sheets}
    changes, idle = [], []
    for one in mapping.repairs:
        if not one.apply or one.file not in by_name:
            continue
        lines = tuple(line for line, cell in by_name[one.file].column(one.column) if cell == one.was)
        reason = why.get((one.file, one.column, one.was, one.to), "the mapping says so")
        if lines:
            changes.append(Change(one.file, one.column, one.was, one.to, reason, lines))
        else:
            idle.append(Gap(one.file, (), "is to be repaired, and no row has it", one.column, one.was))
    return changes, idle
