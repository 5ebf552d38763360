"""Cuts the pieces of a sentence into statements, each about one figure, and tells what each says of what.

A part of a sentence that names or dates something else and gives another number is a statement of its own, and takes
over what it leaves away ("revenue was $1.2M in March *and $1.1M in February*"). A part that leans on the one before
(", up 4 % from February", "(the highest of five months)") belongs to it, and so does one that leads into it ("At $1.2M,").
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from enum import StrEnum

from models.bound.amounts import Amount
from models.bound.facts import Period
from models.bound.lexicon import CHANGES, Kind
from models.bound.reading import Piece
from models.evidence import Direction

_TELLING = frozenset({Kind.AMOUNT, Kind.RATIO, Kind.DIRECTION, Kind.EXTREME})
_ENDS = frozenset({Kind.BREAK, Kind.FOLLOWED, Kind.PAUSE, Kind.OPEN, Kind.CLOSE})
_TOLD_ONCE = frozenset({Kind.NAME, Kind.PERIOD, Kind.METRIC})
_LEADING = frozenset({Kind.AT, Kind.AGAINST, Kind.FROM, Kind.DIRECTION, Kind.TO, Kind.BY, Kind.OF, Kind.OVER})
_LEANING = frozenset(
    {Kind.AGAINST, Kind.FROM, Kind.TO, Kind.BY, Kind.DIRECTION, Kind.DEGREE, Kind.IS, Kind.RATIO, Kind.SHARE}
)
_RANGE = re.compile(r"\s(?:to|through|until|till|-)\s")
_PAST = re.compile(r"\w+ed|rose|risen|fell|fallen|grew|grown|shrank|shrunk|sank|slid|slipped|went \w+", re.IGNORECASE)


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
    def silent(self) -> bool:
        """Whether nothing is claimed."""
        return not (self.told or self.ratios or self.directions or self.extremes)

    @property
    def named(self) -> bool:
        """Whether something is said at all: of a metric, a subject, a time."""
        return self.verb or not (self.own.empty and self.against.empty)


@dataclass(slots=True)
class _Part:
    pieces: list[Piece]
    opened_by: Kind | None
    aside: bool


def statements(pieces: Sequence[Piece], text: str) -> list[Statement]:
    """The statements of a sentence, in order, each with what it takes over from the one before."""
    groups: list[list[_Part]] = []
    parts = list(_parts(pieces))
    for part, coming in zip(parts, [*parts[1:], None], strict=True):
        tells = _tells(part.pieces) or (
            coming is not None and coming.aside and not part.aside and _tells(coming.pieces)
        )
        if groups and _joins(part, groups[-1], tells):
            groups[-1].append(part)
        else:
            groups.append([part])
    read: list[Statement] = []
    for group in groups:
        one = _read(group, text)
        read.append(_inheriting(one, read[-1]) if read else one)
    return read


def _parts(pieces: Sequence[Piece]) -> Iterator[_Part]:
    current = _Part([], None, aside=False)
    for piece in pieces:
        if piece.kind not in _ENDS or (current.aside and piece.text == ":"):
            current.pieces.append(piece)
            continue
        if current.pieces:
            yield current
        heavier = not current.pieces and current.opened_by in (Kind.BREAK, Kind.FOLLOWED) and piece.kind is Kind.PAUSE
        aside = piece.kind is Kind.OPEN or (current.aside and piece.kind is not Kind.CLOSE)
        current = _Part([], current.opened_by if heavier else piece.kind, aside)
    if current.pieces:
        yield current


def _joins(part: _Part, group: list[_Part], tells: bool) -> bool:
    """Whether the part belongs to the statement of the parts before it. `tells` is whether it, or its aside, claims."""
    before = [piece for one in group for piece in one.pieces]
    if not _tells(before):
        return True
    if part.opened_by in (Kind.BREAK, Kind.FOLLOWED):
        return False
    again = {piece.kind for piece in before} & {piece.kind for piece in part.pieces} & _TOLD_ONCE
    if not tells:
        return Kind.NAME not in again
    if part.aside:
        first = _significant(part.pieces)[0].kind
        again -= {Kind.METRIC} - {first}
        numbered = any(piece.kind is Kind.AMOUNT for piece in part.pieces)
        return not (numbered and again) or first in _LEANING
    return _introduces(before) or _leans(part, before) or part.opened_by is Kind.CLOSE


def _tells(pieces: Iterable[Piece]) -> bool:
    return any(piece.kind in _TELLING for piece in pieces)


def _significant(pieces: Sequence[Piece]) -> list[Piece]:
    return [piece for piece in pieces if piece.kind is not Kind.PLAIN] or list(pieces)


def _introduces(before: Sequence[Piece]) -> bool:
    """Whether what stands before leads into a statement: "At $1.2M," or "Up 4 % from February,"."""
    first = _significant(before)[0]
    return first.kind in _LEADING and not any(piece.kind in (Kind.METRIC, Kind.IS) for piece in before)


def _leans(part: _Part, before: Sequence[Piece]) -> bool:
    """Whether the part says more of what was told before it."""
    first, *more = _significant(part.pieces)
    if first.kind is Kind.EXTREME:
        has_number = any(piece.kind in (Kind.AMOUNT, Kind.PERIOD, Kind.NAME) for piece in more)
        return not (has_number and any(piece.kind is Kind.EXTREME for piece in before))
    if first.kind is Kind.AMOUNT:
        return bool(more) and more[0].kind in (Kind.DIRECTION, Kind.AGAINST, Kind.SHARE, Kind.DEGREE)
    return first.kind in _LEANING


def _inheriting(one: Statement, before: Statement) -> Statement:
    """The statement with what it leaves away, as the one before has it."""
    own = one.own
    names = own.names if own.names or one.total else before.own.names
    stems = before.own.stems if own.stems < before.own.stems else own.stems
    inherited = Side(stems, names, own.periods or before.own.periods, own.earlier)
    spans = one.spans | (before.spans if one.extremes and before.extremes else frozenset())
    return replace(one, own=inherited, follows=one.follows or (one.listed and before.follows), spans=spans)


class _Reading:
    """Goes over the pieces of one statement from left to right, knowing on which side of a comparison it is."""

    def __init__(self, statement: Statement) -> None:
        self.one = statement
        self.against = False
        self.shares = False
        self.past: list[Piece] = []

    @property
    def side(self) -> Side:
        return self.one.against if self.against else self.one.own

    def take(self, piece: Piece, coming: Sequence[Piece]) -> None:
        following = next(iter(coming), None)
        match piece.kind:
            case Kind.AMOUNT:
                self.one.told.append(self._told(piece, coming))
            case Kind.NAME:
                self.side.names |= {piece.says}
            case Kind.METRIC:
                self.side.stems |= piece.stems
            case Kind.PERIOD:
                self.side.periods |= {piece.period} if piece.period is not None else set()
            case Kind.EARLIER:
                self.one.against.earlier |= {piece.says}
                self.one.compares = True
            case _:
                self._word(piece, following)
        if piece.kind is not Kind.PLAIN:
            self.past.append(piece)

    def _word(self, piece: Piece, following: Piece | None) -> None:
        one = self.one
        match piece.kind:
            case Kind.DIRECTION:
                one.directions.append(piece.says)
                one.compares = True
                one.moves = one.moves or piece.moves
                self.against = self.against or piece.leads
            case Kind.RATIO:
                self._ratio(piece, following)
            case Kind.AGAINST:
                one.compares = self.against = True
            case Kind.TO:
                self.against = False
            case Kind.FROM | Kind.OVER:
                self._leaves(piece, following)
            case Kind.OF:
                self.against = self.against or (
                    bool(one.told) and _is_amount(following) and bool(self.past) and _is_amount(self.past[-1])
                )
            case _:
                self._mark(piece)

    def _mark(self, piece: Piece) -> None:
        one = self.one
        match piece.kind:
            case Kind.DEGREE:
                one.degrees.append(piece.says)
            case Kind.EXTREME:
                one.extremes.append(piece)
            case Kind.IS:
                one.verb = True
            case Kind.COUNTED:
                one.counted |= {piece.says}
            case Kind.AS_OF:
                one.as_of.append(piece.says)
            case _:
                one.total = one.total or piece.kind is Kind.TOTAL
                one.now = one.now or piece.kind is Kind.NOW
                self.shares = self.shares or piece.kind is Kind.SHARE

    def _ratio(self, piece: Piece, following: Piece | None) -> None:
        if following is not None and following.kind is Kind.OF:
            self.one.told.append(Told(piece, Role.SHARE))
            return
        self.one.ratios.append(piece)
        self.one.moves = self.one.moves or piece.moves
        self.one.compares = True
        self.against = self.against or not piece.leads

    def _leaves(self, piece: Piece, following: Piece | None) -> None:
        """Behind "from", "on" and "over" stands what is compared with, where it is a number, or a time behind a change."""
        if piece.kind is Kind.FROM:
            starts = following is not None and following.kind in (Kind.AMOUNT, Kind.PERIOD, Kind.EARLIER)
            starts = starts and not (following is not None and _RANGE.search(following.text))
        else:
            starts = following is not None and following.kind in (Kind.PERIOD, Kind.EARLIER) and self._changes
        if starts:
            self.one.compares = self.against = True

    @property
    def _changes(self) -> bool:
        return bool(self.one.directions) or any(told.role is Role.CHANGE for told in self.one.told)

    def _told(self, piece: Piece, coming: Sequence[Piece]) -> Told:
        following = next(iter(coming), None)
        before = self.past[-1] if self.past else None
        amount = piece.amount
        percent = amount is not None and amount.unit == "percent"
        if self._stands_signed(amount) and not (following and following.kind is Kind.DIRECTION):
            return Told(piece, Role.CHANGE)
        if following is not None and following.kind is Kind.COUNTED:
            return Told(piece, Role.COUNT)
        if [one.kind for one in self.past[-2:]] == [Kind.EXTREME, Kind.OF] and percent is False:
            return Told(piece, Role.COUNT)
        if (self.shares and percent) or (percent and following is not None and following.kind is Kind.OF):
            return Told(piece, Role.SHARE)
        if following is not None and _qualifies(following, coming):
            return Told(piece, Role.CHANGE, following.says)
        if before is not None and before.kind is Kind.BY and not (amount and amount.sign):
            return Told(piece, Role.CHANGE)
        if (direction := self._led_by()) and not piece.text.lower().startswith(("above", "below")):
            return Told(piece, Role.CHANGE, direction)
        return Told(piece, Role.BEFORE if self.against else Role.VALUE)

    def _stands_signed(self, amount: Amount | None) -> bool:
        """Whether a part begins with a change that its sign alone directs: "(+4.2 %)"."""
        return amount is not None and bool(amount.sign) and not self.past and amount.unit in ("percent", "point")

    def _led_by(self) -> str:
        """The direction that leads to a number: "rose 4 %", "up sharply 4 %", "an increase of 4 %", "growth was 4 %"."""
        past = [piece for piece in self.past if piece.kind is not Kind.DEGREE]
        last = past[-1] if past else None
        if last is not None and last.kind is Kind.DIRECTION and not last.leads and last.says != Direction.FLAT:
            return last.says
        kinds = [piece.kind for piece in past]
        if kinds[-1:] in ([Kind.OF], [Kind.IS]) or kinds[-2:] == [Kind.IS, Kind.TO]:
            since = past[max((place for place, kind in enumerate(kinds) if kind is Kind.AMOUNT), default=-1) + 1 :]
            return next((piece.says for piece in since if piece.text.lower() in CHANGES), "")
        return ""


def _qualifies(following: Piece, coming: Sequence[Piece]) -> bool:
    """Whether a direction belongs to the number before it: "4 % below", and not "$1.2M fell" or "$1.2M up 4 %"."""
    if following.kind is not Kind.DIRECTION or following.says == Direction.FLAT or _PAST.fullmatch(following.text):
        return False
    return following.leads or len(coming) < 2 or coming[1].kind not in (Kind.AMOUNT, Kind.BY)


def _is_amount(piece: Piece | None) -> bool:
    return piece is not None and piece.kind is Kind.AMOUNT


def _read(group: Sequence[_Part], text: str) -> Statement:
    span = (group[0].pieces[0].span[0], group[-1].pieces[-1].span[1])
    statement = Statement(
        text[slice(*span)], follows=group[0].opened_by is Kind.FOLLOWED, listed=group[0].opened_by is Kind.PAUSE
    )
    reading = _Reading(statement)
    for part in group:
        if not part.aside:
            reading.against = False
        reading.past = [] if part.opened_by is not Kind.CLOSE else reading.past
        for place, piece in enumerate(part.pieces):
            coming = [one for one in part.pieces[place + 1 :] if one.kind is not Kind.PLAIN]
            reading.take(piece, coming)
    statement.spans = frozenset(told.piece.amount.unit or "" for told in statement.told if told.piece.amount)
    return statement
