"""What the package can do with more of it installed."""

import re
from collections.abc import Collection, Iterator
from importlib.metadata import Distribution, PackageNotFoundError, distribution, version

from api.doctor.finding import Finding, State

PACKAGE = "sophia-orchestrator"
FOR = {
    "openai": "chat models",
    "otlp": "traces and metrics over OTLP",
    "evals": "the evaluation suites",
    "snowflake": "the warehouse on Snowflake",
    "sql": "SQL that a model wrote",
    "scores": "scores and forecasts",
    "charts": "charts in briefings",
}
_REQUIRED = re.compile(r"""^([\w.-]+).*;.*extra\s*==\s*['"]([\w-]+)['"]""")


def look_at_extras(needed: Collection[str]) -> list[Finding]:
    """Each extra of the package; one that is `needed` by the settings and not installed is broken."""
    package = distribution(PACKAGE)
    extras = package.metadata.get_all("Provides-Extra") or []
    return [_extra(extra, list(_lacking(package, extra)), extra in needed) for extra in sorted(extras)]


def _extra(extra: str, lacking: list[str], needed: bool) -> Finding:
    name, what = f"extra {extra}", FOR.get(extra, extra)
    if not lacking:
        return Finding(name, State.WORKS, what)
    said = f"{what}: without {', '.join(lacking)}"
    return Finding(name, State.BROKEN if needed else State.MISSING, said, f"pip install '{PACKAGE}[{extra}]'")


def _lacking(package: Distribution, extra: str) -> Iterator[str]:
    for requirement in package.requires or ():
        found = _REQUIRED.match(requirement)
        if found and found[2] == extra and not _is_installed(found[1]):
            yield found[1]


def _is_installed(name: str) -> bool:
    try:
        version(name)
    except PackageNotFoundError:
        return False
    return True
