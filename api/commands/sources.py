"""Read a source of an answer in its place."""

import asyncio
from typing import Any

import click

from api.embedded import reach
from api.settings import load_settings
from api.terminal import tell
from core.errors import InvalidInputError, NotFoundError


@click.command()
@click.argument("answer")
@click.argument("number", required=False, type=click.IntRange(min=1))
def command(answer: str, number: int | None) -> None:
    """Read source NUMBER of ANSWER in its place, with the turns around it.

    ANSWER is the id of a run, which `sophia ask` prints under its answer. A source's own id, which `--json` shows, needs
    no number.
    """
    _show(asyncio.run(_opened(answer, number)))


async def _opened(answer: str, number: int | None) -> dict[str, Any]:
    async with reach(load_settings()) as client:
        if number is None:
            return await client.source(answer)
        run = await client.run(answer)
        if run["withheld"]:
            raise InvalidInputError(f"The answer of {answer!r} is withheld: {run['withheld']}")
        for source in (run["answer"] or {}).get("sources", ()):
            if source["n"] == number:
                return await client.source(source["id"])
        raise NotFoundError(f"The answer of {answer!r} has no source [{number}]")


def _show(source: dict[str, Any]) -> None:
    replaced = "" if source["current"] else "  (the document has been edited since)"
    tell(f"{source['title']}, {source['held'][:10] if source['held'] else 'undated'}{replaced}")
    tell()
    for turn in source["context"]:
        tell(f"{'>' if turn['cited'] else ' '} {_heading(turn)}: {turn['text']}", dim=not turn["cited"])


def _heading(turn: dict[str, Any]) -> str:
    """Who speaks, or what the turn is of a text that nobody spoke."""
    if turn.get("part"):
        return str(turn["part"])
    known = ", ".join(part for part in (turn["role"], turn["at"]) if part)
    return f"{turn['speaker']} ({known})" if known else str(turn["speaker"])
