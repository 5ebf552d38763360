"""Cuts the pieces of a sentence into statements, each about one figure, and tells what each says of what.

A part of a sentence that names or dates something else and gives another number is a statement of its own, and takes
over what it leaves away ("revenue was $1.2M in March *and $1.1M in February*"). A part that leans on the one before
(", up 4 % from February", "(the highest of five months)") belongs to it, and so does one that leads into it ("At $1.2M,").
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

from models.bound.lexicon import Kind
from models.bound.reading import Piece
from models.bound.roles import Roles
from models.bound.said import Side, Statement

_TELLING = frozenset({Kind.AMOUNT, Kind.RATIO, Kind.DIRECTION, Kind.EXTREME})
_ENDS = frozenset({Kind.BREAK, Kind.FOLLOWED, Kind.PAUSE, Kind.OPEN, Kind.CLOSE})
_TOLD_ONCE = frozenset({Kind.NAME, Kind.PERIOD, Kind.METRIC})
_LEADING = frozenset({Kind.AT, Kind.AGAINST, Kind.FROM, Kind.DIRECTION, Kind.TO, Kind.BY, Kind.OF, Kind.OVER})
_LEANING = frozenset(
    {Kind.AGAINST, Kind.FROM, Kind.TO, Kind.BY, Kind.DIRECTION, Kind.DEGREE, Kind.IS, Kind.RATIO, Kind.SHARE}
)


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
    told = {Kind.IS, Kind.NAME} if first.kind is Kind.AT else {Kind.IS, Kind.METRIC}
    return first.kind in _LEADING and not any(piece.kind in told for piece in before)


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


def _read(group: Sequence[_Part], text: str) -> Statement:
    span = (group[0].pieces[0].span[0], group[-1].pieces[-1].span[1])
    statement = Statement(
        text[slice(*span)], follows=group[0].opened_by is Kind.FOLLOWED, listed=group[0].opened_by is Kind.PAUSE
    )
    roles = Roles(statement)
    for part in group:
        if not part.aside:
            roles.against = False
        roles.past = [] if part.opened_by is not Kind.CLOSE else roles.past
        for place, piece in enumerate(part.pieces):
            coming = [one for one in part.pieces[place + 1 :] if one.kind is not Kind.PLAIN]
            roles.take(piece, coming)
    statement.spans = frozenset(told.piece.amount.unit or "" for told in statement.told if told.piece.amount)
    return statement
