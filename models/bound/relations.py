"""Two facts side by side: which statements the one bears, compared with the other."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import timedelta
from decimal import Decimal
from functools import cached_property

from models.bound.facts import SERIES, Fact, Period
from models.bound.lexicon import AMONG, OVER_TIME, Degree
from models.bound.reading import Piece
from models.bound.said import Role, Statement, Told
from models.bound.values import bears_change, bears_value
from models.evidence import Direction
from models.text.days import DAYS_IN, MONTHS_IN, Days, moved
from models.text.measures import TIME_UNITS

_FLAT, _SLIGHT, _SHARP = Decimal("0.005"), Decimal("0.05"), Decimal("0.10")
_TIMES = frozenset(TIME_UNITS.values())


@dataclass(frozen=True)
class Pair:
    """What a statement may be about, and what that may be compared with; `known` are all facts."""

    own: Fact
    other: Fact | None
    known: Sequence[Fact]

    def bears(self, said: Statement, beside: str) -> bool:
        """Whether everything that is said is so."""
        return (
            self._is_compared(said)
            and self._is_metric(said)
            and self._is_named(said, beside)
            and self._is_dated(said)
            and all(self._is_told(told, said) for told in said.told)
            and all(self._went(direction) for direction in said.directions)
            and all(self._by(degree) for degree in said.degrees)
            and all(self._is_extreme(extreme, said) for extreme in said.extremes)
            and all(self._is_times(ratio.amount.rounds) for ratio in said.ratios if ratio.amount)
        )

    def _is_compared(self, said: Statement) -> bool:
        """Whether the other one is what the statement compares with: what it names, else what was before."""
        if not said.comparing:
            return self.other is None and said.against.empty
        if self.other is None or not said.relates:
            return False
        against, other = said.against, self.other
        if self.own.same_but_for_period(other):
            named = bool(against.periods or against.earlier)
            return not against.names and (named or self._is_before(other))
        if said.moves:
            return False
        if self.own.same_but_for_subject(other):
            part = other.whole and not (said.directions or said.ratios)
            return other.names.told_by(against.names) or (part and not against.names)
        return any(wording <= against.stems for wording in other.wordings) and not against.names

    def _is_before(self, other: Fact) -> bool:
        """Whether nothing known lies between: a figure's own change, else the latest of the earlier figures."""
        if self.own.figure.change and not self.own.earlier:
            return other.earlier and other.figure == self.own.figure
        between = [
            one for one in self._over_time if _later(one.period, other.period) and _later(self.own.period, one.period)
        ]
        return _later(self.own.period, other.period) and not between

    def _is_metric(self, said: Statement) -> bool:
        stems, against = said.own.stems, said.against.stems
        if self.other is None or self.other.figure.metric == self.own.figure.metric:
            stems, against = stems | against, frozenset()
        covered = any(wording <= stems for wording in self.own.wordings)
        return covered and stems <= self.own.stems and (self.other is None or against <= self.other.stems)

    def _is_named(self, said: Statement, beside: str) -> bool:
        names, subject = said.own.names, self.own.subject
        if not names:
            return self.own.whole or (bool(subject) and subject in beside)
        if subject in names:
            return names <= self.own.names.any
        rivals = (
            one for one in self.known if one.figure.metric == self.own.figure.metric and one.subject != self.own.subject
        )
        return self.own.names.told_by(names) and not any(one.names.told_by(names) for one in rivals)

    def _is_dated(self, said: Statement) -> bool:
        as_of = all(day.casefold() == self.own.figure.as_of.casefold() for day in said.as_of)
        allowed = {self.own.period} | ({self._reach} if said.extremes else set())
        told = said.own.periods <= allowed and (bool(said.own.periods or said.extremes) or self._latest)
        then = {self.other.period} if self.other else set()
        return (
            as_of
            and told
            and (self._latest or not said.now)
            and said.against.periods <= then | ({self.own.period} if not self._over_periods else set())
            and all(self._is_one_back(unit) for unit in said.against.earlier)
        )

    @property
    def _over_periods(self) -> bool:
        return self.other is not None and self.own.same_but_for_period(self.other)

    @property
    def _latest(self) -> bool:
        """Whether no later figure of the same is known."""
        return self.own.period is None or not any(_later(one.period, self.own.period) for one in self._over_time)

    @cached_property
    def _over_time(self) -> list[Fact]:
        return [one for one in self.known if not one.earlier and one.same_but_for_period(self.own)] + (
            [one for one in self.known if not one.earlier and one.figure == self.own.figure] if self.own.earlier else []
        )

    @cached_property
    def _beside_others(self) -> list[Fact]:
        return [one for one in self.known if not one.earlier and not one.whole and one.same_but_for_subject(self.own)]

    @property
    def _reach(self) -> Period | None:
        """From the first to the last of the periods that are known of the same."""
        days = [one.period for one in self._over_time if isinstance(one.period, Days)]
        return Days(min(one.first for one in days), max(one.last for one in days)) if days else None

    def _is_one_back(self, unit: str) -> bool:
        own, other = self.own.period, self.other.period if self.other else None
        if not (isinstance(own, Days) and isinstance(other, Days)):
            return False
        day = timedelta(days=1)
        return (other.first, other.last) == (moved(own.first, -1, unit), moved(own.last + day, -1, unit) - day)

    def _is_told(self, told: Told, said: Statement) -> bool:
        role = told.role
        if role is Role.COUNT or (role is Role.VALUE and _counts_periods(told, self.own)):
            return bool(said.extremes) and self._is_count(told)
        if role is Role.VALUE:
            return bears_value(told.piece, self.own)
        if self.other is None:
            return False
        if role is Role.BEFORE:
            return bears_value(told.piece, self.other)
        if role is Role.SHARE:
            return self._is_share(told)
        signed = bool(told.piece.amount and told.piece.amount.sign)
        pointed = bool(said.directions or signed) and not (signed and told.direction)
        return pointed and bears_change(told.piece, self.own, self.other)

    def _is_share(self, told: Told) -> bool:
        amount, whole = told.piece.amount, self.other
        if amount is None or amount.sign or whole is None or not whole.value or not whole.whole:
            return False
        share = self.own.value / whole.value * (100 if amount.unit == "percent" else 1)
        return self.own.same_but_for_subject(whole) and amount.rounds(share)

    def _is_count(self, told: Told) -> bool:
        amount = told.piece.amount
        if amount is None or amount.hedge or amount.sign:
            return False
        if amount.unit:
            return amount.value == len(self._over_time) and self._lasts(amount.unit)
        return amount.value in (len(self._over_time), len(self._beside_others))

    def _lasts(self, unit: str) -> bool:
        """Whether the figure is over one such unit of time."""
        period = self.own.period
        if not isinstance(period, Days) or unit not in (*MONTHS_IN, *DAYS_IN):
            return False
        return moved(period.first, 1, unit) == period.last + timedelta(days=1)

    def _is_extreme(self, piece: Piece, said: Statement) -> bool:
        """Whether it is the one highest or lowest, whatever is known: over time, beside others, or both if it may be
        either.
        """
        families = [family for family in self._families(piece, said) if len(family) >= SERIES]
        sign = 1 if piece.says == "highest" else -1
        own = self.own.value * sign
        rivals = [one for family in families for one in family if one is not self.own]
        return bool(families) and not self.own.earlier and all(one.value * sign < own for one in rivals)

    def _families(self, piece: Piece, said: Statement) -> list[list[Fact]]:
        if (
            said.spans & (_TIMES - {self.own.unit})
            or piece.text.lower() in OVER_TIME
            or said.own.periods - {self.own.period}
        ):
            return [self._over_time]
        if said.counted & self.own.keys or piece.text.lower() in AMONG:
            return [self._beside_others]
        return [self._over_time, self._beside_others]

    @property
    def _relative(self) -> Decimal | None:
        if self.other is None or not self.other.value:
            return None
        return (self.own.value - self.other.value) / abs(self.other.value)

    def _went(self, direction: str) -> bool:
        if self.other is None:
            return False
        delta = self.own.value - self.other.value
        if direction == Direction.FLAT:
            return abs(delta) <= _FLAT * abs(self.other.value)
        return delta > 0 if direction == Direction.UP else delta < 0

    def _by(self, degree: str) -> bool:
        relative = self._relative
        if relative is None:
            return False
        return abs(relative) <= _SLIGHT if degree == Degree.SLIGHT else abs(relative) >= _SHARP

    def _is_times(self, rounds: Callable[[Decimal], bool]) -> bool:
        return self.other is not None and bool(self.other.value) and rounds(self.own.value / self.other.value)


def pairs(facts: Sequence[Fact]) -> Iterator[Pair]:
    """Every bound fact alone, and beside every other that differs from it in one respect only."""
    bound = [fact for fact in facts if fact.bound]
    for own in bound:
        yield Pair(own, None, facts)
        for other in bound:
            if other is not own and _comparable(own, other):
                yield Pair(own, other, facts)


def _comparable(own: Fact, other: Fact) -> bool:
    kinds = (own.same_but_for_period, own.same_but_for_subject, own.same_but_for_metric)
    return sum(same(other) for same in kinds) == 1 and own.figure.unit == other.figure.unit


def _later(one: Period | None, other: Period | None) -> bool:
    return isinstance(one, Days) and isinstance(other, Days) and one.first > other.first


def _counts_periods(told: Told, own: Fact) -> bool:
    """Whether "five months" counts months: the figure itself is not measured in them."""
    amount = told.piece.amount
    return amount is not None and amount.unit in _TIMES and amount.unit != own.unit
