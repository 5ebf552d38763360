"""Write the briefing of a week, a month or any days, for somebody."""

import asyncio
import json
from pathlib import Path

import click

from api.embedded import reach
from api.settings import load_settings
from api.terminal import tell, tell_json

ACCEPTS = {
    "markdown": "text/markdown",
    "html": "text/html",
    "slack": "application/vnd.slack.blocks+json",
    "json": "application/json",
}


@click.command()
@click.option("--for", "audience", default="ceo", show_default=True, metavar="AUDIENCE", help="For whom.")
@click.option(
    "--period",
    default="last-week",
    show_default=True,
    help="last-week, last-month, last-quarter, month-to-date, 2026-03, or 2026-03-01..2026-03-15.",
)
@click.option("--format", "form", type=click.Choice(list(ACCEPTS)), default="markdown", show_default=True)
@click.option(
    "--output", type=click.Path(dir_okay=False, path_type=Path), help="Write it to this file instead of showing it."
)
def command(audience: str, period: str, form: str, output: Path | None) -> None:
    """Write a briefing: figures and what changed, what stands out, what is expected, who is at risk.

    It is kept, so that the next one can tell what changed since. Days count from the company's as-of day, if it has one.
    """
    text = asyncio.run(_made(audience, period, ACCEPTS[form]))
    if output:
        output.write_text(text, encoding="utf-8")
        tell(f"Written to {output}", err=True, dim=True)
    elif form in {"slack", "json"}:
        tell_json(json.loads(text))
    else:
        for line in text.splitlines():
            tell(line)


async def _made(audience: str, period: str, accept: str) -> str:
    async with reach(load_settings()) as client:
        return await client.make_briefing(audience, period, accept=accept)
