"""List your conversations, read one again, delete one."""

import asyncio
from typing import Any

import click

from api.embedded import reach
from api.settings import load_settings
from api.terminal import tell, tell_json


@click.group()
def command() -> None:
    """List your conversations, read one again, delete one."""


@command.command("list")
@click.option("--json", "as_json", is_flag=True, help="Print the conversations as JSON.")
def list_(as_json: bool) -> None:
    """Show your conversations with their ids, newest first."""
    threads = asyncio.run(_listed())
    if as_json:
        tell_json(threads)
        return
    for thread in threads:
        tell(f"{thread['id']}  {thread['created_at'][:16]}  {thread['title']}")


async def _listed() -> list[dict[str, Any]]:
    async with reach(load_settings()) as client:
        return await client.threads()


@command.command()
@click.argument("thread")
@click.option("--json", "as_json", is_flag=True, help="Print the conversation as JSON.")
def show(thread: str, as_json: bool) -> None:
    """Show the questions and answers of THREAD, given by its id."""
    shown = asyncio.run(_shown(thread))
    if as_json:
        tell_json(shown)
        return
    for run in shown["runs"]:
        tell(f"> {run['question']}", dim=True)
        for line in _reply(run):
            tell(line)
        tell()


def _reply(run: dict[str, Any]) -> list[str]:
    if run["withheld"]:
        return [f"(the answer is withheld: {run['withheld']})"]
    if run["answer"] is None:
        return [f"(no answer: the run {run['id']} is {run['status']})"]
    lines: list[str] = run["answer"]["text"].split("\n")
    return lines


async def _shown(thread: str) -> dict[str, Any]:
    async with reach(load_settings()) as client:
        return await client.thread(thread)


@command.command()
@click.argument("thread")
@click.option("--yes", is_flag=True, help="Do not ask.")
def delete(thread: str, yes: bool) -> None:
    """Delete THREAD, given by its id, with its questions, answers and logs. Decisions told in it lose their message."""
    if not yes:
        click.confirm(f"Delete the conversation {thread} for good?", abort=True)
    asyncio.run(_delete(thread))
    tell(f"{thread} is deleted")


async def _delete(thread: str) -> None:
    async with reach(load_settings()) as client:
        await client.delete_thread(thread)
