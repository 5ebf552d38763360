"""The metrics: each is a file of `sql/metrics` with a header that says what it means and one portable SELECT.

Every SELECT gives the same columns, one row for each period, part and unit:

    PERIOD   first day of the step, or of the whole period        N        how many facts it rests on
    PART     what the row is about, NULL for everything           MISSING  how many facts it has to leave out
    UNIT     percent, deals, … or a currency                      LABEL    the highest label of these facts
    VALUE    the number, NULL where there is none                 NOTE     how it was reckoned, where that differs
"""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, JsonValue

from core.errors import NotFoundError
from core.identity import Label
from core.periods import Grain
from core.plain_yaml import plain_yaml
from memory.warehouse.periods import GRAINS, Usual
from memory.warehouse.query import Query, read_query
from models.language import Option

SQL = Path(__file__).parent / "sql"
ENTITIES = {"account": "account", "rep": "rep", "competitor": "competitor", "product": "product"}


class _Header(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")

    title: str
    about: str
    words: tuple[str, ...]
    examples: tuple[str, ...]
    unit: str
    owner: str
    freshness_s: int
    facts: str
    empty: Literal["zero", "nothing"]
    period: Usual
    label: str = "internal"
    better: Literal["up", "down"] | None = None
    grains: tuple[Grain, ...] = GRAINS
    by: tuple[str, ...]
    filters: tuple[str, ...]
    required: tuple[str, ...] = ()
    nothing: str = ""
    missing: str = ""
    uses: str | None = None


@dataclass(frozen=True, slots=True)
class Metric:
    """A named number: what it means, who answers for it, and the SQL that gives it.

    `unit` is "money" where rows come in their currencies. Data older than `freshness_s` is stale. `better` is the
    direction that is good. `empty` says whether a period without facts is zero or has no value, and `nothing` why it has
    none. `by` is what it may be broken down by, `filters` what it may be narrowed to, `grains` the series it has.
    `missing` names the facts that it leaves out.
    """

    name: str
    title: str
    about: str
    words: tuple[str, ...]
    examples: tuple[str, ...]
    unit: str
    owner: str
    freshness_s: int
    label: Label
    better: Literal["up", "down"] | None
    facts: str
    empty: Literal["zero", "nothing"]
    period: Usual
    grains: tuple[Grain, ...]
    by: tuple[str, ...]
    filters: tuple[str, ...]
    required: tuple[str, ...]
    nothing: str
    missing: str
    query: Query

    @property
    def parameters(self) -> Mapping[str, JsonValue]:
        """The JSON schema of what it may be asked with; `from` and `to` are days, both included."""
        days: dict[str, JsonValue] = {"from": _DAY, "to": _DAY}
        narrowed: dict[str, JsonValue] = {name: _words(name) for name in self.filters}
        shaped: dict[str, JsonValue] = {}
        if self.by:
            shaped["by"] = {"type": "string", "enum": list(self.by)}
        if self.grains:
            shaped["grain"] = {"type": "string", "enum": [str(grain) for grain in self.grains]}
        return {
            "type": "object",
            "properties": {**days, **narrowed, **shaped},
            "required": list(self.required),
            "additionalProperties": False,
        }

    @property
    def option(self) -> Option:
        """How a question's words find it."""
        words = ", ".join(self.words)
        return Option(self.name, f"{self.title.capitalize()} ({words}). {self.about}", self.examples, self.parameters)


@dataclass(frozen=True, slots=True)
class Catalogue:
    """All metrics by name, in the order of their names."""

    metrics: Mapping[str, Metric]

    def __getitem__(self, name: str) -> Metric:
        if name not in self.metrics:
            raise NotFoundError(f"There is no metric {name!r}: choose one of {', '.join(self.metrics)}")
        return self.metrics[name]

    def options(self, clearance: Label) -> list[Option]:
        """The metrics that somebody so cleared may ask for, to choose among."""
        return [metric.option for metric in self.metrics.values() if metric.label <= clearance]


_DAY: JsonValue = {"type": "string", "format": "date"}


def read_catalogue(folder: Path = SQL / "metrics") -> Catalogue:
    """The metrics of a folder; `uses` in a header takes the SQL of another, and of its header what it does not say."""
    files = {file.stem: _parts(file) for file in sorted(folder.glob("*.sql"))}
    return Catalogue({name: _metric(name, files) for name in files})


def _parts(file: Path) -> tuple[dict[str, Any], str]:
    head, _, sql = file.read_text(encoding="utf-8").partition("*/")
    return plain_yaml(head.removeprefix("/*")), sql


def _metric(name: str, files: Mapping[str, tuple[dict[str, Any], str]]) -> Metric:
    said, sql = files[name]
    if "uses" in said:
        inherited, sql = files[said["uses"]]
        said = {**inherited, **said}
    header = _Header.model_validate(said)
    told = {field: getattr(header, field) for field in _Header.model_fields if field not in {"label", "uses"}}
    return Metric(name=name, label=Label.parse(header.label), query=read_query(sql), **told)


def _words(name: str) -> JsonValue:
    return {"type": "string", "x-entity": ENTITIES[name]} if name in ENTITIES else {"type": "string"}
