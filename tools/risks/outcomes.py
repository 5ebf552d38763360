"""What the outcome of open deals is scored from: deals that are decided, each as it stood at the age that open ones have.

    a closed deal's age = the open deals' ages at the quantile that the hash of its id gives
    one that was decided by that age is left out, because no open deal is like it

The age is drawn without a look at how long the deal took: were it drawn from within its life, quick deals would crowd the
low ages, and the score would learn how fast deals end (landmarking; van Houwelingen 2007).
"""

import hashlib
import json
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import timedelta
from functools import cached_property

import numpy as np

from memory.crm.records import Deal, Status
from tools.risks.book import Book
from tools.risks.standing import UNDATED, WORDS, Standing
from tools.scores.leaks import SUSPICIOUS_AUC, alone
from tools.scores.quality import wilson
from tools.scores.rows import Example, Row, Value
from tools.scores.uses import DEAL_OUTCOME

USE = replace(DEAL_OUTCOME, words=WORDS)
OTHERS = "another"
FEWEST_OF_LEVEL = 5
"""Closed deals of a category's level; rarer ones count as one level, so that a new seller's product is no obstacle."""
WIDEST_GAP = 0.1
"""Between the shares of closed and of open deals that a field is known of."""
_CATEGORIES = ("stage_reached", "product", "segment", "region", "pipeline")


@dataclass(frozen=True)
class Outcomes:
    """The examples, and the open deals by id with their rows; both have the same features.

    `notes` say which deals and which fields were left out, and why.
    """

    examples: tuple[Example, ...]
    rows: Mapping[str, Row]
    notes: tuple[str, ...] = ()

    @cached_property
    def hash(self) -> str:
        """16 hex digits over what is fitted on: equal where the same model would come out."""
        plain = [[sorted(one.features.items()), one.outcome, sorted(one.groups.items())] for one in self.examples]
        return hashlib.sha256(json.dumps(plain).encode()).hexdigest()[:16]


@dataclass(frozen=True, slots=True)
class _Closed:
    deal: Deal
    row: Row

    @property
    def won(self) -> bool:
        return self.deal.status is Status.WON


def outcomes_of(book: Book) -> Outcomes:
    """What the book's closed deals tell of its open ones. No deals are open, or none is dated: no examples."""
    standing = Standing(book)
    rows = {
        deal.id: standing.on(deal, book.today)
        for deal in book.open_deals
        if (begun := standing.begun(deal)) and begun <= book.today
    }
    ages = sorted(int(row["age"]) for row in rows.values() if isinstance(row["age"], int | float))
    decided = [deal for deal in book.deals if deal.status is not Status.OPEN]
    closed = [one for deal in decided if ages and (one := _at_an_age(deal, ages, standing))]
    late = dict(_late(closed, list(rows.values())))
    levels = {name: _usual_levels(closed, name) for name in _CATEGORIES}

    def fitted(row: Row) -> Row:
        kept = {name: value for name, value in row.items() if name not in late}
        return {name: _folded(value, levels[name]) if name in levels else value for name, value in kept.items()}

    return Outcomes(
        tuple(Example(fitted(one.row), one.won, {"owner": one.deal.owner or "(nobody)"}) for one in closed),
        {id_: fitted(row) for id_, row in rows.items()},
        tuple(_notes(book, len(rows), len(decided), len(closed), late)),
    )


def _at_an_age(deal: Deal, ages: Sequence[int], standing: Standing) -> _Closed | None:
    """The deal at the age drawn for it; None where it was decided by then, or is not dated."""
    begun, ended = standing.begun(deal), standing.ended(deal)
    if begun is None or ended is None:
        return None
    day = begun + timedelta(days=ages[int(_drawn(deal.id) * len(ages))])
    return _Closed(deal, standing.on(deal, day)) if day < ended else None


def _drawn(id_: str) -> float:
    """A number from 0 to below 1 that is the deal's own, whatever else is known of it."""
    return int.from_bytes(hashlib.sha256(id_.encode()).digest()[:6]) / 2**48


def _late(closed: Sequence[_Closed], open_rows: Sequence[Row]) -> Iterator[tuple[str, str]]:
    """Fields without a history that seem to be written when a deal ends, with the reason to think so."""
    won = np.array([one.won for one in closed], dtype=bool)
    for name in UNDATED:
        values = [one.row[name] for one in closed]
        if won.any() and not won.all() and alone(values, won) > SUSPICIOUS_AUC:
            yield name, "it alone tells the outcome"
        elif closed and _known_otherwise(values, [row[name] for row in open_rows]):
            yield name, "it is known of closed deals and of open ones in other shares, as if it were written at the end"


def _known_otherwise(closed: Sequence[Value], still_open: Sequence[Value]) -> bool:
    """Whether the shares that are known differ by 10 points, and by more than chance in so few open deals."""
    then, now = sum(one is not None for one in closed), sum(one is not None for one in still_open)
    low, high = wilson(now, len(still_open))
    share = then / len(closed)
    return abs(share - now / len(still_open)) > WIDEST_GAP and not low <= share <= high


def _usual_levels(closed: Sequence[_Closed], name: str) -> frozenset[Value]:
    counts = Counter(one.row[name] for one in closed)
    return frozenset(level for level, count in counts.items() if level is not None and count >= FEWEST_OF_LEVEL)


def _folded(value: Value, usual: frozenset[Value]) -> Value:
    return value if value is None or value in usual else OTHERS


def _notes(book: Book, dated: int, decided: int, used: int, late: Mapping[str, str]) -> Iterator[str]:
    if undated := len(book.open_deals) - dated:
        yield f"{undated} open deal{'s have' if undated > 1 else ' has'} no day on which selling began, and no score"
    if decided:
        yield f"{used} of {decided} closed deals were still open at an age that open deals have now; only these are learned from"
    yield from (f"{WORDS.get(name, name)!r} was left out: {reason}" for name, reason in late.items())
