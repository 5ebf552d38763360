"""Where figures come from: monthly numbers of a real CRM, and of made-up companies."""

import calendar
import csv
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from random import Random

from models.evidence import Change, Direction, Figure

_SYMBOLS = {"USD": "$", "EUR": "€"}
_COMPANIES = (
    ("account", ("Arden Mills", "Bexley Foods", "Corvane", "Dunmore Rail", "Estwick")),
    ("region", ("North America", "South America", "Nordics", "Iberia")),
    ("rep", ("Ines Karr", "Tobias Lund", "Maya Oduya", "Piet Vos")),
)
_METRICS = (
    ("recurring revenue", "EUR", 40_000, 3_000_000),
    ("open pipeline", "USD", 15_000, 900_000),
    ("win rate", "%", 12, 78),
    ("sales cycle", "days", 18, 140),
    ("qualified leads", "leads", 30, 900),
)


@dataclass(frozen=True)
class Measure:
    """One metric by month and subject; the subject "" is all of them together, where that can be added up."""

    title: str
    unit: str
    broken_down_by: str
    months: tuple[str, ...]
    values: Mapping[tuple[str, str], float]
    real: bool = False

    @property
    def subjects(self) -> list[str]:
        """Those with a value in every month."""
        named = dict.fromkeys(subject for subject, _ in self.values)
        return [one for one in named if all((one, month) in self.values for month in self.months)]

    def figure(self, subject: str, at: int) -> Figure:
        """The figure of a month, with its change against the month before."""
        month = self.months[at]
        value = self.values[subject, month]
        return Figure(
            metric=self.title.replace(" ", "_"),
            value=value,
            unit=self.unit,
            text=self.written(value, noun=True),
            subject=subject,
            query=f"SELECT {self.title}",
            as_of=_last_day(self.months[-1]),
            parameters=((self.broken_down_by, subject),) if subject else (),
            period=month,
            title=self.title,
            change=self._change(value, subject, at) if at else None,
        )

    def _change(self, value: float, subject: str, at: int) -> Change:
        before = self.values[subject, self.months[at - 1]]
        delta = value - before
        way = Direction.UP if delta > 0 else Direction.DOWN if delta < 0 else Direction.FLAT
        return Change(before, delta, delta / before if before else None, way, f"{delta:+g}", self.months[at - 1])

    def written(self, value: float, style: int = 0, *, noun: bool = False) -> str:
        """The number in one of the ways people write it; `noun` names what is counted."""
        if self.unit in _SYMBOLS:
            return _money(value, self.unit, style)
        if self.unit == "%":
            return f"{value:.1f}" + (" %", "%", " percent")[style % 3]
        return f"{value:,.0f} {self.unit}" if noun or self.unit == "days" else f"{value:,.0f}"


def _money(value: float, currency: str, style: int) -> str:
    symbol = _SYMBOLS[currency]
    if style % 3 == 1 or value < 10_000:
        return f"{symbol}{value:,.0f}"
    if style % 3 == 2 and value >= 1_000_000:
        return f"{value / 1e6:.2f} million {'dollars' if currency == 'USD' else 'euros'}"
    return f"{symbol}{value / 1e6:.2f}M" if value >= 1_000_000 else f"{symbol}{value / 1e3:.1f}k"


def _last_day(month: str) -> str:
    name, year = month.split()
    number = list(calendar.month_name).index(name)
    return f"{year}-{number:02d}-{calendar.monthrange(int(year), number)[1]:02d}"


def crm(folder: Path) -> list[Measure]:
    """What was won by month of closing: amounts and counts, by agent, product and region."""
    teams = {row["sales_agent"]: row["regional_office"] for row in _rows(folder / "sales_teams.csv")}
    won = [row for row in _rows(folder / "sales_pipeline.csv") if row["deal_stage"] == "Won"]
    months = sorted({_month(row["close_date"]) for row in won})
    measures = []
    for key in ("sales_agent", "product", "region"):
        amounts: defaultdict[tuple[str, str], float] = defaultdict(float)
        counts: defaultdict[tuple[str, str], float] = defaultdict(float)
        for row in won:
            month = _told(_month(row["close_date"]))
            for subject in ("", teams[row["sales_agent"]] if key == "region" else row[key]):
                amounts[subject, month] += float(row["close_value"])
                counts[subject, month] += 1
        told = tuple(map(_told, months))
        measures += [Measure("won amount", "USD", key, told, amounts, real=True)]
        measures += [Measure("won deals", "deals", key, told, counts, real=True)]
    return measures


def _rows(path: Path) -> Iterator[dict[str, str]]:
    with path.open(newline="", encoding="utf-8") as file:
        yield from csv.DictReader(file)


def _month(day: str) -> tuple[int, int]:
    """(2017, 3) of "01-03-17"."""
    _, month, year = map(int, day.split("-"))
    return 2000 + year, month


def _told(month: tuple[int, int]) -> str:
    return f"{calendar.month_name[month[1]]} {month[0]}"


def made_up(random: Random) -> Measure:
    """A metric of a company that does not exist, over ten to fourteen months."""
    title, unit, low, high = random.choice(_METRICS)
    key, names = random.choice(_COMPANIES)
    first = random.randrange(12)
    span = random.randrange(10, 15)
    months = tuple(_told((2025 + (first + n) // 12, (first + n) % 12 + 1)) for n in range(span))
    values = {(name, month): _drawn(random, unit, low, high) for name in names for month in months}
    if unit not in ("%", "days"):
        values |= {("", month): sum(values[name, month] for name in names) for month in months}
    return Measure(title, unit, key, months, values)


def _drawn(random: Random, unit: str, low: float, high: float) -> float:
    return round(random.uniform(low, high), 1) if unit == "%" else float(random.randint(int(low), int(high)))


def window(measure: Measure, random: Random) -> Measure:
    """Five to ten successive months of it."""
    span = random.randint(5, min(10, len(measure.months)))
    first = random.randint(0, len(measure.months) - span)
    return Measure(
        measure.title,
        measure.unit,
        measure.broken_down_by,
        measure.months[first : first + span],
        measure.values,
        measure.real,
    )


def apart(values: Sequence[float], share: float = 0.05) -> bool:
    """Whether no two of the values are so near that rounding might make them one."""
    ordered = sorted(values)
    return all(high - low > share * abs(high) for low, high in pairwise(ordered))
