"""Measure Sophia on data sets and hold it to its thresholds."""

import asyncio
import json
import os
import sys
from pathlib import Path

import click

from api import logs
from core.errors import InvalidInputError
from evals.run import Materials, Result, judge
from evals.suites import NEEDS_DATA, SUITES


@click.command()
@click.argument("suites", nargs=-1, metavar="[SUITE]...")
@click.option("--json", "file", type=click.Path(path_type=Path), help="Also write the measures to this file.")
def command(suites: tuple[str, ...], file: Path | None) -> None:
    """Run the named suites, or all. Exit status 1 when a measure misses its threshold.

    Public data sets are read from the folder that SOPHIA_EVAL_DATA names; suites that need one are left out without it.
    """
    logs.configure("warning")
    results = asyncio.run(_judge(suites or tuple(SUITES), _materials(), chosen=bool(suites)))
    for result in results:
        click.echo(_row(result))
    if file:
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(json.dumps([_as_json(result) for result in results], indent=2) + "\n")
    if not all(result.passed for result in results):
        sys.exit(1)


def _materials() -> Materials:
    data = os.environ.get("SOPHIA_EVAL_DATA")
    cache = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "sophia"
    return Materials(Path(data) if data else None, cache)


async def _judge(names: tuple[str, ...], materials: Materials, *, chosen: bool) -> list[Result]:
    results: list[Result] = []
    for name in names:
        if name not in SUITES:
            raise InvalidInputError(f"There is no suite {name!r}: there are {', '.join(SUITES)}")
        if name in NEEDS_DATA and materials.data is None:
            if chosen:
                raise InvalidInputError(f"Suite {name!r} reads a public data set: set SOPHIA_EVAL_DATA (docs/evals.md)")
            click.echo(f"{name}: left out, SOPHIA_EVAL_DATA is not set", err=True)
            continue
        results += await judge(name, SUITES[name], materials)
    return results


def _row(result: Result) -> str:
    verdict = "" if result.bar is None else ("pass" if result.passed else "FAIL")
    bar = str(result.bar or "")
    return f"{result.suite:<10} {result.measure:<34} {result.value:>10.4g}  {bar:<10} {verdict}".rstrip()


def _as_json(result: Result) -> dict[str, object]:
    bar = {"min": result.bar.low, "max": result.bar.high} if result.bar else None
    return {
        "suite": result.suite,
        "measure": result.measure,
        "value": result.value,
        "bar": bar,
        "passed": result.passed,
    }
