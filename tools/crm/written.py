"""A proposed mapping as the file that a person reviews: YAML, each proposal with what speaks for it."""

from collections.abc import Iterator

import yaml

from tools.crm.mapping import Column, FileMapping
from tools.crm.proposal import Proposal

HEAD = """\
# What the files hold, as `sophia crm propose` reads it. Nothing is imported before you confirm it:
#   1. decide what is marked with ?: name a field, or write ignore;
#   2. read the repairs and write apply: true where one is right;
#   3. write confirmed: true, then: sophia crm import FOLDER --mapping THIS_FILE --dry-run
confirmed: false
"""


def written(proposal: Proposal) -> str:
    """The file's text; `read_mapping` reads it back as the proposal's mapping."""
    lines = [HEAD, "files:"]
    for name, held in proposal.mapping.files.items():
        lines += ["", f"  {_plain(name)}:", *(f"    {line}" for line in _file(name, held, proposal))]
    lines += ["", *_repairs(proposal)]
    return "\n".join(lines) + "\n"


def _file(name: str, held: FileMapping, proposal: Proposal) -> Iterator[str]:
    def noted(key: str, line: str) -> str:
        note = proposal.notes.get((name, key), "")
        return f"{line}  # {' '.join(note.removeprefix('?').split())}" if note else line

    yield noted("table", f"table: {_plain(held.table)}")
    if held.key:
        yield noted("key", f"key: [{', '.join(held.key)}]")
    elif (name, "key") in proposal.notes:
        yield noted("key", "key: []")
    for key, value in (("currency", held.currency), ("grain", held.grain)):
        if value:
            yield noted(key, f"{key}: {_plain(value)}")
    if held.stages:
        yield noted("stages", "stages:")
        yield from (f"  {_plain(stage)}: {_plain(status)}" for stage, status in held.stages.items())
    yield "columns:" if held.columns else "columns: {}"
    yield from (noted(column, f"  {_plain(column)}: {_column(about)}") for column, about in held.columns.items())


def _column(about: Column) -> str:
    dates = f", dates: {_plain(about.dates)}" if about.dates else ""
    told = dates + (f', decimal: "{about.decimal}"' if about.decimal else "")
    return f"{{field: {_plain(about.field)}{told}}}" if told else _plain(about.field)


def _repairs(proposal: Proposal) -> Iterator[str]:
    yield "repairs:" if proposal.suspicions else "repairs: []"
    for one in proposal.suspicions:
        rows = f"{len(one.lines):,} row{'s' if len(one.lines) > 1 else ''}, the first on line {one.lines[0]}"
        yield f"- file: {_plain(one.file)}"
        yield f"  column: {_plain(one.column)}"
        yield f"  from: {_plain(one.was)}"
        yield f"  to: {_plain(one.to)}  # {rows}: {' '.join(one.why.split())}"
        yield "  apply: false"


def _plain(text: str) -> str:
    """The text as one YAML scalar."""
    dumped = yaml.safe_dump(text, allow_unicode=True, width=10**6, default_style=None if _harmless(text) else '"')
    return dumped.removesuffix("\n").removesuffix("\n...")


def _harmless(text: str) -> bool:
    return all(one.isalnum() or one in " _.-" for one in text)
