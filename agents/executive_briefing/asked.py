"""How a question wants a metric measured: over which days, of whom, broken down or step by step, compared with what."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

from core.periods import DAY, Calendar, Grain, Period, months_after, year_before
from models.entities import Entity
from models.extractive.gazetteer import names_in
from models.text.dates import mentions
from models.text.days import Days
from tools.servers.metric_results import MetricInfo

_STEPS = re.compile(
    r"\b(?:by|per|each|every|for each)\s+(?P<step>month|week)\b|\b(?P<monthly>monthly)\b(?! recurring)|\b(?P<weekly>weekly)\b"
    r"|\b(?:trend|over time|develop\w*|evolv\w*|history|chart|plot|graph|curve)\b",
    re.IGNORECASE,
)
_PARTS = {
    "rep": r"reps?|sellers?|salespeople|account executives?|owners?|teams?",
    "account": r"accounts?|customers?|clients?|compan(?:y|ies)",
    "segment": r"segments?",
    "region": r"regions?|territor(?:y|ies)",
    "product": r"products?",
    "competitor": r"competitors?",
    "stage": r"stages?",
    "pipeline": r"pipelines",
    "lost_reason": r"(?:loss |lost )?reasons?",
}
_BREAKS = r"(?:by|per|each|every|for each|across|which|what|whose|top(?: \w+)?|worst(?: \w+)?|best(?: \w+)?|lowest|highest|biggest)"
_COMPARED = re.compile(
    r"\bcompar\w+|\bversus\b|\bvs\b|\bthan\b|\bchang\w+|\bgr[eo]w\w*|\bris(?:e|en|ing)\b|\brose\b|\bf[ea]ll\w*\b|\bdrop\w*"
    r"|\bdeclin\w+|\bincreas\w+|\bdecreas\w+|\bup or down\b|\bimprov\w+|\bworse\w*|\bbetter\b|\bsince\b|\bjump\w*",
    re.IGNORECASE,
)
_YEAR_AGO = re.compile(r"\byear[- ](?:ago|earlier|before|over[- ]year)\b|\blast year\b|\byoy\b", re.IGNORECASE)
FILTERS = ("account", "rep", "competitor", "product", "segment")


@dataclass(frozen=True, slots=True)
class Asked:
    """How one metric is to be measured; `against` are the days it is compared with."""

    metric: MetricInfo
    parameters: Mapping[str, str] = field(default_factory=dict)
    against: Mapping[str, str] | None = None

    @property
    def stepwise(self) -> bool:
        """Whether a series is asked for."""
        return "grain" in self.parameters

    @property
    def broken_down(self) -> bool:
        """Whether it is asked for part by part."""
        return "by" in self.parameters


def asked(
    question: str, metric: MetricInfo, *, today: date, entities: Sequence[Entity], calendar: Calendar | None = None
) -> Asked:
    """What the question asks of the metric. What the metric does not take is left away."""
    taken = _properties(metric)
    said = [mention.days for mention in mentions(question, today=today)]
    parameters = _filters(question, entities) | _shape(question, taken)
    if said:
        parameters |= _days(said[0], point="from" not in taken)
    kept = {name: value for name, value in parameters.items() if name in taken and _admits(taken[name], value)}
    return Asked(metric, kept, _against(question, said, today, calendar or Calendar()) if "grain" not in kept else None)


def before(period: Period, calendar: Calendar) -> Period:
    """What a period is usually compared with: the step before, as many of its days, else as many days before."""
    for grain in (Grain.WEEK, Grain.MONTH, Grain.QUARTER, Grain.YEAR):
        if calendar.step(grain, period.start) == period:
            return calendar.last(grain, period.start)
    if period.start.day == 1 and period.until <= calendar.step(Grain.MONTH, period.start).until:
        return calendar.same_days_before(Grain.MONTH, period)
    return Period(period.start - DAY * period.days, period.start)


def in_days(days: Days, today: date) -> Period:
    """The days of a question as a period, up to today."""
    return Period(days.first, max(min(days.last, today), days.first) + DAY)


def told(period: Period) -> dict[str, str]:
    """The period as a metric's parameters."""
    return {"from": period.start.isoformat(), "to": period.last.isoformat()}


def _against(question: str, said: Sequence[Days], today: date, calendar: Calendar) -> dict[str, str] | None:
    if len(said) > 1:
        return _days(said[1], point=False)
    if not _COMPARED.search(question) and not _YEAR_AGO.search(question):
        return None
    period = in_days(said[0], today) if said else calendar.to_date(Grain.MONTH, today)
    if _YEAR_AGO.search(question):
        return told(year_before(period))
    return told(before(period, calendar)) if said else told(_a_month_before(period))


def _a_month_before(period: Period) -> Period:
    return Period(months_after(period.start, -1), months_after(period.last, -1) + DAY)


def _filters(question: str, entities: Sequence[Entity]) -> dict[str, str]:
    found = {kind: [one.entity for one in names_in(question, entities, kind=kind) if one.entity] for kind in FILTERS}
    return {kind: named[0].name for kind, named in found.items() if len({one.name for one in named}) == 1}


def _shape(question: str, taken: Mapping[str, object]) -> dict[str, str]:
    if "grain" in taken and (steps := _STEPS.search(question)):
        return {"grain": "week" if (steps["step"] or "").lower() == "week" or steps["weekly"] else "month"}
    parts = [
        name for name, words in _PARTS.items() if re.search(rf"\b{_BREAKS}\s+(?:\w+\s+)?(?:{words})\b", question, re.I)
    ]
    return {"by": parts[0]} if parts else {}


def _days(days: Days, *, point: bool) -> dict[str, str]:
    to = {"to": days.last.isoformat()}
    return to if point else {"from": days.first.isoformat(), **to}


def _properties(metric: MetricInfo) -> Mapping[str, object]:
    properties = metric.parameters.get("properties")
    return properties if isinstance(properties, dict) else {}


def _admits(schema: object, value: str) -> bool:
    options = schema.get("enum") if isinstance(schema, dict) else None
    return options is None or value in options
