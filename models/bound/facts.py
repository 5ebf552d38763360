"""What bound figures say, made comparable: each figure, and what it was before, as a fact of one metric at one period."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from decimal import Decimal
from functools import cached_property

from models.bound.amounts import unit_named
from models.bound.lexicon import words as everyday
from models.claims import folded, words
from models.entities import Entity
from models.evidence import Figure
from models.names import stem
from models.text.dates import mentions
from models.text.days import Days

#: Words of a metric's title that a sentence may leave away.
GENERIC = frozenset(
    map(stem, ("value", "amount", "total", "number", "count", "volume", "sum", "a", "an", "the", "of", "in"))
)
_WHOLE = re.compile(r"(?:all|total|the company|company|everyone|everything|overall)\b|$", re.IGNORECASE)

#: Of fewer figures none is the highest.
SERIES = 3

Period = Days | str


@dataclass(frozen=True, slots=True)
class Names:
    """What may be said of whose a figure is: any of `full` or all of the `parts` name it, `any` may stand beside."""

    full: frozenset[str] = frozenset()
    parts: frozenset[str] = frozenset()
    any: frozenset[str] = frozenset()

    def told_by(self, said: frozenset[str]) -> bool:
        """Whether these names are its own and enough to name it."""
        return said <= self.any and bool(said & self.full or (self.parts and self.parts <= said))


@dataclass(frozen=True)
class Fact:
    """One value. `bound` is False of a figure that only the brief has: it is compared with, never told."""

    figure: Figure
    value: Decimal
    period: Period | None
    bound: bool
    names: Names = field(default_factory=Names)
    earlier: bool = False

    @cached_property
    def unit(self) -> str | None:
        """As amounts tell it; None of what is counted."""
        return unit_named(self.figure.unit)

    @cached_property
    def subject(self) -> str:
        """Whose value it is, in one case."""
        return folded(self.figure.subject).casefold()

    @property
    def whole(self) -> bool:
        """Whether it is of everything there is, so that nobody needs to be named."""
        return _WHOLE.match(self.figure.subject) is not None

    @cached_property
    def wordings(self) -> tuple[frozenset[str], ...]:
        """The sets of words one of which must be told: of the title, of the name or of a synonym."""
        phrases = (self.figure.name, self.figure.metric.replace("_", " "), *self.figure.synonyms)
        sets = (stems_of(phrase) for phrase in phrases)
        return tuple(one - GENERIC or one for one in sets)

    @cached_property
    def stems(self) -> frozenset[str]:
        """All words that may be told of its metric: those of its wordings and of what is counted."""
        return frozenset().union(*self.wordings, stems_of(self.figure.unit), GENERIC)

    @cached_property
    def keys(self) -> frozenset[str]:
        """What it is broken down by: the words of its parameters' names."""
        return frozenset().union(*(stems_of(key.replace("_", " ")) for key, _ in self.figure.parameters))

    def same_but_for_period(self, other: "Fact") -> bool:
        """Whether both measure the same of the same."""
        return (self.figure.metric, self.subject) == (other.figure.metric, other.subject) and self._over == other._over

    def same_but_for_subject(self, other: "Fact") -> bool:
        """Whether both measure the same of others in the same period."""
        return (self.figure.metric, self.period) == (other.figure.metric, other.period)

    def same_but_for_metric(self, other: "Fact") -> bool:
        """Whether both are of the same at the same time, in the same unit."""
        return (self.subject, self.period, self.figure.unit) == (other.subject, other.period, other.figure.unit)

    @cached_property
    def _over(self) -> int | None:
        """How long its period is, in days that tell a month from a week, a quarter or a year."""
        if not isinstance(self.period, Days):
            return None
        return ((self.period.last - self.period.first).days + 1 + 3) // 7


def stems_of(phrase: str) -> frozenset[str]:
    """The words of a phrase without their endings."""
    return frozenset(stem(word) for word in words(folded(phrase)))


def today_of(figures: Sequence[Figure]) -> date | None:
    """The day that "last month" counts from: the figures' as-of, None where they have several or none."""
    days = {figure.as_of for figure in figures}
    try:
        return date.fromisoformat(days.pop()) if len(days) == 1 else None
    except ValueError:
        return None


def period_of(told: str | None, today: date | None) -> Period | None:
    """The days that a figure's period names; its words where they name none."""
    if told is None:
        return None
    text = folded(told).strip()
    found = mentions(text, today=today) if today else ()
    if len(found) == 1 and found[0].span == (0, len(text)):
        return found[0].days
    return text.casefold()


def facts_of(bound: Sequence[Figure], known: Sequence[Figure], entities: Iterable[Entity]) -> list[Fact]:
    """The bound figures as facts, what each was before, and the other figures that are known."""
    today = today_of(bound)
    naming = _Naming([*known, *bound], entities)
    facts = []
    for figure in dict.fromkeys([*bound, *known]):
        period = period_of(figure.period, today)
        fact = Fact(figure, Decimal(str(figure.value)), period, figure in bound, naming.of(figure))
        facts.append(fact)
        if figure.change and fact.bound:
            before = Decimal(str(figure.change.before))
            against = period_of(figure.change.against, today)
            facts.append(replace(fact, value=before, period=against, earlier=True))
    return facts


class _Naming:
    """How each figure's subject may be called: in full, by an alias, by its first words, by its parts."""

    def __init__(self, figures: Sequence[Figure], entities: Iterable[Entity]) -> None:
        self._subjects = {folded(figure.subject).casefold() for figure in figures}
        self._aliases = [{folded(name).casefold() for name in (one.name, *one.aliases)} for one in entities]

    def of(self, figure: Figure) -> "Names":
        subject = folded(figure.subject).casefold()
        own = next((names for names in self._aliases if subject in names), set())
        values = (folded(value).casefold() for _, value in figure.parameters)
        parts = frozenset(value for value in values if value and value != subject and value in subject)
        pieces = list(self._pieces(subject, own))
        full = frozenset({subject} | own | {first for first, _ in pieces}) - {""}
        return Names(full, parts, full | parts | {rest for _, rest in pieces})

    def _pieces(self, subject: str, own: set[str]) -> Iterable[tuple[str, str]]:
        """The first words of a subject that are no other name and no everyday word, and the words behind them."""
        tokens = subject.split(" ")
        others = {name for names in self._aliases if names is not own for name in names} | self._subjects - {subject}
        for cut in range(1, len(tokens)):
            first, rest = " ".join(tokens[:cut]), " ".join(tokens[cut:])
            if len(first) > 2 and first not in others and first not in everyday():
                yield first, rest
