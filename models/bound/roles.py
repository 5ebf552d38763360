"""Who is who in a statement: which number is the value, which was before, which is the change; what is compared with."""

import re
from collections.abc import Sequence

from models.bound.amounts import Amount
from models.bound.lexicon import CHANGES, Kind
from models.bound.reading import Piece
from models.bound.said import Role, Side, Statement, Told
from models.evidence import Direction

_RANGE = re.compile(r"\s(?:to|through|until|till|-)\s")
_PAST = re.compile(r"\w+ed|rose|risen|fell|fallen|grew|grown|shrank|shrunk|sank|slid|slipped|went \w+", re.IGNORECASE)


class Roles:
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
