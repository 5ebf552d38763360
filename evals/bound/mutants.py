"""What makes a true sentence false, and the proof that it is: each mutant says something else, and is no true sentence.

Numbers, names, months and words are found in the text itself, by patterns of this module. A number is changed so that no
rounding makes it the same, a month or a name only for one whose number lies elsewhere, a word for its contrary.
"""

import re
from collections.abc import Callable, Collection, Iterator
from dataclasses import dataclass
from itertools import zip_longest
from random import Random

from evals.bound.drafts import Draft
from evals.bound.worlds import apart

_MONTH = r"(?:January|February|March|April|May|June|July|August|September|October|November|December) \d{4}"
_NUMBER = re.compile(
    r"(?<![\w.,])(?P<sign>-?)(?P<cur>[$€]?)(?P<digits>\d[\d,]*(?:\.\d+)?)(?P<scale>k|M| million)?"
    r"(?P<unit>\s?%| percent\b| percentage points?\b| points?\b| days?\b| deals?\b| leads?\b| dollars\b| euros\b)?(?!\w)"
)
_SCALES = {"": 1.0, "k": 1e3, "M": 1e6, " million": 1e6}
_CONTRARY = {
    "rose": "fell", "climbed": "dropped", "went up": "went down", "expanded": "shrank", "more": "less", "above": "below",
    "higher": "lower", "increase": "decline", "highest": "lowest", "up": "down", "Up": "Down", "increased": "decreased",
    "grew": "declined", "peaked": "bottomed out", "led": "trailed",
}  # fmt: skip
_OPPOSITES = _CONTRARY | {there: here for here, there in _CONTRARY.items()}
_WORD = re.compile(rf"\b(?:{'|'.join(sorted(_OPPOSITES, key=len, reverse=True))})\b")
_VERB = re.compile(r"\b(?:was|were|came to|stood at|rose|fell|reached|had|led)\b")
_UNITS = {
    "%": (" percentage points", " hours", " million"), "point": (" %", " hours"), "day": (" weeks", " hours", " %"),
    "": (" %", " days", "k"),
}  # fmt: skip
_STRANGERS = ("Initech", "Hooli", "Umbra Logistics", "Zoltan Fried")
_ELSE = ("churned accounts", "lost amount", "support tickets", "gross margin", "forecast")


@dataclass(frozen=True)
class Mutant:
    """A false sentence and what was done to make it so."""

    kind: str
    text: str


@dataclass(frozen=True)
class _Site:
    """A number of the draft, its months blanked out before it was looked for."""

    match: re.Match[str]

    @property
    def value(self) -> float:
        """What it says, in its unit."""
        return float(self.match["digits"].replace(",", "")) * _SCALES[self.match["scale"] or ""]

    @property
    def family(self) -> str:
        """What kind of number it is: only those of one kind are swapped."""
        unit = (self.match["unit"] or "").strip().rstrip("s")
        if unit in ("percent", "%"):
            return "%"
        return "point" if unit.endswith("point") else self.match["cur"] or {"dollar": "$", "euro": "€"}.get(unit, unit)


def mutants(draft: Draft, random: Random, *, true: Collection[str], most: int) -> list[Mutant]:
    """So many false sentences from a draft, of every kind in turn. `true` are sentences that may not come out."""
    made = [list(dict.fromkeys(kind(draft, random))) for kind in KINDS.values()]
    for texts in made:
        random.shuffle(texts)
    seen = {draft.text, *true}
    found: list[Mutant] = []
    for row in zip_longest(*made):
        for kind, text in zip(KINDS, row, strict=True):
            if text is not None and text not in seen and len(found) < most:
                seen.add(text)
                found.append(Mutant(kind, text))
    return found


def _sites(text: str) -> list[_Site]:
    bare = re.sub(_MONTH, lambda match: " " * len(match[0]), text)
    counting = re.compile(r"\s(?:months|regions)\b")
    return [_Site(match) for match in _NUMBER.finditer(bare) if not counting.match(bare, match.end())]


def _with(text: str, span: tuple[int, int], other: str) -> str:
    return f"{text[: span[0]]}{other}{text[span[1] :]}"


def _digits(draft: Draft, random: Random) -> Iterator[str]:
    for site in _sites(draft.text):
        start, end = site.match.span("digits")
        places = [at for at in range(start, end) if draft.text[at].isdigit()]
        for at in places:
            # Behind "about" a later digit may be rounded away: there only the first is changed.
            if draft.text[:start].rstrip(" $€").endswith("about") and at != places[0]:
                continue
            digit = random.choice([one for one in "123456789" if one != draft.text[at]])
            yield _with(draft.text, (at, at + 1), digit)


def _signs(draft: Draft, _random: Random) -> Iterator[str]:
    for site in _sites(draft.text):
        yield _with(draft.text, (site.match.start(), site.match.start()), "-" if site.value else "minus 1")


def _units(draft: Draft, random: Random) -> Iterator[str]:
    for site in _sites(draft.text):
        currency = site.match["cur"]
        if currency:
            yield _with(draft.text, site.match.span("cur"), "€" if currency == "$" else "$")
            yield _with(draft.text, site.match.span("cur"), "")
        elif site.match["unit"]:
            for other in _UNITS.get(site.family, (" %", " weeks")):
                yield _with(draft.text, site.match.span("unit"), other)
        else:
            yield _with(draft.text, (site.match.end(), site.match.end()), random.choice(_UNITS[""]))


def _scales(draft: Draft, random: Random) -> Iterator[str]:
    for site in _sites(draft.text):
        if site.match["scale"]:
            for other in {"k": ("M", "bn", ""), "M": ("k", "bn"), " million": (" thousand", " billion")}[
                site.match["scale"]
            ]:
                yield _with(draft.text, site.match.span("scale"), other)
        elif site.family not in ("%", "point", "day"):
            yield _with(draft.text, (site.match.end("digits"),) * 2, random.choice(("k", "M")))


def _value(draft: Draft, subject: str, month: str) -> float | None:
    return draft.measure.values.get((subject, month))


def _subject(draft: Draft) -> str:
    named = [figure.subject for figure in draft.bound if figure.subject and figure.subject in draft.text]
    return named[0] if named else ""


def _periods(draft: Draft, random: Random) -> Iterator[str]:
    """Another month or year; one that is known only where the numbers of all that is told lie elsewhere."""
    for match in re.finditer(_MONTH, draft.text):
        name, year = match[0].split()
        yield _with(draft.text, match.span(), f"{name} {int(year) - random.choice((1, 2))}")
        for month in draft.measure.months:
            if month != match[0] and all(apart(pair) for pair in _told(draft, match[0], month)):
                yield _with(draft.text, match.span(), month)


def _told(draft: Draft, month: str, other: str) -> list[tuple[float, float]]:
    """Each number that may be told of the draft's subjects, in either month: their values, and two of them as a share."""
    subjects = list(dict.fromkeys(figure.subject for figure in draft.bound))
    values = [(draft.measure.values[one, month], draft.measure.values[one, other]) for one in subjects]
    if len(values) == 2:
        (one, one_then), (two, two_then) = values
        values.append((one / two, one_then / two_then))
    return values


def _swaps(draft: Draft, _random: Random) -> Iterator[str]:
    """Two numbers of one kind, told of different things, in each other's places."""
    sites = _sites(draft.text)
    for place, one in enumerate(sites):
        for other in sites[place + 1 :]:
            if one.family == other.family and apart((one.value, other.value)):
                text = _with(draft.text, other.match.span(), one.match[0])
                yield _with(text, one.match.span(), other.match[0])


def _directions(draft: Draft, _random: Random) -> Iterator[str]:
    for match in _WORD.finditer(draft.text):
        yield _with(draft.text, match.span(), _OPPOSITES[match[0]])


def _entities(draft: Draft, random: Random) -> Iterator[str]:
    """Somebody else: a stranger, one whose number lies elsewhere, or two who change places."""
    named = list(dict.fromkeys(one.subject for one in draft.bound if one.subject and one.subject in draft.text))
    for subject in named:
        yield draft.text.replace(subject, random.choice(_STRANGERS))
        months = {figure.period or "" for figure in draft.bound if figure.subject == subject}
        for other in draft.measure.subjects:
            values = [(_value(draft, subject, month), _value(draft, other, month)) for month in months]
            if other and other not in named and all(a and b and apart((a, b)) for a, b in values):
                yield draft.text.replace(subject, other)
        for other in named:
            if other > subject:
                yield draft.text.replace(subject, "\0").replace(other, subject).replace("\0", other)


def _metrics(draft: Draft, _random: Random) -> Iterator[str]:
    pattern = re.compile(re.escape(draft.measure.title), re.IGNORECASE)
    for other in _ELSE:
        yield pattern.sub(other, draft.text)


def _denials(draft: Draft, random: Random) -> Iterator[str]:
    for match in _VERB.finditer(draft.text):
        yield _with(draft.text, (match.end(), match.end()), " not")
        yield _with(draft.text, (match.start(), match.start()), random.choice(("never ", "will be said to be what ")))
    for site in _sites(draft.text):
        yield _with(draft.text, (site.match.start(),) * 2, "not ")


def _rates(draft: Draft, random: Random) -> Iterator[str]:
    for site in _sites(draft.text):
        yield _with(draft.text, (site.match.end(),) * 2, random.choice((" a week", " per day", " a month", " each")))


def _factors(draft: Draft, _random: Random) -> Iterator[str]:
    """A bound that the number breaks, or so many times of it."""
    for site in _sites(draft.text):
        far = 3 * site.value
        number = f"{far:,.0f}" if far >= 100 else f"{far:.1f}"
        unit = site.match["unit"] or ""
        yield _with(draft.text, site.match.span(), f"more than {site.match['cur']}{number}{unit}")
        yield _with(draft.text, (site.match.start(),) * 2, "twice ")


KINDS: dict[str, Callable[[Draft, Random], Iterator[str]]] = {
    "digit": _digits,
    "sign": _signs,
    "unit": _units,
    "scale": _scales,
    "period": _periods,
    "swap": _swaps,
    "direction": _directions,
    "entity": _entities,
    "metric": _metrics,
    "denial": _denials,
    "rate": _rates,
    "factor": _factors,
}
