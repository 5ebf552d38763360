"""Ask the ledger of decisions, and settle what waits to enter it."""

import asyncio
import sys
from collections.abc import Mapping
from datetime import datetime
from pathlib import Path
from typing import Any
from urllib.parse import quote

import click

from api.commands.decide import DAY, FILE, NEEDED, read_decision
from api.commands.decision_lines import (
    calibration_line,
    due_lines,
    line_of,
    lines_of,
    proposal_lines,
    rejected_lines,
    to_record_lines,
)
from api.embedded import reach
from api.settings import load_settings
from api.terminal import tell
from core.errors import InvalidInputError

WAITING = "waiting"


@click.group()
def command() -> None:
    """Ask the ledger of decisions, and settle what waits to enter it."""


@command.command("list")
def list_() -> None:
    """Every decision that you may read, by day."""
    _list(_ask(), none="Nothing was decided yet: record it with 'sophia decide'.")


@command.command()
@click.argument("decision")
def show(decision: str) -> None:
    """One decision with all that belongs to it."""
    _show(_ask(f"/{_path(decision)}"))


@command.command()
@click.argument("question")
def why(question: str) -> None:
    """The decisions that answer QUESTION, nearest first."""
    found = _ask("/why", question=question)["found"]
    for one in found:
        _show(one["decision"])
    if not found:
        tell("The ledger says nothing about that.", err=True)


@command.command()
@click.argument("idea")
def rejected(idea: str) -> None:
    """Whether IDEA was rejected before, and whether the reason still holds."""
    for line in rejected_lines(_ask("/rejected", idea=idea)):
        tell(line)


@command.command("as-of")
@click.argument("day", type=DAY)
@click.option("--known", type=DAY, help="Leave out what the ledger was told after that day, in UTC [nothing].")
def as_of(day: datetime, known: datetime | None) -> None:
    """The decisions in force on DAY.

    Two times are told apart. DAY is when a decision held: 'as-of 2026-02-20' lists what was in force on February 20, by all
    that is known now. --known is when the ledger was told: 'as-of 2026-02-20 --known 2026-02-20' leaves out what was
    recorded or corrected later, and so shows what people could read that day.
    """
    moment = f"{known.date()}T23:59:59.999999Z" if known else None
    _list(_ask("/as-of", day=str(day.date()), known=moment), none=f"Nothing was in force on {day.date()}.")


@command.command()
@click.option("--about", help="Only what this is about, and what took its place.")
def timeline(about: str | None) -> None:
    """The decisions by day, with those that took their place."""
    _list(_ask("/timeline", about=about), none="The ledger says nothing about that.")


@command.command()
def due() -> None:
    """What to look at again: reviews that are due, trip-wires that are crossed."""
    found = _ask("/due")
    for one in found:
        for line in due_lines(one):
            tell(line)
    if not found:
        tell("Nothing is due.", err=True)


@command.command()
@click.argument("decision")
@click.argument("told")
@click.option("--succeeded/--failed", required=True, default=None, help="Whether it worked out.")
@click.option("--on", "on", type=DAY, help="On which day that could be seen [the company's day].")
def outcome(decision: str, told: str, succeeded: bool, on: datetime | None) -> None:
    """How DECISION turned out, TOLD in words."""
    body = {"succeeded": succeeded, "told": told, "on": str(on.date()) if on else None}
    _show(_tell(f"/{_path(decision)}/outcome", body))


@command.command()
@click.argument("decision")
@click.argument("by")
def supersede(decision: str, by: str) -> None:
    """Let the decision BY take the place of DECISION, from its own day on."""
    _show(_tell(f"/{_path(decision)}/supersede", {"by": by}))


@command.command()
@click.argument("decision")
@click.argument("file", type=FILE)
def correct(decision: str, file: Path) -> None:
    """Say what DECISION was from the start, as FILE tells it in YAML; what was believed before stays to be read."""
    _show(_tell(f"/{_path(decision)}/correct", read_decision(file)))


@command.command()
def proposals() -> None:
    """What was heard and waits for a person, oldest first."""
    found = _ask("/proposals")
    for one in found:
        for line in proposal_lines(one):
            tell(line)
    if not found:
        tell("Nothing waits.", err=True)


@command.command()
@click.argument("call")
def hear(call: str) -> None:
    """Let what sounds like a decision on CALL wait for a person."""
    found = _tell("/proposals", {"call": call})["proposals"]
    tell(f"{len(found)} wait: see 'sophia decisions proposals'" if found else "Nothing on it sounds like a decision.")


@command.command()
@click.argument("proposal")
@click.option("--file", "file", type=FILE, help="What you made of it, as YAML.")
@click.option("--supersedes", metavar="ID", help="The decision whose place it takes.")
@click.option("--yes", is_flag=True, help="Do not ask.")
def confirm(proposal: str, file: Path | None, supersedes: str | None, yes: bool) -> None:
    """Show what PROPOSAL, or what you made of it, would record; ask; record it.

    Nothing is recorded before you have said yes.
    """
    edited = _edited(file) if file else None
    filed = edited.pop("supersedes", None) if edited else None
    replaces = supersedes or filed
    said = _ask(f"/proposals/{_path(proposal)}")
    if said["state"] == WAITING:
        replaced = _ask(f"/{_path(replaces)}") if replaces else None
        for line in to_record_lines(edited or said["draft"], replaced):
            tell(line)
        if not (yes or _agreed(proposal)):
            tell(f"nothing is recorded; {proposal} still waits")
            return
    recorded = _tell(f"/proposals/{_path(proposal)}/confirm", edited, supersedes=replaces)
    _show(_ask(f"/{recorded['id']}"))


@command.command()
@click.argument("proposal")
def dismiss(proposal: str) -> None:
    """Let PROPOSAL go."""
    _tell(f"/proposals/{_path(proposal)}/dismiss", None)
    tell(f"{proposal} is dismissed")


@command.command()
def calibration() -> None:
    """How sure each owner was, against how the decisions turned out."""
    found = _ask("/calibration")
    for one in found:
        tell(calibration_line(one))
    if not found:
        tell("No decision with a confidence has an outcome yet.", err=True)


def _edited(file: Path) -> dict[str, Any]:
    wanted = read_decision(file)
    if missing := [name for name in NEEDED if not wanted.get(name)]:
        raise InvalidInputError(f"The decision in {file} needs its {', '.join(missing)}: say it in words")
    return wanted


def _agreed(proposal: str) -> bool:
    if not sys.stdin.isatty():
        raise InvalidInputError(f"Nobody is there to be asked, and {proposal!r} still waits: say --yes")
    return click.confirm("Record this decision?")


def _list(found: Mapping[str, Any], *, none: str) -> None:
    for one in found["decisions"]:
        tell(line_of(one))
    if not found["decisions"]:
        tell(none, err=True)


def _show(decision: Mapping[str, Any]) -> None:
    for line in lines_of(decision):
        tell(line)


def _path(name: str) -> str:
    return quote(name, safe="")


def _ask(what: str = "", **asked: str | None) -> Any:
    async def ask() -> Any:
        async with reach(load_settings()) as client:
            return await client.ask_ledger(what, **asked)

    return asyncio.run(ask())


def _tell(what: str, body: Mapping[str, Any] | None, *, supersedes: str | None = None) -> Any:
    async def say() -> Any:
        async with reach(load_settings()) as client:
            return await client.tell_ledger(what, body, supersedes=supersedes)

    return asyncio.run(say())
