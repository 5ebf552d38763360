"""List documents, their speakers and readers; delete them."""

import asyncio
import shlex
from typing import Any

import click

from api.embedded import reach
from api.settings import load_settings
from api.terminal import tell


@click.group()
def command() -> None:
    """List documents, say who speaks in them, change who may read them, delete them."""


@command.command("list")
def list_() -> None:
    """Show every document with its id, label and readers, newest first."""
    for entry in asyncio.run(_listed()):
        day = entry["held"][:10] if entry["held"] else "undated"
        tell(f"{entry['id']}  {day}  {entry['label']}, {' '.join(entry['readers'])}  {entry['title']}")


async def _listed() -> list[dict[str, Any]]:
    async with reach(load_settings()) as client:
        return await client.documents()


@command.command()
@click.argument("document")
@click.option("--label", help="public, internal, confidential or restricted [as it is].")
@click.option(
    "--reader", "readers", multiple=True, help="everyone, user:<name> or group:<name>; may be repeated [as they are]."
)
def access(document: str, label: str | None, readers: tuple[str, ...]) -> None:
    """Let these and no others read DOCUMENT, given by its id. Answers that rest on it follow."""
    changed = asyncio.run(_changed(document, label, readers))
    tell(f"{changed['id']}  {changed['label']}, {' '.join(changed['readers'])}")


async def _changed(document: str, label: str | None, readers: tuple[str, ...]) -> dict[str, Any]:
    async with reach(load_settings()) as client:
        return await client.change_access(document, label, readers)


@command.command()
@click.argument("document")
@click.option("--same", "names", multiple=True, help="Another name of the speaker given with --as; may be repeated.")
@click.option("--as", "name", help="The name that stays.")
def speakers(document: str, names: tuple[str, ...], name: str | None) -> None:
    """Show who speaks in DOCUMENT and which names may be one person's; with --same and --as, make them one.

    Ingesting the file again keeps it so. Answers that quote the earlier version stay as they are.
    """
    if bool(names) != bool(name):
        raise click.UsageError("Give the names with --same and the one that stays with --as.")
    found = asyncio.run(_speakers(document, names, name))
    for one in found["speakers"]:
        about = ", ".join(filter(None, (one["role"], one["title"], f"{one['turns']:,} turns")))
        tell(f"{one['name']}  {about}")
    for same in found["may_be_one"]:
        kept, *others = map(shlex.quote, same)
        wanted = " ".join(f"--same {other}" for other in others)
        tell(f"may be one person: sophia documents speakers {shlex.quote(document)} {wanted} --as {kept}")


async def _speakers(document: str, names: tuple[str, ...], name: str | None) -> dict[str, Any]:
    async with reach(load_settings()) as client:
        return await (client.join_speakers(document, names, name) if name else client.speakers(document))


@command.command()
@click.argument("document")
def delete(document: str) -> None:
    """Delete DOCUMENT, given by its id, with all its versions. Answers that rest on it are withheld.

    Their words stay in the database: 'sophia forget' takes these out too.
    """
    asyncio.run(_delete(document))
    tell(f"{document} is deleted")


async def _delete(document: str) -> None:
    async with reach(load_settings()) as client:
        await client.delete_document(document)
