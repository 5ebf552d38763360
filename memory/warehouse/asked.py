"""What a metric is asked with, read against its schema: names and words in, a period, filters and a shape out."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date

from core.errors import InvalidInputError
from core.identity import Principal
from core.periods import DAY, Grain, Period
from memory.warehouse.base import Value
from memory.warehouse.catalogue import Metric
from memory.warehouse.periods import usual_series

Parameters = Mapping[str, str]
"""`from`, `to` (days, both included), `by`, `grain`, and what narrows it: account, rep, segment, …"""


@dataclass(frozen=True, slots=True)
class Asked:
    """A metric over a period, up to the day it is asked as of; `told` is every parameter in words, the period included."""

    metric: Metric
    period: Period
    as_of: date
    by: str | None
    grain: Grain | None
    filters: Mapping[str, str]

    @property
    def told(self) -> tuple[tuple[str, str], ...]:
        """What was asked, in order of the names."""
        shape = {"by": self.by, "grain": self.grain}
        days = {"from": self.period.start.isoformat(), "to": self.period.last.isoformat()}
        said = {name: str(value) for name, value in shape.items() if value}
        return tuple(sorted({**self.filters, **days, **said}.items()))

    def values(self, principal: Principal) -> dict[str, Value]:
        """What its SQL is run with, for whoever asks."""
        return {
            **self.filters,
            "tenant": principal.tenant,
            "clearance": int(principal.clearance),
            "from": self.period.start,
            "until": min(self.period.until, self.as_of + DAY),
            "as_of": self.as_of,
            "by": self.by,
            "grain": str(self.grain) if self.grain else None,
            "facts": self.metric.facts,
        }


def read_asked(metric: Metric, parameters: Parameters, as_of: date) -> Asked:
    """InvalidInputError that names the parameter and what it may be. What lies after `as_of` is cut off."""
    _refuse_unknown(metric, parameters)
    grain = Grain(_one_of("grain", parameters["grain"], metric.grains)) if "grain" in parameters else None
    by = _one_of("by", parameters["by"], metric.by) if "by" in parameters else None
    period = _period(metric, parameters, grain, as_of)
    filters = {name: parameters[name] for name in metric.filters if name in parameters}
    return Asked(metric, period, as_of, by, grain, filters)


def _refuse_unknown(metric: Metric, parameters: Parameters) -> None:
    known = ("from", "to", *metric.filters, *(("by",) if metric.by else ()), *(("grain",) if metric.grains else ()))
    for name in parameters:
        if name not in known:
            raise InvalidInputError(f"{metric.name!r} has no parameter {name!r}: it takes {', '.join(known)}")
    for name in metric.required:
        if not parameters.get(name):
            raise InvalidInputError(f"{metric.name!r} needs the parameter {name!r}")


def _period(metric: Metric, parameters: Parameters, grain: Grain | None, as_of: date) -> Period:
    usual = usual_series(grain, as_of) if grain else metric.period.over(as_of)
    last = _day("to", parameters["to"]) if "to" in parameters else None
    if last is not None and "from" not in parameters:
        usual = usual_series(grain, last) if grain else metric.period.over(last)
    start = _day("from", parameters["from"]) if "from" in parameters else usual.start
    until = last + DAY if last is not None else max(usual.until, start + DAY)
    if until <= start:
        raise InvalidInputError(
            f"A period from {start} to {until - DAY} ends before it begins: exchange 'from' and 'to'"
        )
    cut = Period(start, min(until, as_of + DAY))
    return cut if cut.until > cut.start else replace(cut, until=until)


def _one_of(name: str, value: str, known: tuple[str, ...]) -> str:
    if value not in known:
        raise InvalidInputError(f"{name}={value!r} is not possible here: use one of {', '.join(known)}")
    return value


def _day(name: str, value: str) -> date:
    try:
        return date.fromisoformat(value)
    except ValueError:
        raise InvalidInputError(f"{name}={value!r} is no day: write it as 2026-03-20") from None
