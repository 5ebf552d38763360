"""Make, list and revoke API keys."""

import asyncio
from typing import Any

import click

from api.embedded import reach
from api.settings import load_settings
from api.terminal import tell


@click.group()
def command() -> None:
    """Make, list and revoke API keys. Rights belong to the user: they are those of the newest key."""


@command.command()
@click.argument("user")
@click.option(
    "--role",
    "roles",
    multiple=True,
    default=("ask",),
    show_default=True,
    help="ask, ingest, decide, approve, admin or metrics; may be repeated.",
)
@click.option("--group", "groups", multiple=True, help="A group whose documents the key may read; may be repeated.")
@click.option("--clearance", default="internal", show_default=True, help="Highest label the key may read.")
def add(user: str, roles: tuple[str, ...], groups: tuple[str, ...], clearance: str) -> None:
    """Make a key for USER. It is printed once and kept only as a digest."""
    tell(asyncio.run(_add(user, roles, groups, clearance)))


async def _add(user: str, roles: tuple[str, ...], groups: tuple[str, ...], clearance: str) -> str:
    async with reach(load_settings()) as client:
        return await client.add_key(user, roles, groups, clearance)


@command.command("list")
def list_() -> None:
    """Show who holds keys, and which rights they have."""
    for holder in asyncio.run(_holders()):
        groups = f", groups {' '.join(holder['groups'])}" if holder["groups"] else ""
        roles = " ".join(holder["roles"]) or "no roles"
        count = f"{holder['keys']} key{'s' if holder['keys'] > 1 else ''}"
        tell(f"{holder['user']}  {roles}, up to {holder['clearance']}{groups}, {count}")


async def _holders() -> list[dict[str, Any]]:
    async with reach(load_settings()) as client:
        return await client.holders()


@command.command()
@click.argument("user")
def revoke(user: str) -> None:
    """End every key of USER at once. Questions of theirs that wait are refused."""
    count = asyncio.run(_revoke(user))
    tell(f"{count} revoked")


async def _revoke(user: str) -> int:
    async with reach(load_settings()) as client:
        return await client.revoke(user)
