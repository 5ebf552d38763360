"""What one statement of a sentence says: of which figure, compared with which, with what numbers."""

from dataclasses import dataclass, field
from enum import StrEnum

from models.bound.facts import Period
from models.bound.reading import Piece


class Role(StrEnum):
    """What a number tells of the figure that a statement is about."""

    VALUE = "value"
    BEFORE = "before"
    CHANGE = "change"
    SHARE = "share"
    COUNT = "count"


@dataclass(frozen=True, slots=True)
class Told:
    """A number of a statement. `direction` is the one that its neighbours give a change, or empty."""

    piece: Piece
    role: Role
    direction: str = ""


@dataclass(slots=True)
class Side:
    """What a statement says of one side of a comparison: which metric, whose, when."""

    stems: frozenset[str] = frozenset()
    names: frozenset[str] = frozenset()
    periods: frozenset[Period] = frozenset()
    earlier: frozenset[str] = frozenset()

    @property
    def empty(self) -> bool:
        """Whether nothing is named."""
        return not (self.stems or self.names or self.periods or self.earlier)


@dataclass(slots=True)
class Statement:
    """All that one statement says; `own` is what it is about, `against` what that is compared with."""

    text: str
    own: Side = field(default_factory=Side)
    against: Side = field(default_factory=Side)
    told: list[Told] = field(default_factory=list)
    ratios: list[Piece] = field(default_factory=list)
    directions: list[str] = field(default_factory=list)
    degrees: list[str] = field(default_factory=list)
    extremes: list[Piece] = field(default_factory=list)
    counted: frozenset[str] = frozenset()
    as_of: list[str] = field(default_factory=list)
    total: bool = False
    now: bool = False
    follows: bool = False
    listed: bool = False
    compares: bool = False
    moves: bool = False
    verb: bool = False
    spans: frozenset[str] = frozenset()

    @property
    def comparing(self) -> bool:
        """Whether a second figure is needed."""
        return self.compares or any(told.role not in (Role.VALUE, Role.COUNT) for told in self.told)

    @property
    def relates(self) -> bool:
        """Whether it is told how the two figures compare."""
        return bool(self.directions or self.ratios) or any(
            told.role not in (Role.VALUE, Role.COUNT) for told in self.told
        )

    @property
    def silent(self) -> bool:
        """Whether nothing is claimed."""
        return not (self.told or self.ratios or self.directions or self.extremes)

    @property
    def named(self) -> bool:
        """Whether something is said at all: of a metric, a subject, a time."""
        return self.verb or not (self.own.empty and self.against.empty)
