"""Say what is configured, embedded and missing, and what does not work."""

import asyncio
import sys
from dataclasses import asdict

import click

from api import logs
from api.doctor.examination import examine
from api.doctor.finding import Finding, State
from api.settings import load_settings
from api.terminal import tell, tell_json
from core.clock import utc_now

MARKS = {State.WORKS: "ok", State.EMBEDDED: "embedded", State.MISSING: "missing", State.BROKEN: "BROKEN"}


@click.command()
@click.option("--json", "as_json", is_flag=True, help="Print the findings as JSON.")
def command(as_json: bool) -> None:
    """Say what is configured, embedded and missing, and how to get it. Exit status 1 if something does not work.

    It changes nothing, and works beside a running server and without one.
    """
    logs.configure("error")
    findings = asyncio.run(examine(load_settings(), utc_now))
    if as_json:
        tell_json([asdict(finding) for finding in findings])
    else:
        for finding in findings:
            _show(finding)
    if any(finding.state is State.BROKEN for finding in findings):
        sys.exit(1)


def _show(finding: Finding) -> None:
    tell(f"{MARKS[finding.state]:<9} {finding.name:<15} {finding.says}", dim=finding.state is State.MISSING)
    if finding.remedy:
        tell(f"{'':<25} {finding.remedy}", dim=True)
