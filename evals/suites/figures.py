"""Does Sophia give the numbers that the sample company's truth has? Asked over HTTP in plain words, as anybody would.

A number counts only as a figure of the right metric, over the right days and of the right subject.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

import httpx2
import yaml

from api.sample import SAMPLE
from evals.product import Put, Reply, asked, reply, served
from evals.run import Materials, Measures
from models.text.dates import mentions
from models.text.days import Days, stretch

Entry = Mapping[str, Any]
#: Numbers of the truth have two decimals; a change is told in whole percent from ten on.
TOLERANCE, TOLD_PERCENT = 0.006, 0.5
STEPS = {"month", "quarter"}


@dataclass(frozen=True, slots=True)
class Number:
    """One expected number: of which metrics it may be a figure, over which days, of whom. `change` is in percent."""

    metrics: frozenset[str]
    days: Days
    value: float
    subject: str | None = None
    change: bool = False

    def told_by(self, figure: Entry) -> bool:
        """Whether a figure of an answer is this number."""
        return (
            figure["metric"] in self.metrics
            and self._value(figure)
            and days_of(figure, self.days.last) == self.days
            and (self.subject is None or self.subject.casefold() in figure["subject"].casefold())
        )

    def _value(self, figure: Entry) -> bool:
        if self.change:
            relative = (figure["change"] or {}).get("relative")
            return relative is not None and abs(100 * relative - self.value) <= TOLERANCE
        return bool(abs(figure["value"] - self.value) <= TOLERANCE)


@dataclass(frozen=True, slots=True)
class Wanted:
    """A question, and the numbers that its answer must have; without any it should have no figure at all."""

    put: Put
    numbers: tuple[Number, ...] = ()


@dataclass(frozen=True, slots=True)
class Judged:
    """An answer beside what was wanted."""

    wanted: Wanted
    answer: Reply

    @property
    def right(self) -> bool:
        """Whether every expected number is told; where none is expected, whether no figure is."""
        if not self.wanted.numbers:
            return not self._figures
        return all(any(number.told_by(figure) for figure in self._figures) for number in self.wanted.numbers)

    @property
    def wrong(self) -> bool:
        """Whether figures are told and what was asked is not among them: worse than to say that there is none."""
        return bool(self._figures) and not self.right

    @property
    def _figures(self) -> list[Entry]:
        return [figure for said in self.answer.sentences for figure in said["figures"]]


async def run(materials: Materials) -> Measures:
    """The shares of questions with all their numbers, with wrong ones instead, and of those without any that got none."""
    async with served(materials.cache, crm=True) as http:
        known = await asked(http, wanted(truth()), _judged)
        unknown = await asked(http, unanswerable(truth()), _judged)
    for one in (*known, *unknown):
        if not one.right:
            print(f"{'wrong' if one.wrong else 'not told'}: {one.wanted.put.question}")
    return measures_of(known, unknown)


def measures_of(known: Sequence[Judged], unknown: Sequence[Judged]) -> dict[str, float]:
    """The measures by name, as shares of the questions."""
    return {
        "questions": len(known),
        "exact": sum(one.right for one in known) / len(known),
        "wrong": sum(one.wrong for one in known) / len(known),
        "unknown_questions": len(unknown),
        "unknown_without_figures": sum(one.right for one in unknown) / len(unknown),
    }


def truth() -> Entry:
    """What the author of the sample wrote down about its figures."""
    read: Entry = yaml.safe_load((SAMPLE / "truth_figures.yaml").read_text(encoding="utf-8"))
    return read


def wanted(known: Entry) -> list[Wanted]:
    """Every question of the truth in each of its wordings, with its numbers."""
    today = date.fromisoformat(known["as_of"])
    return [
        Wanted(put, tuple(numbers(entry, today)))
        for entry in known["figures"]
        for put in (Put(entry["question"], after=entry.get("after")), *map(Put, entry.get("phrasings", ())))
    ]


def unanswerable(known: Entry) -> list[Wanted]:
    """Questions for whose answer there is no figure."""
    [listed] = [one["questions"] for one in known["planted"] if one["kind"] == "not_in_material"]
    return [Wanted(Put(question)) for question in listed]


def numbers(entry: Entry, today: date) -> Iterator[Number]:
    """The numbers of an entry, each of its step or of its part."""
    said = entry["parameters"]
    metrics = frozenset({said.get("series", entry["metric"]), *entry.get("also", ())})
    whole = _days(said, today)
    if "value" in entry:
        yield Number(metrics, whole, entry["value"], change="against" in said)
        return
    for name, value in entry["values"].items():
        if said.get("grain") in STEPS:
            step = _step(name)
            yield Number(metrics, Days(step.first, min(step.last, today)), value)
        else:
            yield Number(metrics, whole, value, subject="no " if name == "none" else name)


def days_of(figure: Entry, today: date) -> Days | None:
    """The days that a figure says it is of."""
    found = mentions(figure["period"] or "", today=today)
    return found[0].days if len(found) == 1 else None


def _days(said: Mapping[str, Any], today: date) -> Days:
    for step in STEPS & said.keys():
        return _step(said[step])
    if "as_of" in said:
        return stretch("day", today)
    first, last = str(said["from"]), str(said["until"])
    if len(first) == len("2026-03"):
        return Days(_step(first).first, _step(last).last)
    return Days(date.fromisoformat(first), date.fromisoformat(last))


def _step(name: str) -> Days:
    """`2025-12` or `2025-Q3`."""
    year, place = name.split("-")
    quarter = place.startswith("Q")
    month = 3 * int(place[1:]) - 2 if quarter else int(place)
    return stretch("quarter" if quarter else "month", date(int(year), month, 1))


async def _judged(http: httpx2.AsyncClient, one: Wanted) -> Judged:
    return Judged(one, await reply(http, one.put))
