"""Numbers as sentences and tables write them."""

from decimal import ROUND_HALF_UP, Decimal

SYMBOLS = {"USD": "$", "EUR": "€", "GBP": "£", "JPY": "¥"}
#: Counted in words of their own; of anything else ("deals") the number alone is written, because the metric names it.
MEASURES = {"percent": " %", "points": " points", "days": " days", "hours": " hours", "minutes": " minutes"}
_SCALES = ((Decimal(1_000_000_000), "B"), (Decimal(1_000_000), "M"))


def written(value: Decimal | float, unit: str) -> str:
    """`$82,800`, `$1.25M`, `63.2 %`, `47 days`, `412`: money in a currency's ISO code, at most one decimal elsewhere."""
    number = Decimal(str(value))
    sign = "-" if number < 0 else ""
    if len(unit) == 3 and unit.isupper():
        return sign + _money(abs(number), unit)
    rounded = number.quantize(Decimal("0.1"), ROUND_HALF_UP)
    shown = f"{int(rounded):,}" if rounded == rounded.to_integral_value() else f"{rounded:,}"
    return shown + (" day" if (unit, shown) == ("days", "1") else MEASURES.get(unit, ""))


def _money(amount: Decimal, currency: str) -> str:
    symbol = SYMBOLS.get(currency, f"{currency} ")
    for scale, letter in _SCALES:
        if amount >= scale:
            return f"{symbol}{_decimals(amount / scale)}{letter}"
    whole = amount == amount.to_integral_value() or amount >= 1000
    return f"{symbol}{amount.quantize(Decimal(1), ROUND_HALF_UP):,}" if whole else f"{symbol}{_decimals(amount)}"


def _decimals(amount: Decimal) -> Decimal:
    return amount.quantize(Decimal("0.01"), ROUND_HALF_UP)
