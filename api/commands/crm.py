"""Import CRM data from CSV files, and bring the CRM in line with calls."""

import asyncio
import sys
from pathlib import Path
from typing import Any

import click

from api.commands.crm_report import changes_of, lines_of
from api.embedded import reach
from api.settings import Settings, load_settings
from api.terminal import tell, tell_json
from core.errors import ConflictError, InvalidInputError
from core.identity import Label
from memory.company import read_company
from tools.crm.importing import Files, files_of
from tools.crm.mapping import Mapping, read_mapping
from tools.crm.proposal import propose as propose_mapping
from tools.crm.report import Report, plain_report
from tools.crm.sheets import read_sheet
from tools.crm.written import written

PATHS = click.argument("paths", nargs=-1, required=True, type=click.Path(exists=True, path_type=Path))


@click.group()
def command() -> None:
    """Import CRM data: `propose` writes a mapping, you review it, `import` follows it. `changes` proposes what calls say."""


@command.command()
@PATHS
@click.option(
    "--mapping",
    "target",
    default="mapping.yaml",
    show_default=True,
    type=click.Path(path_type=Path),
    help="The file to write. One that is there already is kept.",
)
def propose(paths: tuple[Path, ...], target: Path) -> None:
    """Write a mapping for the CSV files in PATHS, files or folders: what each file and each column probably holds.

    Whatever is not clear is marked with a question mark in it. Nothing is imported.
    """
    settings = load_settings()
    sheets = [read_sheet(name, content) for name, content in files_of(paths).items()]
    proposal = propose_mapping(sheets, today=read_company(settings.company_file).clock()().date())
    try:
        with target.open("x", encoding="utf-8") as file:
            file.write(written(proposal))
    except FileExistsError:
        raise ConflictError(f"{target} is there already: name another file with --mapping, or remove it") from None
    except OSError as error:
        raise InvalidInputError(f"{target}: cannot be written: {error.strerror}") from None
    for name, held in proposal.mapping.files.items():
        tell(f"{name}: {held.table}")
    for name, key in proposal.undecided:
        tell(f"to decide: {name}, {key}: {proposal.notes[name, key].removeprefix('?').strip()}")
    for one in proposal.suspicions:
        tell(f"to repair? {one.file}, {one.column}: {one.was!r} to {one.to!r}, {len(one.lines):,} times: {one.why}")
    tell(f"Read {target}, correct it, and confirm it; then: sophia crm import")


@command.command("import")
@PATHS
@click.option(
    "--mapping",
    "mapping",
    required=True,
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="The mapping that you confirmed.",
)
@click.option("--label", help="public, internal, confidential or restricted [SOPHIA_DEFAULT_LABEL].")
@click.option("--dry-run", is_flag=True, help="Only report what would be imported.")
@click.option("--json", "as_json", is_flag=True, help="Print the whole report as JSON.")
def import_(paths: tuple[Path, ...], mapping: Path, label: str | None, dry_run: bool, as_json: bool) -> None:
    """Import the CSV files in PATHS, files or folders, as the mapping says.

    Importing the same again changes nothing. A row that cannot be read is named with its fault, the others go on, and
    the exit status is 1.
    """
    settings = load_settings()
    label = str(Label.parse(label or settings.default_label))
    report = asyncio.run(_import(settings, files_of(paths), read_mapping(mapping), label, dry_run=dry_run))
    if as_json:
        tell_json(plain_report(report))
    else:
        for line in lines_of(report, dry_run=dry_run):
            tell(line)
    sys.exit(1 if report.refusals else 0)


@command.command()
@click.option("--call", help="Only what this call says, by its id.")
@click.option("--account", help="Only this account, as the CRM names it.")
@click.option("--deal", help="Only this open deal, by its name or id: for an account that has several open.")
@click.option(
    "--field", "fields", multiple=True, help="Only this field; a conflict is planned only when its field is named."
)
@click.option("--submit", is_flag=True, help="Put the plan before those who may approve it.")
@click.option("--json", "as_json", is_flag=True, help="Print everything as JSON.")
def changes(
    call: str | None, account: str | None, deal: str | None, fields: tuple[str, ...], submit: bool, as_json: bool
) -> None:
    """Show what calls give reason to change in the CRM, with the words it rests on, and the plan of it.

    Nothing is written: with --submit the plan waits for 'sophia approvals approve'.
    """
    found = asyncio.run(_changes(call=call, account=account, deal=deal, fields=fields, submit=submit))
    if as_json:
        tell_json(found)
        return
    for line in changes_of(found):
        tell(line)


async def _changes(**wanted: Any) -> dict[str, Any]:
    async with reach(load_settings()) as client:
        return await client.crm_changes(**wanted)


async def _import(settings: Settings, files: Files, mapping: Mapping, label: str, *, dry_run: bool) -> Report:
    async with reach(settings) as client:
        return await client.import_crm(files, mapping, label=label, dry_run=dry_run)
