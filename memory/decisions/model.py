"""A decision as people make it: a question, a choice, what was turned down and why, and what would make it stale."""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from pydantic import TypeAdapter

from core.errors import InvalidInputError
from core.identity import Label


@dataclass(frozen=True, slots=True)
class Evidence:
    """Words that were said: a version of a call, its turns (first and last, both included), and a quotation from them."""

    document: str
    content_hash: str
    turns: tuple[int, int]
    quote: str


@dataclass(frozen=True, slots=True)
class Alternative:
    """What was proposed and not chosen, with its own reason."""

    name: str
    rejected_because: str
    evidence: tuple[Evidence, ...] = ()


class Crossing(StrEnum):
    """On which side of its threshold a trip-wire is crossed."""

    ABOVE = "above"
    BELOW = "below"


@dataclass(frozen=True, slots=True)
class TripWire:
    """An assumption bound to a metric: it no longer holds once the metric is above (or below) the threshold.

    `threshold` is in the metric's unit. With `alternative`, the reason against that one rests on it; else all do.
    """

    assumption: str
    metric: str
    crossed: Crossing
    threshold: float
    parameters: tuple[tuple[str, str], ...] = ()
    alternative: str | None = None

    def __post_init__(self) -> None:
        """InvalidInputError for a wire that could never be judged."""
        if not math.isfinite(self.threshold):
            raise InvalidInputError(
                f"The trip-wire on {self.metric!r} has the threshold {self.threshold}: give a number"
            )

    def is_crossed_by(self, value: float) -> bool:
        """Whether the assumption has failed at this value of the metric."""
        return value > self.threshold if self.crossed is Crossing.ABOVE else value < self.threshold


@dataclass(frozen=True, slots=True, kw_only=True)
class Decision:
    """What was decided. It holds from `decided_on`; `confidence` is how sure the owner was that it would work out, 0 to 1."""

    question: str
    choice: str
    owner: str
    decided_on: date
    rationale: str = ""
    alternatives: tuple[Alternative, ...] = ()
    participants: tuple[str, ...] = ()
    wires: tuple[TripWire, ...] = ()
    evidence: tuple[Evidence, ...] = ()
    confidence: float | None = None
    review_on: date | None = None
    label: Label = Label.INTERNAL

    def __post_init__(self) -> None:
        """InvalidInputError that names what is missing or contradicts itself."""
        for name in ("question", "choice", "owner"):
            if not getattr(self, name).strip():
                raise InvalidInputError(f"A decision needs its {name}: say it in words")
        if self.confidence is not None and not 0 <= self.confidence <= 1:
            raise InvalidInputError(f"A confidence of {self.confidence} is not possible: use a share from 0 to 1")
        if self.review_on is not None and self.review_on < self.decided_on:
            raise InvalidInputError(f"The review on {self.review_on} comes before the decision of {self.decided_on}")
        _check_alternatives(self.alternatives, self.wires)

    @property
    def quoted(self) -> tuple[Evidence, ...]:
        """All that it quotes, that of its alternatives included."""
        return (*self.evidence, *(one for alternative in self.alternatives for one in alternative.evidence))

    def wires_of(self, alternative: str) -> tuple[TripWire, ...]:
        """The trip-wires that the reason against this alternative rests on."""
        return tuple(wire for wire in self.wires if wire.alternative in (None, alternative))


@dataclass(frozen=True, slots=True)
class Outcome:
    """How a decision turned out, as could be seen on a day."""

    succeeded: bool
    told: str
    on: date


DECISION = TypeAdapter(Decision)
OUTCOME = TypeAdapter(Outcome)


def _check_alternatives(alternatives: Sequence[Alternative], wires: Sequence[TripWire]) -> None:
    names = [alternative.name for alternative in alternatives]
    for alternative in alternatives:
        if not alternative.name.strip() or not alternative.rejected_because.strip():
            raise InvalidInputError(
                f"The alternative {alternative.name!r} needs a name and a reason why it was rejected"
            )
        if names.count(alternative.name) > 1:
            raise InvalidInputError(f"Two alternatives are called {alternative.name!r}: name each once")
    for wire in wires:
        if wire.alternative is not None and wire.alternative not in names:
            raise InvalidInputError(
                f"The trip-wire on {wire.metric!r} names {wire.alternative!r}, which is no alternative"
            )
