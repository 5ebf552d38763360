"""Make, list and end rules for what may run unasked."""

import asyncio
import json
import re
from collections.abc import Sequence
from typing import Any

import click

from api.embedded import reach
from api.settings import load_settings
from api.terminal import tell, tell_json
from core.errors import InvalidInputError
from core.plans import Json

NUMBER = r"-?(?:0|[1-9]\d*)(?:\.\d+)?"
BETWEEN = re.compile(rf"\s*({NUMBER})\s*\.\.\s*({NUMBER})\s*")
SCALAR = re.compile(rf'{NUMBER}|true|false|null|"[^"\\]*"')


@click.group()
def command() -> None:
    """Make, list and end rules for what may run unasked."""


@command.command()
@click.argument("system")
@click.argument("action")
@click.option("--target", "targets", multiple=True, required=True, help="What it may be done to; may be repeated.")
@click.option(
    "--field",
    "fields",
    multiple=True,
    help="A field and its values: size=1..5, stage=won|lost, or on=true; a number is text in quotes. May be repeated.",
)
@click.option("--most", type=click.IntRange(1), required=True, help="How many steps in the time of --per.")
@click.option("--per", "per_s", type=click.IntRange(1), default=86_400, show_default=True, help="Seconds.")
@click.option("--days", type=click.IntRange(1, 366), default=30, show_default=True, help="How long the rule holds.")
def add(
    system: str, action: str, targets: tuple[str, ...], fields: tuple[str, ...], most: int, per_s: int, days: int
) -> None:
    """Let ACTION on SYSTEM run without waiting, within bounds and under your name."""
    ranges = dict(_range(field) for field in fields)
    rule = {"system": system, "action": action, "targets": targets, "fields": ranges}
    made = asyncio.run(_made({**rule, "most": most, "per_s": per_s, "lasts_days": days}))
    tell(f"{made['id']} holds until {made['expires_at'][:16]}")


@command.command("list")
@click.option("--json", "as_json", is_flag=True, help="Print the rules as JSON.")
def list_(as_json: bool) -> None:
    """Show the standing rules, newest first, those that have ended among them."""
    rules = asyncio.run(_listed())
    if as_json:
        tell_json(rules)
        return
    for rule in rules:
        ends = f"revoked {rule['revoked_at'][:16]}" if rule["revoked_at"] else f"until {rule['expires_at'][:16]}"
        fields = " ".join(f"{name}={_words(one)}" for name, one in rule["fields"].items())
        targets = "|".join(rule["targets"])
        rate = f"{rule['most']} in {rule['per_s']} s"
        tell(f"{rule['id']}  {rule['system']} {rule['action']} {targets} {fields}  {rate}  {rule['made_by']}  {ends}")
    if not rules:
        tell("There are no standing rules: everything waits for a person.", err=True)


@command.command()
@click.argument("rule")
def revoke(rule: str) -> None:
    """End RULE at once."""
    asyncio.run(_revoked(rule))
    tell(f"{rule} is revoked")


def _range(field: str) -> tuple[str, dict[str, Any]]:
    name, _, values = field.partition("=")
    if between := BETWEEN.fullmatch(values):
        return name.strip(), {"low": between[1], "high": between[2]}
    listed = values.split("|")
    if not name.strip() or not all(value.strip() for value in listed) or ".." in values:
        raise InvalidInputError(f"Unknown bounds {field!r}: use size=1..5 or stage=won|lost")
    return name.strip(), {"one_of": [_value(value.strip()) for value in listed]}


def _value(text: str) -> Json:
    """A number, true, false, null or a quoted text as in JSON; anything else is text as it stands."""
    if not SCALAR.fullmatch(text):
        return text
    value: Json = json.loads(text)
    return value


def _words(one: dict[str, Sequence[Any]]) -> str:
    return "|".join(map(_word, one["one_of"])) or f"{one['low']}..{one['high']}"


def _word(value: Json) -> str:
    """The value as `--field` takes it."""
    return value if isinstance(value, str) and _value(value) == value else json.dumps(value, ensure_ascii=False)


async def _made(rule: dict[str, Any]) -> dict[str, Any]:
    async with reach(load_settings()) as client:
        return await client.make_rule(rule)


async def _listed() -> list[dict[str, Any]]:
    async with reach(load_settings()) as client:
        return await client.rules()


async def _revoked(rule: str) -> None:
    async with reach(load_settings()) as client:
        await client.revoke_rule(rule)
