"""What a text claims that can be looked up word by word: numbers, dates, weekdays, rates, codes, quotations.

The same readers run over a sentence and over what it cites, so that both are normalised alike: `48,000`, `48000`,
`$48k` and "forty-eight thousand" read as one value, `15%` and `15 percent` too, "a week" and "weekly" as one rate.
"""

import re
from collections.abc import Callable
from dataclasses import replace
from decimal import Decimal
from functools import lru_cache

from models.claimed import Claim, Day, Number
from models.text.measures import (
    DOZEN,
    FRACTION,
    MULTIPLE,
    NEAR,
    PERIOD,
    TIME_UNITS,
    UNIT_OF_TIME,
    VAGUE,
    WEEKDAY,
    any_of,
    dozens,
    fraction,
    multiple,
    period,
    weekday,
)
from models.text.number_words import CARDINALS, MAGNITUDES, MONTHS, ORDINALS, SCALES, spoken

_FOLDS = str.maketrans({**dict.fromkeys("’‘‛ʼ", "'"), **dict.fromkeys("“”„«»", '"'), **dict.fromkeys("–—−‐‑", "-")})
CURRENCIES = {
    "$": "USD", "us$": "USD", "usd": "USD", "dollar": "USD", "dollars": "USD", "bucks": "USD",
    "€": "EUR", "eur": "EUR", "euro": "EUR", "euros": "EUR",
    "£": "GBP", "gbp": "GBP", "pound": "GBP", "pounds": "GBP", "¥": "JPY", "jpy": "JPY", "yen": "JPY",
}  # fmt: skip


_MONTH = rf"(?:{any_of(MONTHS)})\b\.?"
_DAY = rf"(?:\d{{1,2}}(?:st|nd|rd|th)?|{any_of(ORDINALS)})\b(?![:,.]?\d)"
NUMBER_WORD = rf"(?:{any_of(CARDINALS | MAGNITUDES)})\b"
_CLAIM = re.compile(
    r"(?P<iso>\b(?P<y1>\d{4})-(?P<m1>\d{2})-(?P<d1>\d{2})\b)"
    rf"|(?P<mdy>\b(?P<m2>{_MONTH})\s+(?:the\s+)?(?P<d2>{_DAY})(?:,?\s+(?P<y2>\d{{4}})\b)?)"
    rf"|(?P<dmy>\b(?P<d3>{_DAY})\s+(?:of\s+)?(?P<m3>{_MONTH})(?:,?\s+(?P<y3>\d{{4}})\b)?)"
    rf"|(?P<my>\b(?P<m4>{_MONTH}),?\s+(?P<y4>\d{{4}})\b)"
    rf"|(?P<weekday>{WEEKDAY})|(?P<near>{NEAR})|(?P<vague>{VAGUE})|(?P<dozen>{DOZEN})"
    rf"|(?P<fraction>{FRACTION})|(?P<period>{PERIOD})|(?P<multiple>{MULTIPLE})"
    r"|(?P<literal>\b\d{1,2}[/.]\d{1,2}[/.]\d{2,4}\b|\b\d{1,2}(?::\d{2}){1,2}\b|\b\d+(?:\.\d+){2,}\b"
    r"|\b[^\W\d_]+\d\w*(?:\.\d+)*)"
    r"|(?P<ordinal>\b(?P<nth>\d{1,3})(?:st|nd|rd|th)\b)"
    r"|(?P<number>(?P<sign>(?<![\w)])[-+])?(?P<before>\b(?:us\$|usd|eur|gbp|jpy)\s?|[$€£¥]\s?)?"
    r"(?P<digits>(?<![\d.,])\d{1,3}(?:,\d{3})+(?![\d])(?:\.\d+)?|(?<!\d)\d+(?:\.\d+)?))"
    rf"|(?P<words>\b(?:a\s+(?=hundred|thousand|million|billion))?{NUMBER_WORD}"
    rf"(?:(?:-|\s+and\s+|\s+){NUMBER_WORD})*)",
    re.IGNORECASE,
)
UNIT = re.compile(
    rf"(?:[\s-]?(?P<scale>{any_of(SCALES)})\b)?"
    r"(?:[\s-]?(?P<point>(?:percentage[\s-])?points?\b|pp\b)|[\s-]?(?P<basis>basis[\s-]points?\b|bps\b)"
    r"|[\s-]?(?P<percent>%|per\s?cent\b|pct\b)(?![\s-]points?\b)"
    rf"|[\s-]?(?:(?:business|working|calendar|full|whole|more)[\s-])?(?P<time>{UNIT_OF_TIME})"
    r"|\s?(?P<after>[€£¥]|(?:usd|eur|gbp|jpy|dollars?|euros?|pounds?|bucks|yen)\b))?",
    re.IGNORECASE,
)
_UNIT_GROUPS = {"point": "point", "basis point": "basis", "percent": "percent"}
_LITERALS: dict[str, Callable[[str], str]] = {
    "literal": str.casefold,
    "vague": str.casefold,
    "fraction": fraction,
    "multiple": multiple,
}
_RANGE = re.compile(r"\s*(?:-|to|and|or)\s*", re.IGNORECASE)
_DOUBLE_QUOTED = re.compile(r'"([^"]*)"')
_SINGLE_QUOTED = re.compile(r"(?<!\w)'(?=\w)((?:[^'\"]|(?<=\w)'(?=\w))+)'(?!\w)")
_WORD = re.compile(r"[^\W_]+(?:'[^\W_]+)*|[$€£¥%]")
_PLURAL_OF_SHORT = re.compile(r"\b[^\W\d_][^\W_]+s\b")
_ADDRESS = re.compile(r"\w+://\S+|\bwww\.\S+|\S+@\S+\.\w+|\]\([^)]*\)?|\]:\s*\S+|<[a-z!/][^>]*>?", re.IGNORECASE)
_SPELLED = re.compile(r"(?<![^\W_])(?:[^\W\d_][._]){2,}[^\W\d_]?(?![^\W_])")
_ELLIPSIS = re.compile(r"\[?(?:\.{3}|…)\]?")


def plain_marks(text: str) -> str:
    """The text with typographic quotes and dashes as plain ones; one character stays one character."""
    return text.translate(_FOLDS)


@lru_cache(maxsize=4096)
def folded(text: str) -> str:
    """The text with typographic quotes, dashes and spaces as plain ones; one character stays one character."""
    grouped = re.sub(r"(?<=\d)[\u00a0\u202f\u2009](?=\d{3}(?!\d))", ",", plain_marks(text))
    return re.sub(r"\s", " ", grouped)


def claims(text: str) -> list[Claim]:
    """Numbers, dates, ordinals, times and codes of a folded text, in order."""
    found: list[Claim] = []
    last_end = 0
    while match := _CLAIM.search(text, last_end):
        read, end = _read(match, text)
        if read and found and _RANGE.fullmatch(text, last_end, match.start()):
            found[-1] = _with_unit_of(read[0], found[-1])
        found += read
        last_end = end
    return found


def addresses(text: str) -> list[str]:
    """What a reader's program would open or send to: web and mail addresses, Markdown links, HTML."""
    return [match.group().rstrip(".,;:!?)\"'") for match in _ADDRESS.finditer(text)]


def quotations(text: str) -> list[tuple[str, int]]:
    """The quoted words of a folded text, each with the position of its opening mark."""
    return [
        (match.group(1), match.start()) for kind in (_DOUBLE_QUOTED, _SINGLE_QUOTED) for match in kind.finditer(text)
    ]


def outer_quotations(text: str) -> list[tuple[str, tuple[int, int]]]:
    """The quotations of a folded text that stand in no other, in order, each with its characters and marks' range."""
    found: list[tuple[str, tuple[int, int]]] = []
    for kind in (_DOUBLE_QUOTED, _SINGLE_QUOTED):
        for match in kind.finditer(text):
            if not any(start < match.start() < end for _, (start, end) in found):
                found.append((match.group(1), match.span()))
    return sorted(found, key=lambda one: one[1])


def unquoted(text: str) -> str:
    """The folded text with its quotations blanked out, lengths kept."""
    for kind in (_DOUBLE_QUOTED, _SINGLE_QUOTED):
        text = kind.sub(lambda match: " " * len(match.group()), text)
    return text


def words(text: str) -> list[str]:
    """Words, numbers and currency or percent signs of a folded text, in one case."""
    return _WORD.findall(text.casefold())


def vocabulary(text: str) -> frozenset[str]:
    """The words a folded text may be said to name: also without possessive endings, `SKUs` as `sku`, `S.O.C.` or `S_O_C_` as `soc`."""
    found = words(text)
    spelled = (re.sub(r"[._]", "", match) for match in _SPELLED.findall(text.casefold()))
    short = (word[:-1].casefold() for word in _PLURAL_OF_SHORT.findall(text) if word[:-1].isupper())
    return frozenset([*found, *(word.removesuffix("'s") for word in found), *spelled, *short])


def stands_verbatim(quotation: str, text: str) -> bool:
    """Whether the quoted words stand in the text in this order without a gap, except where the quotation shows `…`."""
    spoken_words = words(text)
    position = 0
    for piece in _ELLIPSIS.split(quotation):
        wanted = words(piece)
        found = next(
            (
                at
                for at in range(position, len(spoken_words) - len(wanted) + 1)
                if spoken_words[at : at + len(wanted)] == wanted
            ),
            None,
        )
        if found is None:
            return False
        position = found + len(wanted)
    return True


def _read(match: re.Match[str], text: str) -> tuple[list[Claim], int]:
    whole, kind = match.group(), match.lastgroup
    if kind in ("number", "words", "dozen"):
        return _numbers(match, text)
    if kind == "period":
        return [Claim(whole, period=period(whole))], match.end()
    if kind in ("weekday", "near"):
        return [
            Claim(whole, when=weekday(whole) if kind == "weekday" else " ".join(whole.casefold().split()))
        ], match.end()
    if kind in _LITERALS:
        return [Claim(whole, literal=_LITERALS[kind](whole))], match.end()
    if kind == "ordinal":
        return [Claim(whole, ordinal=int(match["nth"]))], match.end()
    which = {"iso": "1", "mdy": "2", "dmy": "3", "my": "4"}[str(kind)]
    parts = match.groupdict()
    year, day = parts[f"y{which}"], parts.get(f"d{which}")
    return [
        Claim(whole, day=Day(_month(parts[f"m{which}"]), _day(day) if day else None, int(year) if year else None))
    ], match.end()


def _numbers(match: re.Match[str], text: str) -> tuple[list[Claim], int]:
    """A number in digits, or the values of a run of words; the unit behind belongs to the last."""
    unit = UNIT.match(text, match.end())
    assert unit is not None
    values = _values(match)
    if not values and not unit.group().strip():
        return [], match.end()
    values = values or (Decimal(1),)
    before = (match["before"] or "").strip().lower() or (unit["after"] or "").lower()
    currency = CURRENCIES.get(before)
    scale = (unit["scale"] or "").lower()
    value = values[-1] * SCALES.get(scale, 1) * (-1 if match["sign"] == "-" else 1)
    readings = [Number(value, unit_of(unit), currency)]
    if scale in ("m", "b") and currency is None:
        readings.append(Number(values[-1]))
    whole = text[match.start() : unit.end()].strip()
    return [*(Claim(whole, (Number(one),)) for one in values[:-1]), Claim(whole, tuple(readings))], unit.end()


def _values(match: re.Match[str]) -> tuple[Decimal, ...]:
    if match["words"]:
        return spoken(match.group())
    return (Decimal(dozens(match.group())) if match["dozen"] else Decimal(match["digits"].replace(",", "")),)


def unit_of(unit: re.Match[str]) -> str | None:
    """The unit that a match of `UNIT` names: `percent`, `point`, `basis point`, a unit of time or None."""
    if unit["time"]:
        return TIME_UNITS[unit["time"].lower()]
    return next((name for name, group in _UNIT_GROUPS.items() if unit[group]), None)


def _with_unit_of(upper: Claim, lower: Claim) -> Claim:
    """`10` of "10 to 15 percent" may also be read as ten percent, and "$10-15k" as ten thousand dollars."""
    more = [
        replace(number, unit=number.unit or end.unit, currency=number.currency or end.currency)
        for number in lower.numbers
        for end in upper.numbers
    ]
    scaled = [
        replace(number, value=number.value * 1000) for number in more if upper.text.lower().rstrip().endswith("k")
    ]
    return replace(lower, numbers=(*lower.numbers, *more, *scaled))


def _month(name: str) -> int:
    return int(name) if name.isdigit() else MONTHS[name.lower().rstrip(".")]


def _day(name: str) -> int:
    digits = re.match(r"\d+", name)
    return int(digits.group()) if digits else ORDINALS[" ".join(name.lower().split())]
