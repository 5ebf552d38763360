"""A briefing as data: what every form of it (Markdown, HTML, Slack) shows, with each number bound to its figure.

    Briefing
    +-- headline    the few sentences to read if nothing else is
    +-- kpis        one row a metric: now, change, how it went
    +-- sections    heading, sentences, a chart or a table
    +-- coverage    what it rests on, and what is missing from it
    +-- sources     the places in calls that sentences cite, by number

It is stored as it is, so that it reads the same for as long as it is kept.
"""

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from pydantic import TypeAdapter

from core.identity import Label
from models.evidence import Citation, Figure


@dataclass(frozen=True, slots=True)
class Reference:
    """A place in a call that sentences cite as `[n]`. `source` is its id for `GET /v1/sources/{id}`."""

    n: int
    source: str
    citation: Citation
    title: str
    speaker: str | None = None
    at: str | None = None
    part: str | None = None


@dataclass(frozen=True, slots=True)
class Line:
    """One sentence. Its numbers are those of `figures`, its quotations those of the references `cites` numbers.

    A citation stands where the text has its `[n]`; those that the text does not place are told at its end.
    """

    text: str
    figures: tuple[Figure, ...] = ()
    cites: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class Point:
    """One value of a series. `value` is None where there was nothing to measure; `partial` periods have not ended."""

    day: date
    value: float | None
    partial: bool = False


class Sense(StrEnum):
    """What a change means for the company."""

    GOOD = "good"
    BAD = "bad"
    NEUTRAL = "neutral"


@dataclass(frozen=True, slots=True)
class Kpi:
    """One row of the table of figures.

    `figure` carries the change since the period compared with. Without a figure, `gap` says why there is none.
    `since_last` is the value the last briefing told, as it was written there. `trend` is the series, oldest first.
    """

    metric: str
    title: str
    figure: Figure | None
    sense: Sense = Sense.NEUTRAL
    gap: str | None = None
    since_last: str | None = None
    trend: tuple[Point, ...] = ()
    stale: str | None = None


@dataclass(frozen=True, slots=True)
class Band:
    """A forecast day with its interval."""

    day: date
    value: float
    low: float
    high: float


class Shape(StrEnum):
    """How a chart is drawn."""

    LINE = "line"
    BAR = "bar"


@dataclass(frozen=True, slots=True)
class Bar:
    """A named amount; `marked` ones stand out."""

    name: str
    value: float
    marked: bool = False


@dataclass(frozen=True, slots=True)
class Chart:
    """What a chart shows, free of how it is drawn. `unit` is a figure's unit: a currency, percent, deals, points.

    A line has `points`, days in `marks` that stand out (anomalies), and a forecast that goes on from them; bars have
    `bars`. `about` says in words what is to be seen, for whoever does not see it.
    """

    id: str
    title: str
    unit: str
    shape: Shape
    about: str
    points: tuple[Point, ...] = ()
    marks: tuple[date, ...] = ()
    forecast: tuple[Band, ...] = ()
    bars: tuple[Bar, ...] = ()


@dataclass(frozen=True, slots=True)
class Risk:
    """A deal or a customer that may be lost: how much is at stake, and the reasons, the weightiest first."""

    name: str
    owner: str | None
    stake: Figure | None
    reasons: tuple[Line, ...]


@dataclass(frozen=True, slots=True)
class Section:
    """One heading. `note` says what could not be said and why."""

    id: str
    heading: str
    lines: tuple[Line, ...] = ()
    charts: tuple[Chart, ...] = ()
    risks: tuple[Risk, ...] = ()
    note: str | None = None

    @property
    def says_something(self) -> bool:
        """Whether there is anything to read under the heading."""
        return bool(self.lines or self.charts or self.risks or self.note)


@dataclass(frozen=True, slots=True)
class Coverage:
    """What the briefing rests on. `lines` say it in figures ("41 of 43 calls are analysed"), `gaps` what is missing."""

    lines: tuple[Line, ...]
    gaps: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Briefing:
    """A briefing for one audience over one period. `withheld` counts drafted sentences that were not borne out.

    `since` is the day of the last briefing of this audience and kind of period, if there was one.
    """

    id: str
    company: str
    audience: str
    period: str
    first: date
    last: date
    compared: str
    as_of: date
    made_at: datetime
    label: Label
    headline: tuple[Line, ...]
    kpis: tuple[Kpi, ...]
    sections: tuple[Section, ...]
    coverage: Coverage
    sources: tuple[Reference, ...] = ()
    withheld: int = 0
    since: date | None = None
    documents: tuple[str, ...] = ()


BRIEFING = TypeAdapter(Briefing)
"""To plain data and back, to be stored."""
