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
    r"\b(?:by|per|each|every|for each)\s+(?P<step>month|week|quarter)\b|\b(?P<adverb>month|week|quarter)ly\b(?! recurring)"
    r"|\b(?P<twice>month|week|quarter) by (?P=twice)\b",
    re.IGNORECASE,
)
_OVER_TIME = re.compile(r"\b(?:trend|over time|develop\w*|evolv\w*|history|chart|plot|graph|curve)\b", re.IGNORECASE)
_PARTS = {
    "rep": r"reps?|sellers?|salespeople|account executives?|owners?|teams?|us|person|people|colleagues?",
    "account": r"accounts?|customers?|clients?|compan(?:y|ies)",
    "segment": r"segments?",
    "region": r"regions?|territor(?:y|ies)",
    "product": r"products?",
    "competitor": r"competitors?",
    "stage": r"stages?",
    "pipeline": r"pipelines?",
    "lost_reason": r"(?:loss |lost )?reasons?",
}
REASON = "lost_reason"
_WHY = re.compile(r"^\W*(?:and |so )?why\b|\breasons?\b", re.IGNORECASE)
_BREAKS = r"(?:by|per|each|every|for each|across|which|what|whose|top(?: \w+)?|worst(?: \w+)?|best(?: \w+)?|lowest|highest|biggest)"
_COMPARED = re.compile(
    r"\bcompar\w+|\bversus\b|\bvs\b|\bthan\b|\bchang\w+|\bgr[eo]w\w*|\bris(?:e|en|ing)\b|\brose\b|\bf[ea]ll\w*\b|\bdrop\w*"
    r"|\bdeclin\w+|\bincreas\w+|\bdecreas\w+|\bup or down\b|\bimprov\w+|\bworse\w*|\bbetter\b|\bjump\w*",
    re.IGNORECASE,
)
_YEAR_AGO = re.compile(
    r"\b(?:a |one |the )?year[- ](?:ago|earlier|before|over[- ]year)\b|\b(?:than|vs|versus|with|to|from|against) last year\b"
    r"|\b(?:in|within|over) (?:a|one) year\b|\byoy\b",
    re.IGNORECASE,
)
FILTERS = ("account", "rep", "competitor", "product")
_LEFT_OUT = r"(?:without|excluding|except|but|not|no)\s+(?:the\s+)?"
_APART = r"\s+(?:apart|aside|excluded)"


Parts = Mapping[str, Sequence[str]]


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
    question: str,
    metric: MetricInfo,
    *,
    today: date,
    entities: Sequence[Entity],
    parts: Parts | None = None,
    previous: Mapping[str, str] | None = None,
    calendar: Calendar | None = None,
) -> Asked:
    """What the question asks of the metric. What the metric does not take is left away.

    `parts` are names of segments, pipelines and the like; `previous` is what the question before asked with, where this
    one goes on with it.
    """
    taken, calendar = _properties(metric), calendar or Calendar()
    said = _said(question, today)
    parameters = _filters(question, entities) | _narrowed(question, parts or {}) | _shape(question, taken)
    if not said and metric.imported and _compares(question):
        said = [_last_step(metric, today, calendar)]
    if said:
        parameters |= _days(said[0], point="from" not in taken)
    if previous:
        parameters = {**_kept(previous, parameters), **parameters}
    kept = {name: value for name, value in parameters.items() if name in taken and _admits(taken[name], value)}
    return Asked(metric, kept, _against(question, said, today, calendar) if "grain" not in kept else None)


def without_breakdown(question: str) -> str:
    """The question without the words that only say how it is to be broken down ("by pipeline" names no metric)."""
    words = "|".join(_PARTS.values())
    plain = re.sub(rf"\b(?:by|per|each|every|for each|across)\s+(?:{words})\b", " ", question, flags=re.IGNORECASE)
    return _STEPS.sub(" ", plain)


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
    if not _compares(question):
        return None
    period = in_days(said[0], today) if said else calendar.to_date(Grain.MONTH, today)
    if _YEAR_AGO.search(question):
        return told(year_before(period))
    return told(before(period, calendar)) if said else told(_a_month_before(period))


def _a_month_before(period: Period) -> Period:
    return Period(months_after(period.start, -1), months_after(period.last, -1) + DAY)


def _compares(question: str) -> bool:
    return bool(_COMPARED.search(question) or _YEAR_AGO.search(question))


def _said(question: str, today: date) -> list[Days]:
    """The days that are asked about; "a year ago" is what they are compared with."""
    asides = [match.span() for match in _YEAR_AGO.finditer(question)] if _COMPARED.search(question) else []
    found = mentions(question, today=today)
    return [one.days for one in found if not any(start < one.span[1] and one.span[0] < end for start, end in asides)]


def _last_step(metric: MetricInfo, today: date, calendar: Calendar) -> Days:
    """The last whole step of an imported series."""
    step = calendar.last(Grain(metric.grain or Grain.MONTH), today)
    return Days(step.start, step.last)


def _kept(previous: Mapping[str, str], now: Mapping[str, str]) -> dict[str, str]:
    """What a question that goes on keeps of the one before: its days unless it names others, one shape."""
    gone = {"from", "to"} if {"from", "to"} & now.keys() else set()
    gone |= {"by", "grain"} if {"by", "grain"} & now.keys() else set()
    return {name: value for name, value in previous.items() if name not in gone}


def _narrowed(question: str, parts: Parts) -> dict[str, str]:
    """The one segment, pipeline, … that the question names as a whole, and does not leave out."""
    found = {kind: [name for name in names if _names(question, re.escape(name))] for kind, names in parts.items()}
    return {kind: names[0] for kind, names in found.items() if len(names) == 1}


def _names(question: str, name: str) -> bool:
    named = re.search(rf"\b{name}s?\b", question, re.IGNORECASE)
    left_out = re.search(rf"\b{_LEFT_OUT}{name}s?\b|\b{name}s?{_APART}\b", question, re.IGNORECASE)
    return bool(named and not left_out)


def _filters(question: str, entities: Sequence[Entity]) -> dict[str, str]:
    found = {kind: [one.entity for one in names_in(question, entities, kind=kind) if one.entity] for kind in FILTERS}
    return {kind: named[0].name for kind, named in found.items() if len({one.name for one in named}) == 1}


def _shape(question: str, taken: Mapping[str, object]) -> dict[str, str]:
    steps = _STEPS.search(question)
    if "grain" in taken and (steps or _OVER_TIME.search(question)):
        named = (steps["step"] or steps["adverb"] or steps["twice"]) if steps else "month"
        return {"grain": named.lower()}
    parts = [
        name
        for name, words in _PARTS.items()
        if re.search(rf"\b{_BREAKS}\s+(?:of\s+)?(?:\w+\s+)?(?:{words})\b", question, re.I)
    ]
    if parts:
        return {"by": parts[0]}
    return {"by": REASON} if _WHY.search(question) else {}


def _days(days: Days, *, point: bool) -> dict[str, str]:
    to = {"to": days.last.isoformat()}
    return to if point else {"from": days.first.isoformat(), **to}


def _properties(metric: MetricInfo) -> Mapping[str, object]:
    properties = metric.parameters.get("properties")
    return properties if isinstance(properties, dict) else {}


def breakdowns(metric: MetricInfo) -> tuple[str, ...]:
    """What the metric can be broken down by."""
    by = _properties(metric).get("by")
    options = by.get("enum") if isinstance(by, dict) else None
    return tuple(map(str, options)) if isinstance(options, list) else ()


def _admits(schema: object, value: str) -> bool:
    options = schema.get("enum") if isinstance(schema, dict) else None
    return options is None or value in options
