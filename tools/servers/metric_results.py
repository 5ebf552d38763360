"""What the metric tools return: numbers, each bound to the metric, parameters, day and query that gave it."""

from collections.abc import Mapping
from datetime import date, datetime
from decimal import Decimal

from pydantic import BaseModel, ConfigDict, Field, JsonValue

from core.identity import Label
from core.periods import Calendar, Grain
from memory.warehouse.catalogue import Metric
from memory.warehouse.measuring import Measured, Part
from memory.warehouse.series import Series
from models.evidence import Change, Direction, Figure, highest
from models.text.written import written
from tools.metrics.changes import change
from tools.servers.call_results import Result

SUBJECTS = ("account", "rep", "competitor", "segment", "product", "region", "stage", "pipeline")
"""Parameters that say whose figure it is, in the order in which they are told."""


MADE_OF_CASES = frozenset({"percent", "days"})
"""Units of shares and means, which a few cases more or less turn round."""


class Changed(BaseModel):
    """How a figure differs from that of the period it is compared with."""

    model_config = ConfigDict(frozen=True)

    before: float
    delta: float
    relative: float | None
    direction: Direction
    text: str
    against: str
    trend: bool = Field(default=True, description="False where too few facts are behind it to speak of a trend")

    @classmethod
    def of(
        cls, now: float, before: float, unit: str, against: str, *, cases: tuple[int, int] | None = None
    ) -> "Changed":
        found = change(now, before, cases=cases)
        assert found.absolute is not None
        assert found.direction is not None
        delta = float(Decimal(str(now)) - Decimal(str(before)))
        return cls(
            before=before,
            delta=delta,
            relative=found.relative,
            direction=found.direction,
            text=_told(found.direction, delta, found.relative, unit),
            against=against,
            trend=found.trend,
        )

    @property
    def change(self) -> Change:
        """As a figure carries it."""
        return Change(self.before, self.delta, self.relative, self.direction, self.text, self.against)


class MetricFigure(BaseModel):
    """One number. `text` is how it is written; `facts` is how many facts it rests on; a step of a series that its period
    cuts off is not `complete`.
    """

    model_config = ConfigDict(frozen=True)

    metric: str
    title: str
    synonyms: tuple[str, ...]
    value: float
    unit: str
    text: str
    subject: str
    period: str
    begins: date
    ends: date
    query: str
    as_of: str
    parameters: tuple[tuple[str, str], ...]
    facts: int
    complete: bool = True
    change: Changed | None = None

    def over(self, grain: Grain) -> "MetricFigure":
        """The figure told over the whole step that it begins in."""
        step = Calendar().step(grain, self.begins)
        told = {"period": Calendar().told(grain, step), "begins": step.start, "ends": step.last}
        return self.model_copy(update=told)

    @property
    def figure(self) -> Figure:
        """The number as an answer carries it."""
        return Figure(
            metric=self.metric,
            value=self.value,
            unit=self.unit,
            text=self.text,
            subject=self.subject,
            query=self.query,
            as_of=self.as_of,
            parameters=self.parameters,
            period=self.period,
            title=self.title,
            change=self.change.change if self.change else None,
            synonyms=self.synonyms,
        )


class Measurement(Result):
    """A metric as it was found: one figure, or one a step or a part. Without figures, `gap` says why there are none."""

    metric: str
    title: str
    better: str | None = Field(description="The direction that is good: up, down, or none")
    period: str
    figures: tuple[MetricFigure, ...]
    gap: str | None
    note: str | None
    age_s: float | None
    stale: bool
    remembered_at: datetime | None = Field(description="When this was read, where the warehouse does not answer now")

    @classmethod
    def of(cls, found: Measured, against: Measured | None = None, series: Series | None = None) -> "Measurement":
        figures = [_figure(found, part, series) for part in found.parts if part.value is not None]
        before = {one.subject: one for one in cls.of(against, None, series).figures} if against else {}
        return cls(
            label=str(max(found.label, against.label) if against else found.label),
            metric=series.name if series else found.metric.name,
            title=series.title if series else found.metric.title,
            better=found.metric.better,
            period=told_period(found.metric, found, found.period.text),
            figures=tuple(_compared(one, before.get(one.subject)) for one in figures),
            gap=found.gap,
            note=found.note,
            age_s=found.age_s,
            stale=found.stale,
            remembered_at=found.remembered_at,
        )

    def compared(self, before: "Measurement") -> "Measurement":
        """Each figure with how it differs from that of the same subject before."""
        were = {one.subject: one for one in before.figures}
        label = highest([Label.parse(self.label), Label.parse(before.label)])
        figures = tuple(_compared(one, were.get(one.subject)) for one in self.figures)
        return self.model_copy(update={"figures": figures, "label": str(label)})

    def over(self, grain: Grain) -> "Measurement":
        """Steps of a series told over their own length, where that is more than a month."""
        if grain not in (Grain.QUARTER, Grain.YEAR):
            return self
        return self.model_copy(update={"figures": tuple(figure.over(grain) for figure in self.figures)})

    def last_whole(self, grain: Grain) -> "Measurement":
        """Only the latest value of each part, told over its own step: a quarter's figure is the quarter's, whatever its day is."""
        whole = [figure for figure in self.figures if figure.complete] or list(self.figures)
        latest = [figure for figure in whole if figure.begins == whole[-1].begins]
        told = [figure.over(grain).model_copy(update={"complete": True}) for figure in latest]
        note = None if latest and latest[0].complete else self.note
        return self.model_copy(
            update={"figures": tuple(told), "period": told[0].period if told else self.period, "note": note}
        )


class MetricInfo(BaseModel):
    """A metric of the catalogue; `parameters` is the JSON schema of what it may be asked with."""

    model_config = ConfigDict(frozen=True)

    name: str
    title: str
    about: str
    words: tuple[str, ...]
    examples: tuple[str, ...]
    unit: str
    owner: str
    better: str | None
    parameters: Mapping[str, JsonValue]
    imported: bool = Field(default=False, description="A series that was imported, told over its own steps")
    grain: str | None = Field(default=None, description="The step of an imported series")

    @classmethod
    def of(cls, metric: Metric) -> "MetricInfo":
        return cls(
            name=metric.name,
            title=metric.title,
            about=metric.about,
            words=metric.words,
            examples=metric.examples,
            unit=metric.unit,
            owner=metric.owner,
            better=metric.better,
            parameters=metric.parameters,
        )

    @classmethod
    def of_series(cls, series: Series, imported: Metric) -> "MetricInfo":
        """An imported series, as a metric that takes what `imported` takes but the series."""
        schema = imported.parameters
        properties = {name: one for name, one in _mapping(schema["properties"]).items() if name != "series"}
        return cls(
            name=series.name,
            title=series.title,
            about=f"{series.title}, as imported.",
            words=(series.name.replace("_", " "),),
            examples=(f"What is our {series.title.lower()}?", f"How did {series.title.lower()} develop?"),
            unit=series.unit,
            owner=imported.owner,
            better=None,
            parameters={**schema, "properties": properties, "required": []},
            imported=True,
            grain=series.grain,
        )


class MetricList(Result):
    """The metrics that whoever asks may have measured, and the names of pipelines and segments to narrow them to."""

    metrics: tuple[MetricInfo, ...]
    parts: Mapping[str, tuple[str, ...]] = {}


def _mapping(schema: JsonValue) -> Mapping[str, JsonValue]:
    return schema if isinstance(schema, dict) else {}


def told_period(metric: Metric, found: Measured, text: str) -> str:
    """What is measured at a point in time is told with its last day, everything else with its days."""
    return found.period.last.isoformat() if metric.period == "day" and not found.asked.grain else text


def _figure(found: Measured, part: Part, series: Series | None) -> MetricFigure:
    assert part.value is not None
    metric, asked = found.metric, found.asked
    narrowed = [asked.filters[name] for name in SUBJECTS if name in asked.filters]
    subject = ", ".join([*narrowed, *([part.part or f"no {asked.by}"] if asked.by else [])])
    called = ", ".join(f"{name}={value}" for name, value in found.parameters)
    return MetricFigure(
        metric=series.name if series else metric.name,
        title=series.title if series else metric.title,
        synonyms=() if series else metric.words,
        value=float(part.value),
        unit=part.unit,
        text=written(part.value, part.unit),
        subject=subject,
        period=told_period(metric, found, part.period.text),
        begins=part.period.start,
        ends=part.period.last,
        query=f"{metric.name}({called}) sql:{found.sql_hash[:16]}",
        as_of=asked.as_of.isoformat(),
        parameters=found.parameters,
        facts=part.n,
        complete=part.complete,
    )


def _compared(figure: MetricFigure, before: MetricFigure | None) -> MetricFigure:
    if before is None or before.unit != figure.unit:
        return figure
    cases = (figure.facts, before.facts) if figure.unit in MADE_OF_CASES else None
    changed = Changed.of(figure.value, before.value, figure.unit, before.period, cases=cases)
    return figure.model_copy(update={"change": changed})


def _told(direction: Direction, delta: float, relative: float | None, unit: str) -> str:
    if direction is Direction.FLAT:
        return "unchanged"
    if unit == "percent":
        return f"{direction} {written(abs(delta), 'points')}"
    if relative is None:
        return f"{direction} {written(abs(delta), unit)}"
    percent = abs(relative) * 100
    return f"{direction} {percent:,.0f} %" if percent >= 10 else f"{direction} {written(percent, 'percent')}"
