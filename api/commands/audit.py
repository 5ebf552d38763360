"""Show the audit log, or verify that nobody changed it."""

import asyncio
import json
from typing import Any

import click

from api.embedded import reach
from api.settings import load_settings
from api.terminal import tell, tell_json


@click.group()
def command() -> None:
    """Show the audit log, or verify that nobody changed it."""


@command.command()
@click.option("--after", type=click.IntRange(0), default=0, help="Only entries behind this one.")
@click.option("--most", type=click.IntRange(1, 1000), default=100, show_default=True, help="How many entries.")
@click.option("--json", "as_json", is_flag=True, help="Print the entries as JSON.")
def show(after: int, most: int, as_json: bool) -> None:
    """Show entries, oldest first."""
    entries = asyncio.run(_shown(after, most))
    if as_json:
        tell_json(entries)
        return
    for one in entries:
        details = json.dumps(one["details"], ensure_ascii=False)
        tell(f"{one['n']}  {one['at'][:19]}  {one['actor']}  {one['action']}  {one['subject']}  {details}")


@command.command()
def verify() -> None:
    """Look the whole log over. It ends with status 1 and names the first entry that was changed."""
    tell(f"{asyncio.run(_verified())} entries, all as they were written")


async def _shown(after: int, most: int) -> list[dict[str, Any]]:
    async with reach(load_settings()) as client:
        return await client.audit(after, most)


async def _verified() -> int:
    async with reach(load_settings()) as client:
        return await client.verify_audit()
