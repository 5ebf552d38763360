"""The report of an import, and changes that calls give reason for, as the command line shows them."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from tools.crm.report import Change, Deals, Gap, Refusal, Report

SHOWN = 20
"""So many of a kind are shown; --json has all."""
LINES = 3


def lines_of(report: Report, *, dry_run: bool) -> Iterator[str]:
    """What was read, repaired, left as it was, missing and refused; the deals; what was stored."""
    for file in report.files:
        refused = f", {file.refused:,} refused" if file.refused else ""
        written = "" if file.encoding.startswith("utf") else f", written in {file.encoding}"
        yield f"{file.file}: {file.rows:,} rows, {file.records:,} {file.table.replace('_', ' ')}{refused}{written}"
    read = [
        f"{one.file}, {one.column}: {one.values:,} values {one.how}, such as {one.was!r} as {one.became}"
        for one in report.interpretations
    ]
    yield from _section("Read", read)
    yield from _section("Repaired", [_change(one) for one in report.repairs])
    yield from _section("Left as it is, though it looks misspelt", [_change(one) for one in report.suspicions])
    yield from _section("Gaps", [_gap(one) for one in report.gaps])
    yield from _section("Refused", [_refusal(one) for one in report.refusals])
    yield ""
    if report.deals:
        yield _deals(report.deals)
    added, changed, unchanged = (
        sum(getattr(one, name) for one in report.stored) for name in ("added", "changed", "unchanged")
    )
    yield (
        "Nothing was stored: this was a dry run"
        if dry_run
        else f"{added:,} added, {changed:,} changed, {unchanged:,} unchanged"
    )


def changes_of(found: Mapping[str, Any]) -> Iterator[str]:
    """Each change with both sides and its quotation, what is left open, the plan and where it waits."""
    for change in found["changes"]:
        said = change["said"]
        passage = said["passage"]
        yield f"{change['title']}: {change['field']}, {_value(change['now'])} -> {_value(said['value'])}"
        quote = passage["utterances"][0]["text"]
        yield f'  "{quote}" ({said["by"]}, {passage["title"]}, call {passage["document"]}, turn {said["turn"]})'
        if change["conflict"]:
            yield f"  conflict: {change['conflict']}; it is planned only with --field {change['field']}"
    yield from found["notes"]
    if not found["changes"]:
        yield "No call gives reason to change a field."
    yield from _plan(found["planned"])


def _plan(planned: Mapping[str, Any] | None) -> Iterator[str]:
    if planned is None:
        yield "There is nothing to plan."
        return
    for step in planned["plan"]["steps"]:
        after = ", ".join(
            f"{name} {_value(step['before'].get(name))} -> {_value(value)}" for name, value in step["after"].items()
        )
        yield f"Plan {planned['plan_hash'][:12]}: {step['action']} {step['target']}, {after}"
    if planned["approval"]:
        yield f"It waits for the role {planned['approver']!r}: sophia approvals approve {planned['approval']}"
    else:
        yield "Nothing was submitted: add --submit to put it before those who may approve it."


def _value(value: object) -> str:
    return "nothing" if value is None else str(value)


def _section(title: str, lines: Sequence[str]) -> Iterator[str]:
    if lines:
        yield ""
        yield title
        yield from (f"  {line}" for line in lines[:SHOWN])
    if len(lines) > SHOWN:
        yield f"  and {len(lines) - SHOWN:,} more: --json has them all"


def _change(one: Change) -> str:
    return f"{one.file}, {one.column}: {one.was!r} to {one.to!r} in {_rows(one.lines)}: {one.why}"


def _gap(one: Gap) -> str:
    where = f", {one.column}" if one.column else ""
    value = f"{one.value!r} " if one.value else ""
    rows = f": {_rows(one.lines)}" if one.lines else ""
    return f"{one.file}{where}: {value}{one.reason}{rows}"


def _refusal(one: Refusal) -> str:
    where = f", {one.column}" if one.column else ""
    return f"{one.file}, line {one.line}{where}: {one.reason}"


def _rows(lines: Sequence[int]) -> str:
    shown = ", ".join(map(str, lines[:LINES])) + (", …" if len(lines) > LINES else "")
    return f"{len(lines):,} row{'s' if len(lines) > 1 else ''} (line{'s' if len(lines) > 1 else ''} {shown})"


def _deals(deals: Deals) -> str:
    rate = f" ({deals.win_rate:.1%} won)" if deals.win_rate is not None else ""
    sums = "".join(f"; {one.currency or 'no currency'}: {one.won:,f} won, {one.open:,f} open" for one in deals.sums)
    return f"Deals: {deals.won:,} won and {deals.lost:,} lost{rate}, {deals.open:,} open{sums}"
