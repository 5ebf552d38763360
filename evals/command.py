"""Measure Sophia on data sets and hold it to its thresholds."""

import asyncio
import json
import math
import os
import sys
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path

import click

from api import logs
from api.version import VERSION
from core.errors import InvalidInputError
from evals.history import append_run, commit_here, read_history, run_of
from evals.page import page
from evals.run import Materials, Result, Suite, judge, plain
from evals.suites import NEEDS_DATA, SUITES


@click.command()
@click.argument("suites", nargs=-1, metavar="[SUITE]...")
@click.option("--json", "file", type=click.Path(path_type=Path), help="Also write the measures to this file.")
@click.option("--page", "shown", type=click.Path(path_type=Path), help="Also write them beside earlier runs as HTML.")
@click.option(
    "--history",
    "kept",
    type=click.Path(path_type=Path),
    help="Add the run to this file, which --page shows. Default: beside the page, ending in .jsonl.",
)
@click.pass_context
def command(
    context: click.Context, suites: tuple[str, ...], file: Path | None, shown: Path | None, kept: Path | None
) -> None:
    """Run the named suites, or all. Exit status 1 when a measure misses its threshold.

    Public data sets are read from the folder that SOPHIA_EVAL_DATA names; suites that need one are left out without it.
    """
    logs.configure("warning")
    history = kept or (shown and shown.with_suffix(".jsonl"))
    if history:
        if history == shown:
            raise InvalidInputError(f"The page and the history are both {str(history)!r}: name two files")
        read_history(history)
    there: Mapping[str, Suite] = context.obj or SUITES
    results = asyncio.run(_judge(there, suites, _materials()))
    for result in results:
        click.echo(_row(result))
    if file:
        _write(file, json.dumps([_as_json(result) for result in results], indent=2) + "\n")
    if history:
        append_run(history, run_of(results, at=datetime.now(UTC), commit=commit_here(), version=VERSION))
        if shown:
            _write(shown, page(results, read_history(history)))
    if not all(result.passed for result in results):
        sys.exit(1)


def _write(file: Path, text: str) -> None:
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(text, encoding="utf-8")


def _materials() -> Materials:
    data = os.environ.get("SOPHIA_EVAL_DATA")
    cache = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "sophia"
    return Materials(Path(data) if data else None, cache)


async def _judge(there: Mapping[str, Suite], names: Sequence[str], materials: Materials) -> list[Result]:
    """The measures of the suites of these names, or of all that are there."""
    results: list[Result] = []
    for name in names or there:
        if name not in there:
            raise InvalidInputError(f"There is no suite {name!r}: there are {', '.join(there)}")
        if name in NEEDS_DATA and materials.data is None:
            if names:
                raise InvalidInputError(f"Suite {name!r} reads a public data set: set SOPHIA_EVAL_DATA (docs/evals.md)")
            click.echo(f"{name}: left out, SOPHIA_EVAL_DATA is not set", err=True)
            continue
        results += await judge(name, there[name], materials)
    return results


def _row(result: Result) -> str:
    verdict = "" if result.bar is None else ("pass" if result.passed else "FAIL")
    bar = str(result.bar or "")
    return f"{result.suite:<10} {result.measure:<34} {plain(result.value):>12}  {bar:<10} {verdict}".rstrip()


def _as_json(result: Result) -> dict[str, object]:
    bar = {"min": result.bar.low, "max": result.bar.high} if result.bar else None
    return {
        "suite": result.suite,
        "measure": result.measure,
        "value": result.value if math.isfinite(result.value) else None,
        "bar": bar,
        "passed": result.passed,
    }
