"""Make API keys for others."""

import asyncio

import click

from api.client import connect
from api.embedded import open_here
from api.owner import owner_of
from api.settings import load_settings
from api.terminal import tell
from core.identity import Label, Principal


@click.group()
def command() -> None:
    """Make API keys for others."""


@command.command()
@click.argument("user")
@click.option(
    "--role", "roles", multiple=True, default=("ask",), show_default=True, help="ask, ingest or admin; may be repeated."
)
@click.option("--group", "groups", multiple=True, help="A group whose documents the key may read; may be repeated.")
@click.option("--clearance", default="internal", show_default=True, help="Highest label the key may read.")
def add(user: str, roles: tuple[str, ...], groups: tuple[str, ...], clearance: str) -> None:
    """Make a key for USER. It is printed once and kept only as a digest."""
    tell(asyncio.run(_add(user, roles, groups, clearance)))


async def _add(user: str, roles: tuple[str, ...], groups: tuple[str, ...], clearance: str) -> str:
    settings = load_settings()
    owner = owner_of(settings.data_dir)
    if owner and owner.url:
        async with connect(owner) as client:
            return await client.add_key(user, roles, groups, clearance)
    holder = Principal(settings.tenant, user, frozenset(roles), frozenset(groups), Label.parse(clearance))
    async with open_here(settings) as sophia:
        return await sophia.keys.create(holder)
