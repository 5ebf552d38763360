"""WorkBench's requests with the calls that carry them out, its tools, and the people its tables know.

Styles et al. 2024, "WorkBench: a Benchmark Dataset for Agents in a Realistic Workplace Setting" (MIT). A request was written
from a template; ten fill the same one.
"""

import ast
import csv
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cache
from importlib.resources import files
from pathlib import Path

import yaml
from pydantic import JsonValue

from core.errors import InvalidInputError
from models.entities import Entity

#: The day on which the requests are made.
NOW = datetime(2023, 11, 30, tzinfo=UTC)
_TABLES = {
    "calendar_events.csv": "participant_email",
    "customer_relationship_manager_data.csv": "assigned_to_email",
    "project_tasks.csv": "assigned_to_email",
}


@dataclass(frozen=True, slots=True)
class ToolCall:
    """One call of a request's answer."""

    tool: str
    arguments: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Request:
    """A request, the template that it fills, and the calls that answer it; none where nothing is to be done."""

    text: str
    template: str
    calls: tuple[ToolCall, ...]

    @property
    def tools(self) -> tuple[str, ...]:
        """The tools that are called, each once, in order."""
        return tuple(dict.fromkeys(call.tool for call in self.calls))


@dataclass(frozen=True, slots=True)
class Tool:
    """A tool's description and the JSON schemas of its arguments."""

    name: str
    description: str
    arguments: Mapping[str, Mapping[str, JsonValue]]


def requests(folder: Path) -> list[Request]:
    """All requests, file by file in their order. InvalidInputError where there are none."""
    listed = sorted((folder / "queries").glob("*.csv"))
    if not listed:
        raise InvalidInputError("There is no 'queries/*.csv' under workbench in the folder that SOPHIA_EVAL_DATA names")
    return [_request(row) for file in listed for row in _rows(file)]


@cache
def tools() -> tuple[Tool, ...]:
    """The tools that the answers call (`tools.yaml`)."""
    listed = yaml.safe_load(files("evals").joinpath("datasets/workbench/tools.yaml").read_text(encoding="utf-8"))
    return tuple(Tool(name, tool["description"], tool["parameters"]) for name, tool in listed.items())


def people(folder: Path) -> tuple[Entity, ...]:
    """Everybody to whom an event, a customer or a task belongs: by address, and called what stands before the @."""
    addresses = {row[column] for table, column in _TABLES.items() for row in _rows(folder / table)}
    called = {address: address.split("@")[0].replace(".", " ").title() for address in addresses if "@" in address}
    return tuple(Entity("person", address, (name,)) for address, name in sorted(called.items()))


def _rows(file: Path) -> list[dict[str, str]]:
    with file.open(encoding="utf-8", newline="") as lines:
        return list(csv.DictReader(lines))


def _request(row: Mapping[str, str]) -> Request:
    written: list[str] = ast.literal_eval(row["answer"])
    return Request(row["query"].strip(), row["base_template"], tuple(_call(call) for call in written))


def _call(written: str) -> ToolCall:
    """A call as the set writes it: `email.delete_email.func(email_id="00000149")`."""
    call = ast.parse(written.replace("\n", "\\n"), mode="eval").body
    assert isinstance(call, ast.Call)
    arguments = {one.arg: str(ast.literal_eval(one.value)) for one in call.keywords if one.arg}
    return ToolCall(ast.unparse(call.func).removesuffix(".func"), arguments)
