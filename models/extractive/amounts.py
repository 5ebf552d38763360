"""Numbers and sums of money as people write and say them, with where they stand."""

from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal

from models.claims import claims, folded

Span = tuple[int, int]


@dataclass(frozen=True, slots=True)
class Amount:
    """A number with its currency (ISO 4217) if one is named; `text` is how it was written."""

    value: Decimal
    text: str
    span: Span
    currency: str | None = None
    percent: bool = False


def amounts(text: str, *, outside: tuple[Span, ...] = ()) -> tuple[Amount, ...]:
    """The numbers of a text in order: "45k", "1,250.50", "$3 million", "forty-eight", "12 %".

    Dates, times, codes, and whatever lies in the spans `outside` are none.
    """
    return tuple(amount for amount in _read(text) if not any(overlap(amount.span, span) for span in outside))


def _read(text: str) -> Iterator[Amount]:
    plain, position = folded(text), 0
    for claim in claims(plain):
        start = plain.find(claim.text, position)
        if start < 0:  # the second value of a run such as "two twenty-five": which one is meant cannot be told
            continue
        position = start + len(claim.text)
        if not claim.numbers:
            continue
        number = claim.numbers[0]
        yield Amount(number.value, claim.text, (start, position), number.currency, number.percent)


def overlap(one: Span, other: Span) -> bool:
    """Whether two stretches share a character."""
    return one[0] < other[1] and other[0] < one[1]
