"""Whether a written number stands for a fact's value, or for the change from one to another."""

from decimal import Decimal

from models.bound.amounts import Amount, amount_at
from models.bound.facts import Fact
from models.bound.reading import Piece
from models.claims import folded

_POINTS = {"point": 1, "basis point": 100}


def bears_value(piece: Piece, fact: Fact) -> bool:
    """Whether the number is the fact's value: as the figure writes it, or rounded by the rule of `amounts`."""
    if piece.figure is not None:
        return not fact.earlier and folded(piece.figure.text) == folded(fact.figure.text)
    amount = piece.amount
    if amount is None or amount.unit != fact.unit or (amount.sign == -1) != (fact.value < 0) or amount.sign == 1:
        return False
    return amount.rounds(fact.value) or (not fact.earlier and amount == _own(fact))


def bears_change(piece: Piece, own: Fact, other: Fact) -> bool:
    """Whether the number is the change from the other fact to this one: in percent, in points or in their unit."""
    amount = piece.amount
    delta = own.value - other.value
    if amount is None or own.unit != other.unit or (amount.sign and (amount.sign > 0) != (delta > 0)):
        return False
    if amount.unit == "percent":
        return bool(other.value) and amount.rounds(100 * delta / abs(other.value))
    if amount.unit in _POINTS:
        return own.unit == "percent" and amount.rounds(Decimal(_POINTS[amount.unit]) * delta)
    return amount.unit == own.unit and amount.rounds(delta)


def _own(fact: Fact) -> Amount | None:
    """The number as the figure writes it."""
    text = folded(fact.figure.text)
    currency = fact.unit if fact.unit and fact.unit.isupper() else None
    read = amount_at(text, 0, frozenset({currency} if currency else ()))
    return read[0] if read else None
