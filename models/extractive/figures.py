"""Figures as sentences, without a language model: a value, a change, a breakdown, a series, a share.

The verbs vary by metric and subject, so that a page of figures reads less like a table, and the same figure is always
told alike. Every sentence passes the check of `models.bound`; nothing is said that is not reckoned from the figures.
"""

import re
import zlib
from collections import defaultdict
from collections.abc import Iterator, Sequence
from decimal import Decimal

from models.bound.amounts import unit_named
from models.bound.facts import SERIES, period_of, today_of
from models.evidence import Figure
from models.extractive.lines import figure_line
from models.extractive.written import amount, counted, listed, share
from models.language import Sentence
from models.text.days import Days

MOST_NAMES = 12
_FLAT = Decimal("0.005")
_VALUES = ("was", "came to", "stood at")
_RISES = (("rose", "fell"), ("increased", "decreased"), ("grew", "declined"))
_DAY = re.compile(r"\d{4}-\d{2}-\d{2}")
_LENGTHS = {1: "days", 7: "weeks", 28: "months", 90: "quarters", 365: "years"}


def figure_lines(figures: Sequence[Figure]) -> list[Sentence]:
    """All figures as sentences, in order of first mention: by period as a series, by subject as a breakdown."""
    lines: list[Sentence] = []
    left = [figure for figure in figures if figure.period]
    for metric in dict.fromkeys(figure.metric for figure in left):
        lines += _of_metric([figure for figure in left if figure.metric == metric])
    return lines + [figure_line(figure) for figure in figures if not figure.period]


def value_line(figure: Figure) -> Sentence:
    """As in: Pipeline value for Acme came to $40k in March 2026."""
    verb = _VALUES[_variant(figure, len(_VALUES))]
    return Sentence(f"{_titled(figure)} {_agreeing(verb, figure)} {figure.text} {_in(figure.period)}.", (), (figure,))


def change_line(figure: Figure) -> Sentence:
    """As in: Revenue rose 4.2 % to $1.2M in March 2026, from $1.15M in February 2026. A plain value without a change."""
    change = figure.change
    if change is None:
        return value_line(figure)
    before = f"{amount(change.before, figure.unit)} {_in(change.against)}"
    value, was = Decimal(str(figure.value)), Decimal(str(change.before))
    delta = value - was
    if abs(delta) <= _FLAT * abs(was):
        told = f"{_agreeing('was', figure)} flat at {figure.text} {_in(figure.period)}, compared with {before}"
    else:
        verb = _RISES[_variant(figure, len(_RISES))][delta < 0]
        told = f"{verb} {_by(figure, delta, was)}to {figure.text} {_in(figure.period)}, from {before}"
    return Sentence(f"{_titled(figure)} {told}.", (), (figure,))


def series_line(figures: Sequence[Figure]) -> Sentence | None:
    """As in: Of the five months, revenue was highest in November 2025 at $1.31M and lowest in January 2026 at $912k.

    None where the periods are of no one length, or no single one is highest and lowest.
    """
    ordered = sorted(figures, key=lambda figure: figure.value)
    low, high = ordered[0], ordered[-1]
    unit = _length(figures)
    if len(ordered) < SERIES or unit is None or ordered[1].value == low.value or ordered[-2].value == high.value:
        return None
    told = (
        f"Of the {counted(len(ordered))} {unit}, {_named(high)} was highest {_in(high.period)} at {high.text} and lowest "
        f"{_in(low.period)} at {low.text}."
    )
    return Sentence(told, (), tuple(figures))


def breakdown_line(figures: Sequence[Figure]) -> Sentence:
    """As in: EMEA led won deals in March 2026 with 12 deals, followed by APAC with 9 deals and AMER with 7 deals."""
    ordered = sorted(figures, key=lambda figure: -figure.value)[:MOST_NAMES]
    first, *others = ordered
    if len(figures) >= SERIES and first.value > others[0].value:
        behind = listed([f"{figure.subject} with {figure.text}" for figure in others])
        told = f"{first.subject} led {first.name} {_in(first.period)} with {first.text}, followed by {behind}."
    else:
        each = listed([f"{figure.subject} {figure.text}" for figure in ordered])
        told = f"{_capital(first.name)} {_in(first.period)}: {each}."
    return Sentence(told, (), tuple(ordered))


def share_line(part: Figure, whole: Figure) -> Sentence:
    """As in: EMEA accounted for 43 % of won deals in March 2026. `whole` is the same metric over everything."""
    told = share(Decimal(str(part.value)) / Decimal(str(whole.value)))
    return Sentence(f"{part.subject} accounted for {told} of {part.name} {_in(part.period)}.", (), (part, whole))


def _of_metric(figures: Sequence[Figure]) -> Iterator[Sentence]:
    by_period: defaultdict[str | None, list[Figure]] = defaultdict(list)
    by_subject: defaultdict[str, list[Figure]] = defaultdict(list)
    for figure in figures:
        by_period[figure.period].append(figure)
        by_subject[figure.subject].append(figure)
    for of_one in by_subject.values():
        yield from _of_subject(of_one, broken_down=len(by_subject) > SERIES)
    for at_once in by_period.values():
        parts = [figure for figure in at_once if figure.subject]
        if len(parts) > 1:
            yield breakdown_line(parts)
            yield from _share_of_first(parts, at_once)


def _of_subject(figures: Sequence[Figure], *, broken_down: bool) -> Iterator[Sentence]:
    """The changes, or each value where none has one, and the extremes of a series."""
    line = series_line(figures) if len(figures) >= SERIES else None
    if line is not None:
        yield line
    for figure in figures:
        if figure.change:
            yield change_line(figure)
        elif line is None and (not figure.subject or not broken_down):
            yield value_line(figure)


def _share_of_first(parts: Sequence[Figure], figures: Sequence[Figure]) -> Iterator[Sentence]:
    whole = next((figure for figure in figures if not figure.subject), None)
    first = max(parts, key=lambda figure: figure.value)
    if whole is not None and first.value > 0 and whole.value >= first.value and unit_named(first.unit) != "percent":
        yield share_line(first, whole)


def _by(figure: Figure, delta: Decimal, before: Decimal) -> str:
    """`4.2 % `, `3 points `, or nothing where there was nothing before."""
    if unit_named(figure.unit) == "percent":
        return f"{amount(float(abs(delta)), 'points')} "
    return f"{share(delta / before)} " if before else ""


def _length(figures: Sequence[Figure]) -> str | None:
    """What the periods are: `months`; None where they differ or are no whole ones."""
    today = today_of(figures)
    found = set()
    for figure in figures:
        days = period_of(figure.period, today)
        lasting = (days.last - days.first).days + 1 if isinstance(days, Days) else 0
        found.add(next((name for least, name in _LENGTHS.items() if least <= lasting <= least + 3), None))
    return found.pop() if len(found) == 1 else None


def _agreeing(verb: str, figure: Figure) -> str:
    """`were` behind a metric of several ("won deals")."""
    several = figure.name.endswith("s") and not figure.name.endswith("ss")
    return "were" if verb == "was" and several else verb


def _titled(figure: Figure) -> str:
    return _capital(_named(figure))


def _named(figure: Figure) -> str:
    return f"{figure.name} for {figure.subject}" if figure.subject else figure.name


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]


def _in(period: str | None) -> str:
    """`in March 2026`, `on 2026-03-20`, `for 2026-03-09 to 2026-03-15`."""
    if period and _DAY.fullmatch(period):
        return f"on {period}"
    return f"for {period}" if period and _DAY.match(period) else f"in {period}"


def _variant(figure: Figure, choices: int) -> int:
    return zlib.crc32(f"{figure.metric} {figure.subject} {figure.period}".encode()) % choices
