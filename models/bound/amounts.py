"""Numbers as a sentence writes them, and whether one stands for a measured value.

The rounding rule. A number stands for a value if it is that value rounded at the number's last written digit, and
differs from it by at most 2 % (whole percents by at most half a point). Behind "about" closing zeros are rounding too,
up to 5 %: "about 40" stands for 41. "Over 40" stands for a value above 40 and "nearly 40" for one below, at most 10 % away and
nearer than one unit of the last digit that is no zero; "more than twice" stands for up to a quarter of it more. A unit, a currency or a minus that the value has is written, and
none that it has not.
"""

import re
from dataclasses import dataclass, replace
from decimal import Decimal
from enum import StrEnum
from functools import lru_cache

from models.claims import CURRENCIES, NUMBER_WORD, UNIT, unit_of
from models.text.measures import TIME_UNITS, any_of
from models.text.number_words import SCALES, spoken

_EXACT, _ABOUT, _WITHIN, _WITHIN_TIMES = Decimal("0.02"), Decimal("0.05"), Decimal("0.10"), Decimal("0.25")
_SHARES = ("percent", "point", "basis point")
_SIGNS = {"-": -1, "minus": -1, "+": 1, "plus": 1}


class Hedge(StrEnum):
    """How a word before a number loosens it."""

    ABOUT = "about"
    OVER = "over"
    UNDER = "under"
    AT_LEAST = "at least"
    AT_MOST = "at most"


@dataclass(frozen=True, slots=True)
class Amount:
    """A written number: its magnitude, the worth of its last written digit, its unit, and its sign where one is written.

    `unit` is `percent`, `point`, `basis point`, `times`, a unit of time, an ISO currency, or None.
    """

    value: Decimal
    place: Decimal
    unit: str | None = None
    sign: int = 0
    hedge: Hedge | None = None

    def hedged(self, hedge: Hedge) -> "Amount":
        """The number behind a word such as "about"."""
        return replace(self, hedge=hedge)

    def rounds(self, truth: Decimal) -> bool:
        """Whether the number stands for a value's magnitude; signs and units are the caller's."""
        truth = abs(truth)
        match self.hedge:
            case None:
                near = self.unit in _SHARES or abs(self.value - truth) <= _EXACT * truth
                return near and abs(self.value - truth) <= self.place / 2
            case Hedge.ABOUT:
                near = abs(self.value - truth) <= min(self._coarse / 2, _ABOUT * truth)
                return near or replace(self, hedge=None).rounds(truth)
            case Hedge.OVER | Hedge.AT_LEAST:
                gap = truth - self.value
            case _:
                gap = self.value - truth
        least = 0 if self.hedge in (Hedge.AT_LEAST, Hedge.AT_MOST) else Decimal("1e-9")
        within = _WITHIN_TIMES if self.unit == "times" else _WITHIN
        return least <= gap < self._coarse and gap <= within * truth

    @property
    def _coarse(self) -> Decimal:
        """The worth of the last digit that is no zero."""
        if not self.value:
            return self.place
        exponent = self.value.normalize().as_tuple().exponent
        assert isinstance(exponent, int)
        return max(self.place, Decimal(1).scaleb(exponent))


def unit_named(unit: str) -> str | None:
    """A figure's unit as amounts tell it: `percent` of "%", `USD` of "$", `day` of "days"; None of what is counted."""
    lower = unit.strip().casefold()
    if lower in ("%", "percent"):
        return "percent"
    if lower in ("points", "pp", "percentage points"):
        return "point"
    if lower in CURRENCIES or (len(unit) == 3 and unit.isupper()):
        return CURRENCIES.get(lower, unit)
    return TIME_UNITS.get("second" if lower == "s" else lower)


def amount_at(text: str, start: int, codes: frozenset[str]) -> tuple[Amount, int] | None:
    """The number that begins at `start` and where it ends; `codes` are the currencies that may stand beside it."""
    match = _number(codes).match(text, start)
    if match is None:
        return None
    values = spoken(match["words"]) if match["words"] else ()
    if match["words"] and len(values) != 1 and match["words"].lower() != "one":
        return None
    unit = UNIT.match(text, match.end())
    assert unit is not None
    end, currency = _currency(match, unit, codes, text)
    if text[end : end + 1].isalnum():
        return None
    digits = match["digits"].replace(",", "") if match["digits"] else str(values[0] if values else 1)
    scale = Decimal(SCALES.get((unit["scale"] or "").lower(), 1))
    place = Decimal(1).scaleb(-len(digits.partition(".")[2])) * scale
    sign = _SIGNS.get((match["sign"] or match["inner"] or "").strip().lower(), 0)
    return Amount(Decimal(digits) * scale, place, unit_of(unit) or currency, sign), end


def _currency(match: re.Match[str], unit: re.Match[str], codes: frozenset[str], text: str) -> tuple[int, str | None]:
    """Where the number with its unit ends, and the currency before or behind it."""
    told = (match["before"] or "").strip()
    if behind := re.compile(rf"\s?({any_of(codes)})\b").match(text, unit.end()) if codes and not told else None:
        return behind.end(), behind[1]
    named = told or unit["after"] or ""
    return unit.end(), CURRENCIES.get(named.lower(), named.upper() or None)


@lru_cache(maxsize=64)
def _number(codes: frozenset[str]) -> re.Pattern[str]:
    more = f"|(?-i:{any_of(codes)})\\s?" if codes else ""
    return re.compile(
        r"(?:(?<![\w)])(?P<sign>[-+]|minus\s|plus\s)\s?)?"
        rf"(?P<before>us\$|(?:usd|eur|gbp|jpy)\s?|[$€£¥]\s?{more})?(?P<inner>[-+])?"
        r"(?:(?P<digits>(?<![\d.,])(?:\d{1,3}(?:,\d{3})+(?!\d)|\d+)(?:\.\d+)?)"
        rf"|(?P<words>\b(?:a\s+(?=hundred|thousand|million|billion))?{NUMBER_WORD}"
        rf"(?:(?:-|\s+and\s+|\s+){NUMBER_WORD})*))",
        re.IGNORECASE,
    )
