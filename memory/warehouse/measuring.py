"""Measuring a metric: its SQL is run for whoever asks, and what comes back says how old it is and what it lacks."""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime
from decimal import Decimal

from core.clock import Clock
from core.errors import ForbiddenError, InvalidInputError
from core.identity import Label, Principal
from core.periods import Period
from memory.warehouse.asked import Asked, Parameters, read_asked
from memory.warehouse.base import Rows, Value, Warehouse
from memory.warehouse.catalogue import SQL, Catalogue, Metric, read_catalogue
from memory.warehouse.periods import CALENDAR
from memory.warehouse.query import read_query

Number = Decimal | float | int
_NAMES = {
    "deals": "deals",
    "activities": "activities",
    "calls": "calls",
    "figures": "imported figures",
    "usage": "calls to chat models",
}


@dataclass(frozen=True, slots=True)
class Part:
    """One step of a series, one part of a breakdown, or the whole.

    `n` is how many facts the value rests on, `missing` how many it had to leave out. A step is `complete` if all its days
    are in the period that was asked for; what is not complete is not comparable with what is.
    """

    period: Period
    part: str | None
    value: Number | None
    unit: str
    n: int
    missing: int = 0
    note: str | None = None
    complete: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class Measured:
    """A metric as it was found.

    `value` is None for a series or a breakdown, whose `parts` hold the values, and where there is none: then `gap` says
    why. Missing data is a gap, never a zero. `refreshed_at` is when the warehouse was last brought up to date and `age_s`
    how long ago that was; for imported figures the age counts from the day of the newest one. What is `stale` is
    older than the metric allows. `remembered_at` is set when the warehouse does not answer and this is what it last said.
    """

    metric: Metric
    asked: Asked
    value: Number | None
    unit: str
    parts: tuple[Part, ...]
    label: Label
    gap: str | None
    note: str | None
    refreshed_at: datetime | None
    age_s: float | None
    remembered_at: datetime | None

    @property
    def period(self) -> Period:
        """What it was measured over."""
        return self.asked.period

    @property
    def parameters(self) -> tuple[tuple[str, str], ...]:
        """What it was asked with, by name."""
        return self.asked.told

    @property
    def sql(self) -> str:
        """The query that gave it."""
        return self.metric.query.sql

    @property
    def sql_hash(self) -> str:
        """The SHA-256 of that query."""
        return self.metric.query.sha256

    @property
    def stale(self) -> bool:
        """Whether it is older than its metric allows."""
        return self.age_s is None or self.age_s > self.metric.freshness_s


@dataclass(frozen=True, slots=True)
class _Known:
    """What is there to measure: the first and last day of the facts that the filters let through, and their count."""

    first: date | None
    last: date | None
    facts: int
    refreshed_at: datetime | None


class Metrics:
    """The catalogue over a warehouse."""

    def __init__(self, warehouse: Warehouse, clock: Clock, catalogue: Catalogue | None = None) -> None:
        self.catalogue = catalogue or read_catalogue()
        self._warehouse = warehouse
        self._clock = clock
        self._spans = {
            file.stem: read_query(file.read_text(encoding="utf-8")) for file in (SQL / "spans").glob("*.sql")
        }
        self._refreshed = read_query((SQL / "refreshed.sql").read_text(encoding="utf-8"))

    async def measure(self, name: str, parameters: Parameters, principal: Principal, as_of: date) -> Measured:
        """The metric for this principal, as known on a day.

        NotFoundError for a metric that there is not, ForbiddenError for one above the clearance, InvalidInputError for a
        parameter it does not take and for amounts in several currencies. UnavailableError when the warehouse is away.
        """
        metric = self.catalogue[name]
        if metric.label > principal.clearance:
            raise ForbiddenError(f"The metric {name!r} is {metric.label}: your clearance is {principal.clearance}")
        asked = read_asked(metric, parameters, as_of)
        values = asked.values(principal)
        queries = (metric.query, self._spans[metric.facts], self._refreshed)
        found = await asyncio.gather(*(self._warehouse.query(query.bind(values)) for query in queries))
        return _measured(asked, found[0], _known(found[1], found[2]), self._clock())


def _measured(asked: Asked, rows: Rows, known: _Known, now: datetime) -> Measured:
    metric = asked.metric
    found = tuple(_part(asked, row) for row in rows.named())
    _refuse_mixed(asked, found)
    gap = _gap(asked, known, found)
    parts = _with_zeros(asked, _valued(asked, found), known) if gap is None else ()
    whole = parts[0] if len(parts) == 1 and not (asked.by or asked.grain) else None
    labels = [Label(int(str(row["LABEL"]))) for row in rows.named() if row["LABEL"] is not None]
    return Measured(
        metric=metric,
        asked=asked,
        value=whole.value if whole else None,
        unit=parts[0].unit if parts else metric.unit,
        parts=parts,
        label=max(labels, default=Label.PUBLIC),
        gap=gap,
        note=_note(metric, found),
        refreshed_at=known.refreshed_at,
        age_s=_age(asked, known, now),
        remembered_at=rows.read_at,
    )


def _part(asked: Asked, row: dict[str, Value]) -> Part:
    begin, part, value, note = row["PERIOD"], row["PART"], row["VALUE"], row["NOTE"]
    assert isinstance(begin, date)
    assert value is None or isinstance(value, Decimal | float | int)
    period, complete = asked.period, True
    if asked.grain:
        step = CALENDAR.step(asked.grain, begin)
        period = Period(max(step.start, period.start), min(step.until, period.until))
        complete = CALENDAR.whole(asked.grain, period)
    return Part(
        period=period,
        part=None if part is None else str(part),
        value=value,
        unit=str(row["UNIT"] or ""),
        n=_count(row["N"]),
        missing=_count(row["MISSING"]),
        note=None if note is None else str(note),
        complete=complete,
    )


def _refuse_mixed(asked: Asked, parts: Sequence[Part]) -> None:
    """Amounts of two currencies are never added, nor shown side by side as if they could be."""
    units = sorted({part.unit for part in parts if part.value is not None})
    if len(units) > 1 and asked.by != "currency":
        named = " and ".join(unit or "no currency" for unit in units)
        remedy = "ask for one of them, or by currency" if "currency" in asked.metric.filters else "ask for one account"
        raise InvalidInputError(f"{asked.metric.title.capitalize()} comes in {named}, which are never added: {remedy}")


def _gap(asked: Asked, known: _Known, parts: Sequence[Part]) -> str | None:
    """Why there is no value; None where there is one."""
    metric, period = asked.metric, asked.period
    if any(part.value is not None for part in parts):
        return None
    if period.start > asked.as_of:
        return f"{period.text} had not begun on {asked.as_of.isoformat()}"
    if known.refreshed_at is None:
        return "the warehouse has not been filled yet"
    if left_out := sum(part.missing for part in parts):
        return f"there are only {metric.missing}: {left_out}"
    if not known.facts:
        narrowed = " and ".join(f"{name} {value!r}" for name, value in asked.filters.items())
        return f"nothing is known of {narrowed}" if narrowed else f"there are no {_NAMES[metric.facts]} yet"
    if metric.empty == "nothing":
        return f"{metric.nothing} in {period.text}" if metric.period != "day" or asked.grain else metric.nothing
    if known.first and period.until <= known.first:
        return f"the {_NAMES[metric.facts]} begin on {known.first.isoformat()}"
    return f"there is nothing to break down in {period.text}" if asked.by else None


def _valued(asked: Asked, found: Sequence[Part]) -> tuple[Part, ...]:
    """The parts that have a value; a whole also counts what is missing in those that have none."""
    valued = tuple(part for part in found if part.value is not None)
    if asked.by or asked.grain or len(valued) != 1:
        return valued
    return (replace(valued[0], missing=sum(part.missing for part in found)),)


def _with_zeros(asked: Asked, parts: tuple[Part, ...], known: _Known) -> tuple[Part, ...]:
    """Where facts are known but none is in a step, or in the whole, that is a zero for a metric that adds up."""
    if asked.by or asked.metric.empty == "nothing" or (parts and not asked.grain):
        return parts
    unit = next((part.unit for part in parts), asked.filters.get("currency", _unit(asked.metric)))
    zero = Part(asked.period, None, Decimal(0) if asked.metric.unit == "money" else 0, unit, 0)
    if not asked.grain:
        return (zero,)
    there = {part.period: part for part in parts}
    steps = CALENDAR.steps(asked.grain, asked.period)
    begun = (step for step in steps if known.first is None or step.until > known.first)
    return tuple(
        there.get(step) or replace(zero, period=step, complete=CALENDAR.whole(asked.grain, step)) for step in begun
    )


def _unit(metric: Metric) -> str:
    return "" if metric.unit == "money" else metric.unit


def _note(metric: Metric, parts: Sequence[Part]) -> str | None:
    missing = sum(part.missing for part in parts)
    left_out = [f"{metric.missing}: {missing}"] if missing else []
    said = dict.fromkeys(part.note for part in parts if part.note)
    return "; ".join([*said, *left_out]) or None


def _known(span: Rows, refreshed: Rows) -> _Known:
    first, last, facts = span.values[0]
    at = refreshed.values[0][0]
    return _Known(
        first if isinstance(first, date) else None,
        last if isinstance(last, date) else None,
        _count(facts),
        at.replace(tzinfo=UTC) if isinstance(at, datetime) else None,
    )


def _age(asked: Asked, known: _Known, now: datetime) -> float | None:
    if known.refreshed_at is None:
        return None
    refreshed = (now - known.refreshed_at).total_seconds()
    if asked.metric.facts != "figures" or known.last is None:
        return refreshed
    return max(refreshed, (asked.as_of - known.last).total_seconds())


def _count(value: Value) -> int:
    return int(str(value or 0))
