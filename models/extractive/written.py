"""Numbers as our own prose writes them: three digits that count, a unit, no more than what was measured."""

from decimal import Decimal

from models.bound.amounts import unit_named
from models.text.number_words import CARDINALS
from models.text.written import SYMBOLS

_SCALES = (("bn", 9), ("M", 6), ("k", 3))
_IN_WORDS = {value: word for word, value in CARDINALS.items()}
_DIGITS = 3


def amount(value: float, unit: str) -> str:
    """`$1.15M`, `-€912`, `43 %`, `12 deals`, `1,204 calls`."""
    exact = Decimal(str(value))
    named = unit_named(unit)
    sign = "-" if exact < 0 else ""
    if named and named.isupper():
        symbol = SYMBOLS.get(named, f"{named} ")
        return f"{sign}{symbol}{_short(abs(exact))}"
    if named == "percent":
        return f"{sign}{_plain(_rounded(abs(exact)))} %"
    told = _plain(abs(exact) if exact == exact.to_integral() else _rounded(abs(exact)))
    return f"{sign}{told} {unit.removesuffix('s') if told == '1' else unit}".rstrip()


def share(part: Decimal) -> str:
    """`4.2 %` of 0.0416: one decimal below ten, none above."""
    percent = abs(part) * 100
    return f"{_plain(round(percent, 1 if percent < 10 else 0))} %"


def counted(count: int) -> str:
    """`five`, `24`."""
    return _IN_WORDS.get(count, str(count)) if count <= 12 else str(count)


def listed(parts: list[str]) -> str:
    """`a, b and c`."""
    return " and ".join(filter(None, (", ".join(parts[:-1]), parts[-1])))


def _short(value: Decimal) -> str:
    rounded = _rounded(value)
    for scale, power in _SCALES:
        if rounded >= Decimal(10) ** power and (power > 3 or rounded >= 10_000):
            return f"{_plain(rounded.scaleb(-power))}{scale}"
    return _plain(value if value == value.to_integral() else round(value, 2))


def _rounded(value: Decimal) -> Decimal:
    return round(value, _DIGITS - 1 - value.adjusted()) if value else value


def _plain(value: Decimal) -> str:
    """Digits with thousands apart, without closing zeros behind the point."""
    text = f"{value:,f}"
    return text.rstrip("0").rstrip(".") if "." in text else text
