"""A reason to worry: a fact that can be checked, with its numbers and the words of calls that it rests on."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from core.identity import Label
from models.evidence import Source, highest

_INNER = str.maketrans(dict.fromkeys('"“”„«»', "'"))


class Kind(StrEnum):
    """What a reason is about."""

    CLOSE_PAST = "close_past"
    PROMISE = "promise"
    SILENT = "silent"
    CONTRADICTION = "contradiction"
    OBJECTIONS = "objections"
    STUCK = "stuck"
    NO_NEXT_STEP = "no_next_step"
    SINGLE_CONTACT = "single_contact"
    NO_AMOUNT = "no_amount"
    COMPETITOR = "competitor"
    HEALTH = "health"


WEIGHTS = {
    Kind.CLOSE_PAST: 3,
    Kind.PROMISE: 3,
    Kind.SILENT: 3,
    Kind.CONTRADICTION: 2,
    Kind.OBJECTIONS: 2,
    Kind.STUCK: 1,
    Kind.NO_NEXT_STEP: 1,
    Kind.SINGLE_CONTACT: 1,
    Kind.NO_AMOUNT: 1,
    Kind.COMPETITOR: 1,
}
"""A documented start that comes from no data. A kind counts once, however many reasons of it there are."""


@dataclass(frozen=True, slots=True)
class Number:
    """A number of a reason's text. `unit` is a figure's: days, percent, a currency, or what is counted.

    A `context` number is one that the reason's own is held against.
    """

    metric: str
    value: float
    unit: str
    since: date | None = None
    context: bool = False


@dataclass(frozen=True, slots=True)
class Reason:
    """A fact in words. Every number in `text` but days of the calendar is one of `numbers`; `quotes` are what it cites."""

    kind: Kind
    text: str
    numbers: tuple[Number, ...] = ()
    quotes: tuple[Source, ...] = ()
    label: Label = Label.PUBLIC

    @property
    def weight(self) -> int:
        """How much it counts."""
        return WEIGHTS.get(self.kind, 0)


def weight_of(reasons: Iterable[Reason]) -> int:
    """What the reasons weigh together, each kind once."""
    return sum({reason.kind: reason.weight for reason in reasons}.values())


def label_of(reasons: Sequence[Reason]) -> Label:
    """The highest label of what the reasons rest on."""
    return highest([label for one in reasons for label in (one.label, *(quote.label for quote in one.quotes))])


def quoted(source: Source) -> str:
    """`Bea Buyer: "…"`; quotation marks inside become single ones."""
    said = source.utterances[0]
    return f'{said.speaker}: "{said.text.translate(_INNER)}"'


def days_told(days: int) -> str:
    """`1 day`, `21 days`."""
    return f"{days} day{'' if days == 1 else 's'}"
