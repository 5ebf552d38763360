"""Forget a call, or the calls of a person, for good."""

import asyncio
import sys
from typing import Any

import click

from api.client import Client
from api.embedded import reach
from api.settings import load_settings
from api.terminal import tell
from core.errors import InvalidInputError

STAYS = (
    "stays: questions that people typed, what was written into the CRM, the audit log (who did what, no words), files and "
    "backups outside the data directory"
)


@click.command()
@click.argument("call", required=False)
@click.option("--person", metavar="NAME", help="Every call in which somebody of this name speaks.")
@click.option("--yes", is_flag=True, help="Do not ask.")
def command(call: str | None, person: str | None, yes: bool) -> None:
    """Forget CALL, given by its id: say what goes and what stays, ask, and do it. It cannot be undone.

    The call goes in all its versions, with its chunks and every proposal and plan that waits for a person because of it.
    Answers, briefings and recorded decisions that quote it stay withheld, without its words. The files of the data
    directory are written anew, so that nothing deleted is left in them.
    """
    if (call is None) == (person is None):
        raise click.UsageError("Name a CALL by its id (see sophia documents list), or a person with --person.")
    asyncio.run(_forget(call, person, yes))


async def _forget(call: str | None, person: str | None, yes: bool) -> None:
    async with reach(load_settings()) as client:
        found = await client.to_forget(call, person)
        for one in found:
            tell(f"goes: {_goes(one)}")
        for line in _kept(found):
            tell(line)
        tell(STAYS)
        if not (yes or await _agreed(len(found))):
            tell("nothing is forgotten")
            return
        await _forget_each(client, found)


async def _forget_each(client: Client, found: list[dict[str, Any]]) -> None:
    for one in found:
        await client.forget(one["document"])
        tell(f"{one['document']} is forgotten")


async def _agreed(calls: int) -> bool:
    if not sys.stdin.isatty():
        raise InvalidInputError("Nobody is there to be asked: say --yes")
    question = "Forget it for good?" if calls == 1 else f"Forget these {calls} calls for good?"
    return await asyncio.to_thread(click.confirm, question)


def _goes(one: dict[str, Any]) -> str:
    counts = {
        "versions, with their chunks": one["versions"],
        "proposed decisions": one["traces"]["proposals"],
        "plans that never ran": one["traces"]["plans"],
        "the words of answers": one["traces"]["answers"],
        "the words of briefings": one["traces"]["briefings"],
        "what conversations remember": one["traces"]["conversations"],
    }
    title = f" ({one['title']}, {one['turns']:,} turns)" if one["title"] else ""
    told = [f"{name}: {count}" for name, count in counts.items() if count]
    begun = ["what files still hold since it was begun to be forgotten"] if one["unfinished"] else []
    return f"{one['document']}{title}: {', '.join(told + begun)}"


def _kept(found: list[dict[str, Any]]) -> list[str]:
    told = {
        "decisions": "recorded decisions stay withheld, without their quotations",
        "ended_plans": "plans that ended stay, without their quotations",
        "plans_under_way": "plans are being carried out and stay as they are: forget the call again once they have ended",
    }
    counts = {name: sum(one["traces"][name] for one in found) for name in told}
    return [f"stays: {text} ({counts[name]})" for name, text in told.items() if counts[name]]
