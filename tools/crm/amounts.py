"""Numbers and money as exports write them, and what a whole column says about its decimal sign."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from tools.crm.fields import VOCABULARY
from tools.crm.unreadable import UnreadableError

_SPACES = re.compile(r"[\s'’](?=\d{3}(?!\d))")
_DIGITS = re.compile(r"\d+(?:[.,]\d+)*")
_LEADING = re.compile(r"(?P<sign>[-−–]?)(?P<unit>[^\d.,()−–-]*)(?P<minus>[-−–]?)(?P<digits>[\d.,]+)(?P<after>[^\d]*)")
TRUTHS = {"yes": True, "true": True, "y": True, "t": True, "1": True, "x": True}
FALSEHOODS = {"no": False, "false": False, "n": False, "f": False, "0": False}


@dataclass(frozen=True, slots=True)
class Money:
    """An amount, and the sign or code beside it, if there is one."""

    amount: Decimal
    unit: str | None


@dataclass(frozen=True, slots=True)
class DecimalSign:
    """The decimal sign of a column, None where none is needed or where it is undecided, and what says so."""

    sign: str | None
    decided: bool
    why: str


def money(text: str, decimal: str | None = None) -> Money:
    """The amount that the text says; a negative one has a minus or parentheses. UnreadableError."""
    inner, negative = _unbracketed(text)
    match = _LEADING.fullmatch(_SPACES.sub("", inner))
    if match is None:
        raise UnreadableError("is no amount")
    after = match["after"].strip()
    unit = match["unit"].strip() or after.rstrip("-−–").strip() or None
    if match["unit"].strip() and after:
        raise UnreadableError("is no amount")
    value = _number(match["digits"], decimal)
    minus = bool(match["sign"] or match["minus"] or after.endswith(("-", "−", "–")))
    return Money(-value if negative or minus else value, unit)


def number(text: str, decimal: str | None = None) -> Decimal:
    """The number that the text says, which may have a percent sign behind it. UnreadableError."""
    found = money(text, decimal)
    if found.unit not in {None, "%"}:
        raise UnreadableError(f"is no number: {found.unit!r} stands beside it")
    return found.amount


def count(text: str, decimal: str | None = None) -> int:
    """The whole number that the text says. UnreadableError."""
    found = number(text, decimal)
    if found != found.to_integral_value():
        raise UnreadableError("is no whole number")
    return int(found)


def truth(text: str) -> bool:
    """Yes or no, as exports say it. UnreadableError."""
    known = TRUTHS | FALSEHOODS
    if text.lower() not in known:
        raise UnreadableError("is neither yes nor no")
    return known[text.lower()]


def currencies_of(unit: str) -> frozenset[str]:
    """The currencies that a sign or a code may stand for; UnreadableError for what is neither."""
    if unit.upper() in VOCABULARY.currencies:
        return frozenset({unit.upper()})
    named = re.fullmatch(r"(?P<country>[A-Z]{1,3})?\s*(?P<sign>\D+?)\s*(?P<code>[A-Z]{3})?", unit)
    if named and named["code"] in VOCABULARY.currencies:
        return frozenset({named["code"]})
    known = VOCABULARY.signs.get(named["sign"]) if named else None
    if known is None or named is None:
        raise UnreadableError(f"is in no currency that is known: {unit!r}")
    of_country = frozenset(code for code in known if named["country"] and code.startswith(named["country"][:2]))
    return of_country or known


def decimal_sign(values: Sequence[str]) -> DecimalSign:
    """The decimal sign of a column, judged by all of its values together."""
    digits = [match[0] for value in values if (match := _DIGITS.search(_SPACES.sub("", value)))]
    votes = {sign: next((one for one in digits if _votes_for(one) == sign), None) for sign in ".,"}
    if votes["."] and votes[","]:
        return DecimalSign(None, False, f"{votes['.']!r} has a decimal point, but {votes[',']!r} a decimal comma")
    for sign, proof in votes.items():
        if proof:
            return DecimalSign(sign, True, f"{proof!r} can be read in no other way")
    doubtful = next((one for one in digits if "." in one or "," in one), None)
    if doubtful:
        return DecimalSign(None, False, f"{doubtful!r} may have a sign of thousands or of decimals")
    return DecimalSign(None, True, "all are whole numbers")


def _votes_for(digits: str) -> str | None:
    """The decimal sign that these digits must have, None where they may have either."""
    signs = [one for one in digits if one in ".,"]
    if not signs:
        return None
    if len(set(signs)) == 2:
        return signs[-1]
    other = "," if signs[0] == "." else "."
    if len(signs) > 1:
        return other
    whole, part = digits.split(signs[0])
    return signs[0] if len(part) != 3 or len(whole) > 3 or whole == "0" else None


def _number(digits: str, decimal: str | None) -> Decimal:
    sign = decimal or _votes_for(digits)
    if sign is None and ("." in digits or "," in digits):
        raise UnreadableError(
            "does not say whether it has thousands or decimals: write decimal: '.' or ',' in the mapping"
        )
    thousands = "," if sign == "." else "."
    whole, _, part = digits.partition(sign) if sign else (digits, "", "")
    grouped = re.fullmatch(rf"\d{{1,3}}(?:{re.escape(thousands)}\d{{3}})+|\d*", whole)
    if grouped is None or not re.fullmatch(r"\d*", part) or not (whole or part):
        raise UnreadableError(f"is no number with {'a decimal comma' if sign == ',' else 'a decimal point'}")
    return Decimal(f"{whole.replace(thousands, '') or '0'}.{part or '0'}" if part else whole.replace(thousands, ""))


def _unbracketed(text: str) -> tuple[str, bool]:
    bracketed = re.fullmatch(r"(?P<before>[^()]*)\((?P<inside>[^()]+)\)(?P<after>[^()]*)", text)
    if bracketed is None:
        return text, False
    return f"{bracketed['before']}{bracketed['inside']}{bracketed['after']}", True
