"""Writes the reference pages that follow from the code: settings, errors, events, measures, statistics, figures. `--check` only
compares.
"""

import importlib
import inspect
import json
import re
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from pkgutil import walk_packages

from api import errors as http_errors
from api.runs.events import EVENTS
from api.settings import Settings
from core import telemetry
from core.errors import SophiaError, every_error
from memory.warehouse.catalogue import Metric, read_catalogue
from tools.calls import compare, playbook, sentiment, statistics, talk_tracks, threat, valence

HERE = Path(__file__).parent
PACKAGES = ("core", "models", "memory", "tools", "agents", "graphs", "api")
OF_FASTAPI = (
    ("histogram", "http.server.request.duration", "s", "Requests, by method, route and status; probes are left out"),
    ("up_down_counter", "http.server.active_requests", "{request}", "Requests under way, by method"),
)
NOTE = "<!-- Written by `python -m docs.generate`; change the code, not this page. -->"


def settings_page() -> str:
    """Every setting with its variable, default and meaning."""
    rows = []
    for name, field in Settings.model_fields.items():
        default = "–" if field.default is None else f"`{field.default}`"
        rows.append(f"| `SOPHIA_{name.upper()}` | {default} | {field.description} |")
    intro = (
        "Sophia reads its settings from the environment and from a `.env` file in the working directory. None is needed "
        "to start. A relative path is relative to the working directory."
    )
    return _page("Settings", intro, ["| variable | default | meaning |", "|---|---|---|", *rows])


def errors_page() -> str:
    """Every error code with its status and meaning."""
    rows = [
        f"| `{kind.code}` | {int(http_errors.status_of(kind))} | {_first_line(kind.__doc__)} |" for kind in errors()
    ]
    intro = (
        "An HTTP error is a problem document (RFC 9457, `application/problem+json`) with `status`, `detail` and a stable "
        "`code`; a failed run carries the same `code` in its `run.failed` event, and the command line prints it in "
        "square brackets. Branch on the code; `detail` is for people and may change."
    )
    return _page("Errors", intro, ["| code | status | meaning |", "|---|---|---|", *rows])


def events_page() -> str:
    """Every event of a run's log with its payload's schema."""
    lines: list[str] = []
    for event in EVENTS:
        lines += [f"## `{event.type}`", "", _prose(event.__doc__), "", "| field | type | meaning |", "|---|---|---|"]
        schema = event.model_json_schema()
        lines += [
            f"| `{name}` | {_type(shape)} | {shape.get('description', '')} |"
            for name, shape in schema["properties"].items()
        ]
        for name, shape in schema.get("$defs", {}).items():
            lines += [
                "",
                f"`{name}`: {_prose(shape.get('description'))}",
                "",
                "| field | type | meaning |",
                "|---|---|---|",
            ]
            lines += [
                f"| `{inner}` | {_type(kind)} | {kind.get('description', '')} |"
                for inner, kind in shape["properties"].items()
            ]
        lines.append("")
    return _page("Events", _prose(importlib.import_module("api.runs.events").__doc__), lines[:-1])


def metrics_page() -> str:
    """Every measure with its unit and meaning, as the Prometheus exposition at `/metrics` names it."""
    source = Path(telemetry.__file__).read_text(encoding="utf-8")
    found = re.findall(r'create_(\w+)\(\s*"([^"]+)"(?:,\s*unit="([^"]*)")?,\s*description="([^"]*)"', source)
    rows = [f"| `{name}` | {kind} | {unit or '–'} | {meaning} |" for kind, name, unit, meaning in (*found, *OF_FASTAPI)]
    intro = (
        "Measures follow OpenTelemetry's names (GenAI conventions where they have one) and are exposed at `/metrics` in "
        "the Prometheus text format, where dots become underscores and units a suffix."
    )
    return _page("Metrics", intro, ["| measure | kind | unit | meaning |", "|---|---|---|---|", *rows])


_TOLD_FROM_WORDS = {
    "Sentiment of a speaker": sentiment,
    "Valence of a sentence": valence,
    "Threat of a competitor": threat,
    "Calls side by side": compare,
    "Talk tracks": talk_tracks,
    "Playbooks": playbook,
}


def statistics_page() -> str:
    """Every statistic of a call with its formula."""
    intro = (
        f"{_prose(statistics.__doc__)}\n\nA call of less than {statistics.SHORTEST_SECONDS:g} seconds "
        f"({statistics.SHORTEST_WORDS:g} words) is too short for a rate. Over several calls a longest stretch is the longest "
        "of any of them; of the others the parts and the wholes are added up before they are divided, so that a long call "
        "weighs more than a short one."
    )
    lines: list[str] = []
    for name, measure in _measures():
        lines += [f"## {name.replace('_', ' ').capitalize()}", "", _prose(measure.__doc__), ""]
    for title, module in _TOLD_FROM_WORDS.items():
        lines += [f"## {title}", "", inspect.getdoc(module) or "", ""]
    return _page("Statistics of a call", intro, lines[:-1])


def _measures() -> Iterator[tuple[str, Callable[..., object]]]:
    """The module's public functions that measure one statistic, by name."""
    for name, function in inspect.getmembers(statistics, inspect.isfunction):
        result = inspect.signature(function).return_annotation
        if not name.startswith("_") and result is statistics.Statistic:
            yield name, function


def catalogue_page() -> str:
    """Every metric of the warehouse with its definition."""
    intro = (
        "What can be asked of the [warehouse](warehouse.md) by name. Each metric is one SELECT in "
        "`memory/warehouse/sql/metrics`, the same on DuckDB and on Snowflake. Periods are told with both their days; what lies "
        "after the day of asking is cut off. Every measure says how old its data is, and is stale when that is more than its "
        "freshness."
    )
    lines: list[str] = []
    for metric in read_catalogue().metrics.values():
        lines += [f"## `{metric.name}`: {metric.title}", "", metric.about, "", *_of_metric(metric), ""]
    return _page("Metrics of the business", intro, lines[:-1])


def _of_metric(metric: Metric) -> Iterator[str]:
    """What a reader of the metric wants to know, as a list."""
    better = f"; {metric.better} is good" if metric.better else ""
    usual = str(metric.period).replace("_", " ")
    yield f"- unit: {metric.unit}{better}"
    yield f"- also called: {', '.join(metric.words)}"
    yield f"- owner: {metric.owner}; label: {metric.label}; freshness: {_span(metric.freshness_s)}"
    yield f"- period unless another is named: {usual}; series: {', '.join(metric.grains) or 'none'}"
    yield f"- narrowed to: {', '.join(metric.filters) or 'nothing'}; broken down by: {', '.join(metric.by) or 'nothing'}"
    without = "zero" if metric.empty == "zero" else f"no value, because {metric.nothing}"
    yield f"- a period without facts: {without}"
    if metric.missing:
        yield f"- left out and said: {metric.missing}"


def _span(seconds: int) -> str:
    """`1 hour`, `62 days`."""
    amount, unit = (seconds // 86400, "day") if seconds >= 86400 else (seconds // 3600, "hour")
    return f"{amount} {unit}{'s' if amount > 1 else ''}"


PAGES: dict[str, Callable[[], str]] = {
    "settings.md": settings_page,
    "errors.md": errors_page,
    "events.md": events_page,
    "metrics.md": metrics_page,
    "statistics.md": statistics_page,
    "catalogue.md": catalogue_page,
}


def errors() -> list[type[SophiaError]]:
    """The classes of all packages that have a code of their own; the others are reported under their parent's."""
    for package in map(importlib.import_module, PACKAGES):
        for module in walk_packages(package.__path__, f"{package.__name__}."):
            if "migrations" not in module.name:
                importlib.import_module(module.name)
    return [kind for kind in every_error() if "code" in vars(kind) and kind.__module__.partition(".")[0] in PACKAGES]


def _page(title: str, intro: str, lines: list[str]) -> str:
    return "\n".join([f"# {title}", "", NOTE, "", intro, "", *lines]) + "\n"


def _first_line(text: str | None) -> str:
    return (text or "").strip().partition("\n")[0]


def _prose(text: str | None) -> str:
    return "\n".join(line.strip() for line in (text or "").strip().splitlines())


def _type(shape: dict[str, object]) -> str:
    if "$ref" in shape:
        return f"`{str(shape['$ref']).rpartition('/')[2]}`"
    if "anyOf" in shape:
        return " or ".join(_type(kind) for kind in shape["anyOf"])  # type: ignore[attr-defined]
    if shape.get("type") == "array":
        inner = shape.get("items") or {"type": "/".join(str(kind["type"]) for kind in shape["prefixItems"])}  # type: ignore[attr-defined]
        return f"list of {_type(inner)}"  # type: ignore[arg-type]
    return str(shape.get("type", json.dumps(shape)))


def stale() -> Iterator[str]:
    """The pages whose file is not what the code says."""
    for name, page in PAGES.items():
        file = HERE / name
        if not file.exists() or file.read_text(encoding="utf-8") != page():
            yield name


def main() -> None:
    """Writes the pages, or with `--check` names the stale ones and exits with 1."""
    if "--check" in sys.argv:
        if names := list(stale()):
            sys.exit(f"Stale: {', '.join(names)}: run python -m docs.generate")
        return
    for name, page in PAGES.items():
        (HERE / name).write_text(page(), encoding="utf-8")


if __name__ == "__main__":
    main()
