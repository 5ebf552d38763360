"""See exactly what a plan will run, and decide about it.

A decision is about the plan that was shown: its hash is sent along, and another plan is refused.
"""

import asyncio
import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import click

from api.approvals.approval import State
from api.client import Client
from api.embedded import reach
from api.settings import load_settings
from api.terminal import tell, tell_json
from core.errors import InvalidInputError

AS_JSON = click.option("--json", "as_json", is_flag=True, help="Print the whole as JSON.")


#: Digits of a plan's hash, and how many of them answers show.
WHOLE, SHOWN = 64, 12


@click.group()
def command() -> None:
    """See exactly what a plan will run, and decide about it."""


@command.command("list")
@AS_JSON
def list_(as_json: bool) -> None:
    """Show the approvals you may see, newest first."""
    listed = asyncio.run(_listed())
    if as_json:
        tell_json(listed)
        return
    for one in listed:
        tell(f"{one['id']}  {one['state']}  until {one['expires_at'][:16]}  {one['purpose']}")
    if not listed:
        tell("Nothing was ever asked to be approved.", err=True)


@command.command()
@click.argument("approval")
@AS_JSON
def show(approval: str, as_json: bool) -> None:
    """Show exactly what APPROVAL will run, with the plan's hash."""
    shown = asyncio.run(_one(approval))
    if as_json:
        tell_json(shown)
        return
    _show(shown)


@command.command()
@click.argument("approval")
@click.option(
    "--plan", "plan_hash", help="Hash of the plan that you saw; without it the plan is shown and you are asked."
)
def approve(approval: str, plan_hash: str | None) -> None:
    """Let exactly the plan of APPROVAL run, once, and say how it ended."""
    ended = asyncio.run(_decided(approval, "approve", plan_hash=plan_hash or _agreed(approval, "Run this?")))
    _tell_end(ended)


@command.command()
@click.argument("approval")
@click.option(
    "--plan", "plan_hash", help="Hash of the plan that you saw; without it the plan is shown and you are asked."
)
@click.option("--note", default="", help="Why.")
def reject(approval: str, plan_hash: str | None, note: str) -> None:
    """End APPROVAL; nothing of it will run."""
    agreed = plan_hash or _agreed(approval, "Reject this?")
    _tell_end(asyncio.run(_decided(approval, "reject", plan_hash=agreed, note=note)))


@command.command()
@click.argument("approval")
@click.argument("steps", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--plan", "plan_hash", required=True, help="Hash of the plan that you saw.")
def edit(approval: str, steps: Path, plan_hash: str) -> None:
    """Replace APPROVAL by one of the steps in the JSON file STEPS, which waits for its own decision."""
    try:
        wanted = json.loads(steps.read_text(encoding="utf-8"), parse_constant=_no_number)
    except ValueError as error:
        raise InvalidInputError(f"{steps} is not JSON: {error}") from None
    _show(asyncio.run(_decided(approval, "edit", plan_hash=plan_hash, steps=wanted)))


@command.command()
@click.argument("approval")
@click.option(
    "--happened/--did-not", default=None, help="Whether the unknown step was made; without it, its system is asked."
)
def settle(approval: str, happened: bool | None) -> None:
    """Go on with a parked APPROVAL."""
    _tell_end(asyncio.run(_decided(approval, "settle", happened=happened)))


async def _listed() -> list[dict[str, Any]]:
    async with reach(load_settings()) as client:
        return await client.approvals()


async def _one(approval: str) -> dict[str, Any]:
    async with reach(load_settings()) as client:
        return await client.approval(approval)


async def _decided(approval: str, what: str, **decision: Any) -> dict[str, Any]:
    async with reach(load_settings()) as client:
        if "plan_hash" in decision:
            decision["plan_hash"] = await _whole(client, approval, decision["plan_hash"])
        return await client.decide(approval, what, **decision)


async def _whole(client: Client, approval: str, plan: str) -> str:
    """The hash that begins so, as chat shows it; anything else is left as it is, for the server to refuse."""
    if not SHOWN <= len(plan) < WHOLE:
        return plan
    waiting = str((await client.approval(approval))["plan_hash"])
    return waiting if waiting.startswith(plan) else plan


def _no_number(name: str) -> float:
    raise ValueError(f"{name} is no JSON number")


def _agreed(approval: str, question: str) -> str:
    """The hash of the plan that was just shown and agreed to; nobody is asked about one that is decided."""
    shown = asyncio.run(_one(approval))
    _show(shown)
    if shown["state"] == State.WAITING:
        click.confirm(question, abort=True, err=True)
    return str(shown["plan_hash"])


def _show(one: Mapping[str, Any]) -> None:
    """What runs is what is shown: the steps are printed whole, as JSON."""
    second = ", by somebody who did not ask for it" if one["four_eyes"] else ""
    tell(f"{one['id']}: {one['state']}, for the role {one['role']!r}{second}, until {one['expires_at'][:16]}")
    tell(f"Asked by {', '.join(one['authors'])}")
    tell_json(one["plan"])
    tell(f"Plan {one['plan_hash']}")
    for effect in one["effects"]:
        tell(f"{effect['state']}: {effect['action']} on {effect['target']} ({effect['system']})")


def _tell_end(one: Mapping[str, Any]) -> None:
    note = f": {one['note']}" if one["note"] else ""
    tell(f"{one['id']} is {one['state']}{note}")
