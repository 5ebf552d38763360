"""Record a decision: what was asked, what was chosen and why, and what was turned down."""

import asyncio
import json
import re
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from pathlib import Path
from typing import Any

import click
import yaml

from api.commands.decision_lines import lines_of
from api.embedded import reach
from api.settings import load_settings
from api.terminal import tell
from core.errors import InvalidInputError

DAY = click.DateTime(["%Y-%m-%d"])
FILE = click.Path(exists=True, dir_okay=False, path_type=Path)
WIRE = re.compile(
    r"\s*(?P<metric>\w+)\s*(?:\((?P<parameters>[^)]*)\))?\s*(?P<side>[<>])\s*(?P<threshold>-?[\d,]*\.?\d+)\s*%?"
    r"(?:\s+for\s+(?P<alternative>.+?))?\s*"
)
NEEDED = ("question", "choice", "owner")
SIDES = {"<": ("below", "at least"), ">": ("above", "at most")}


@click.command()
@click.option("--question", help="What was asked.")
@click.option("--choice", help="What was chosen.")
@click.option("--because", "rationale", help="Why.")
@click.option("--owner", help="Whose decision it is.")
@click.option("--on", "decided_on", type=DAY, help="From which day it holds [the company's day].")
@click.option(
    "--alternative",
    "alternatives",
    multiple=True,
    metavar="'NAME: REASON'",
    help="What was turned down, and why; may be repeated.",
)
@click.option("--review", "review_on", type=DAY, help="When to look at it again.")
@click.option(
    "--wire",
    "wires",
    multiple=True,
    metavar="'METRIC < NUMBER [for ALTERNATIVE]'",
    help="When its reasons no longer hold, by a metric and in the metric's unit; may be repeated.",
)
@click.option("--confidence", type=click.FloatRange(0, 1), help="How sure the owner is that it works out, 0 to 1.")
@click.option("--label", help="public, internal, confidential or restricted [SOPHIA_DEFAULT_LABEL].")
@click.option("--supersedes", metavar="ID", help="The decision whose place it takes.")
@click.option("--file", "file", type=FILE, help="A decision as YAML; an option replaces what the file says.")
def command(file: Path | None, supersedes: str | None, **options: Any) -> None:
    """Record a decision, and show it as the ledger keeps it.

    --wire 'win_rate < 40 for a paid pilot' says that the reason against a paid pilot no longer holds once the win rate is
    below 40 %. Nothing is recorded where a part of it is refused.
    """
    wanted = {**(read_decision(file) if file else {}), **_asked(options)}
    filed = wanted.pop("supersedes", None)
    replaces = supersedes or filed
    missing = [f"--{name}" for name in NEEDED if not wanted.get(name)]
    if missing:
        raise click.UsageError(f"A decision needs {', '.join(missing)}, or a --file that says so.")
    for line in lines_of(asyncio.run(_record(wanted, replaces))):
        tell(line)


def read_decision(file: Path) -> dict[str, Any]:
    """The fields of a decision that is written as YAML; InvalidInputError for what is none."""
    try:
        wanted = yaml.safe_load(file.read_text(encoding="utf-8"))
    except (yaml.YAMLError, UnicodeDecodeError) as error:
        raise InvalidInputError(f"{file} is no YAML: {error}") from None
    if not isinstance(wanted, dict):
        raise InvalidInputError(f"{file} holds no decision: write a field a line, as in 'question: …'")
    fields: dict[str, Any] = json.loads(json.dumps(wanted, default=str))
    return fields


def _asked(options: Mapping[str, Any]) -> dict[str, Any]:
    """The options that were given, as the API takes them."""
    given = {name: value for name, value in options.items() if value not in (None, ())}
    return {name: READ[name](value) if name in READ else value for name, value in given.items()}


def _day(value: datetime) -> str:
    return value.date().isoformat()


def _alternatives(given: Sequence[str]) -> list[dict[str, str]]:
    found = []
    for one in given:
        name, colon, reason = one.partition(":")
        if not colon or not name.strip() or not reason.strip():
            raise InvalidInputError(
                f"The alternative {one!r} has no reason: write 'a paid pilot: nobody buys after one'"
            )
        found.append({"name": name.strip(), "rejected_because": reason.strip()})
    return found


def _wires(given: Sequence[str]) -> list[dict[str, Any]]:
    return [_wire(one) for one in given]


def _wire(given: str) -> dict[str, Any]:
    read = WIRE.fullmatch(given)
    if read is None:
        raise InvalidInputError(
            f"Unknown trip-wire {given!r}: write 'win_rate < 40' or 'win_rate < 40 for a paid pilot'"
        )
    crossed, within = SIDES[read["side"]]
    threshold = float(read["threshold"].replace(",", ""))
    pairs = [pair.partition("=") for pair in (read["parameters"] or "").split(",") if pair.strip()]
    return {
        "assumption": f"{read['metric'].replace('_', ' ')} is {within} {threshold:g}",
        "metric": read["metric"],
        "crossed": crossed,
        "threshold": threshold,
        "parameters": {name.strip(): value.strip() for name, _, value in pairs},
        "alternative": read["alternative"],
    }


async def _record(wanted: Mapping[str, Any], supersedes: str | None) -> dict[str, Any]:
    async with reach(load_settings()) as client:
        recorded = await client.tell_ledger("", wanted, supersedes=supersedes)
        shown: dict[str, Any] = await client.ask_ledger(f"/{recorded['id']}")
        return shown


READ: Mapping[str, Callable[[Any], Any]] = {
    "alternatives": _alternatives,
    "wires": _wires,
    "decided_on": _day,
    "review_on": _day,
}
"""How an option is written that the API takes in another shape."""
