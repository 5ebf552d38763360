"""A sentence with figures as a row of pieces, each with what it says; what nobody has judged is unknown."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from functools import cached_property

from models.bound.amounts import Amount, amount_at, unit_named
from models.bound.facts import GENERIC, SERIES, Fact, Period, period_of, stems_of
from models.bound.lexicon import Kind, Word, hedges, words
from models.claims import CURRENCIES, folded
from models.evidence import Figure
from models.names import stem
from models.text.dates import mentions, stretches
from models.text.days import DAYS_IN, MONTHS_IN, Days
from models.text.measures import TIME_UNITS, any_of

_SPAN = r"(?P<unit>day|week|month|quarter|year)"
_EARLIER = re.compile(
    rf"(?:the\s+|an?\s+|one\s+)?(?:(?:previous|prior|preceding|earlier)\s+{_SPAN}"
    rf"|{_SPAN.replace('unit', 'back')}\s+(?:before|earlier))\b(?:'s)?",
    re.IGNORECASE,
)
_ON_EARLIER = re.compile(r"(month|week|quarter|year)[\s-](?:on|over)[\s-](?:\1)\b", re.IGNORECASE)
_AS_OF = re.compile(r"(?:as of|as at)\s+(?=\S)", re.IGNORECASE)
_TIMES = re.compile(r"\s?(?:times|x|×)(?!\w)", re.IGNORECASE)
_MONTH_NAME = re.compile(r"\b(?:March|May|Mar)\b(?!\s+(?:the\s+)?\d)")
_YEAR_CUE = re.compile(r"\b(?:in|of|for|during|since|to|from|than|by|on|over|and|with|against)\s+$", re.IGNORECASE)
_YEAR = re.compile(r"\d{4}")
_LENGTHS = frozenset({*MONTHS_IN, *DAYS_IN}) - {"half"}
#: What a metric's own words mean before anything else.
_LIGHT = frozenset({Kind.TOTAL, Kind.PLAIN, Kind.IS})
_BY = re.compile(r"\bby\s+$", re.IGNORECASE)
_WORD = re.compile(r"[^\W_]+(?:['-][^\W_]+)*")
_TAIL = r"(?!\w)"


@dataclass(frozen=True, slots=True)
class Piece:
    """One piece of a sentence and where it stands.

    An amount or ratio has `amount`; a verbatim figure text has `figure`; a period has `period`; a metric has `stems`;
    a name is told in one case by `says`, as is which way a word points.
    """

    kind: Kind
    text: str
    span: tuple[int, int]
    says: str = ""
    amount: Amount | None = None
    figure: Figure | None = None
    period: Period | None = None
    stems: frozenset[str] = frozenset()
    leads: bool = False
    moves: bool = False


class Reader:
    """Reads sentences by the words of these facts and of everyday business English."""

    def __init__(self, facts: Sequence[Fact], names: Iterable[str], today: date | None) -> None:
        self._facts, self._today = facts, today
        figures = [fact.figure for fact in facts]
        self._names = _phrases([*names, *(name for fact in facts for name in fact.names.any)])
        self._titles = _phrases(
            phrase for one in figures for phrase in (one.name, one.metric.replace("_", " "), *one.synonyms)
        )
        told = [one.period for one in figures] + [one.change.against for one in figures if one.change]
        self._periods = _phrases(period for period in told if period)
        self._stems = frozenset().union(*(fact.stems for fact in facts))
        self._units = frozenset().union(*(stems_of(one.unit) for one in figures))
        self._odd = {folded(one.text): one for one in figures if not self._plain(one)}
        self._keys = frozenset().union(*(fact.keys for fact in facts))

    @cached_property
    def _codes(self) -> frozenset[str]:
        known = {fact.unit for fact in self._facts if fact.unit and fact.unit.isupper()}
        return frozenset(code for code in known if code not in CURRENCIES.values())

    def _plain(self, figure: Figure) -> bool:
        """Whether the figure's text is a number that reads like any other; "0.6 s" does not, as no prose writes so."""
        text = folded(figure.text)
        read = amount_at(text, 0, self._codes)
        if read is None or (read[0].unit is None and unit_named(figure.unit) in TIME_UNITS):
            return False
        return stems_of(text[read[1] :]) <= self._stems

    def read(self, text: str) -> list[Piece]:
        """The pieces of a folded text, in order."""
        dates = self._dates(text)
        pieces: list[Piece] = []
        at = 0
        while at < len(text):
            if text[at].isspace():
                at += 1
                continue
            piece = self._piece(text, at, dates, pieces)
            pieces.append(piece)
            at = piece.span[1]
            if text.startswith("'s", at) and not text[at + 2 : at + 3].isalnum():
                at += 2
        return _with_units(pieces)

    def _piece(self, text: str, at: int, dates: dict[int, Piece], before: Sequence[Piece]) -> Piece:
        if at in dates and dates[at].period == self._reach:
            return dates[at]
        return (
            self._verbatim(text, at)
            or self._dated(text, at)
            or dates.get(at)
            or self._hedged(text, at, before)
            or self._counted(text, at)
            or self._said(text, at)
            or self._word(text, at)
        )

    def _verbatim(self, text: str, at: int) -> Piece | None:
        """Names, odd values, periods and titles as the figures have them."""
        if at and text[at - 1].isalnum():
            return None
        for odd, figure in self._odd.items():
            if text.startswith(odd, at) and not text[at + len(odd) : at + len(odd) + 1].isalnum():
                return Piece(Kind.AMOUNT, odd, (at, at + len(odd)), figure=figure)
        for kind, pattern in ((Kind.NAME, self._names), (Kind.PERIOD, self._periods), (Kind.METRIC, self._titles)):
            if pattern and (match := pattern.match(text, at)):
                return self._found(kind, match)
        return None

    def _found(self, kind: Kind, match: re.Match[str]) -> Piece:
        says = match[1].casefold()
        if kind is Kind.PERIOD:
            return Piece(kind, match[0], match.span(), period=period_of(says, self._today))
        return Piece(
            kind, match[0], match.span(), says=says, stems=stems_of(says) if kind is Kind.METRIC else frozenset()
        )

    def _dated(self, text: str, at: int) -> Piece | None:
        """As-of days and periods told from the one spoken of: "the month before", "year over year"."""
        if match := _EARLIER.match(text, at):
            return Piece(Kind.EARLIER, match[0], match.span(), says=(match["unit"] or match["back"]).lower())
        if match := _ON_EARLIER.match(text, at):
            return Piece(Kind.EARLIER, match[0], match.span(), says=match[1].lower())
        if match := _AS_OF.match(text, at):
            rest = re.compile(r"[^\s,;()]+(?<!\.)|\S+").match(text, match.end())
            day = (
                next((one for one in stretches(text, today=self._today) if one.span[0] == match.end()), None)
                if self._today
                else None
            )
            end = day.span[1] if day else rest.end() if rest else match.end()
            says = day.days.first.isoformat() if day and day.days.single else text[match.end() : end]
            return Piece(Kind.AS_OF, text[at:end], (at, end), says=says)
        return None

    def _dates(self, text: str) -> dict[int, Piece]:
        """Periods that are told in days, by where they begin: a range where a figure is of it, else each by itself."""
        if self._today is None:
            return {}
        known = {fact.period for fact in self._facts} | {self._reach}
        wide = [one for one in mentions(text, today=self._today) if one.days in known]
        single = [
            one
            for one in stretches(text, today=self._today)
            if not any(w.span[0] < one.span[1] and one.span[0] < w.span[1] for w in wide)
        ]
        found = {
            one.span[0]: Piece(Kind.PERIOD, text[slice(*one.span)], one.span, period=one.days)
            for one in [*single, *wide]
            if not self._is_count(text, one.span)
        }
        for match in _MONTH_NAME.finditer(text):
            if not any(piece.span[0] <= match.start() < piece.span[1] for piece in found.values()):
                (one,) = stretches(f"in {match[0]}", today=self._today)
                found[match.start()] = Piece(Kind.PERIOD, match[0], match.span(), period=one.days)
        return found

    @cached_property
    def _reach(self) -> Period | None:
        """From the first to the last of the figures' periods, where these are a series."""
        days = {fact.period for fact in self._facts if not fact.earlier and isinstance(fact.period, Days)}
        if len(days) < SERIES:
            return None
        return Days(min(one.first for one in days), max(one.last for one in days))

    def _is_count(self, text: str, span: tuple[int, int]) -> bool:
        """Whether what reads as a year, or as "the last five months", counts instead."""
        told = text[slice(*span)]
        if _YEAR.fullmatch(told):
            return (
                not _YEAR_CUE.search(text[: span[0]]) or re.match(r"[.,]?\d|\s?[%kKmM]\b", text[span[1] :]) is not None
            )
        return re.match(r"(?:the\s+)?(?:last|past)\s+[\w-]+\s+\w+s\b", told, re.IGNORECASE) is not None

    def _hedged(self, text: str, at: int, before: Sequence[Piece]) -> Piece | None:
        """A word that loosens the number behind it, unless it compares: "4 % above" is no "above 4 %"."""
        if before and before[-1].kind in (Kind.AMOUNT, Kind.RATIO, Kind.DEGREE):
            return None
        match = _HEDGE.match(text, at)
        if match is None:
            return None
        end = match.end()
        number = self._counted(text, end) or _ratio(text, end)
        if number is None or number.amount is None:
            return None
        hedge = hedges()[match[1].lower()]
        amount = number.amount.hedged(hedge)
        return replace(number, text=text[at : number.span[1]], span=(at, number.span[1]), amount=amount)

    def _counted(self, text: str, at: int) -> Piece | None:
        """A number, or how many times."""
        read = amount_at(text, at, self._codes)
        if read is None:
            return None
        amount, end = read
        if amount.unit is None and (times := _TIMES.match(text, end)):
            return Piece(Kind.RATIO, text[at : times.end()], (at, times.end()), amount=replace(amount, unit="times"))
        return Piece(Kind.AMOUNT, text[at:end], (at, end), amount=amount)

    def _said(self, text: str, at: int) -> Piece | None:
        """A word or phrase of the lexicon."""
        if ratio := _ratio(text, at):
            return ratio
        match = _PHRASE.match(text, at)
        if match is None:
            return None
        told: Word = words()[match[1].lower()]
        root = stem(match[1].lower())
        if root in self._units or (told.kind in _LIGHT and root in self._stems - GENERIC):
            return None
        return Piece(told.kind, match[0], match.span(), told.says, leads=told.leads, moves=told.moves)

    def _word(self, text: str, at: int) -> Piece:
        match = _WORD.match(text, at)
        if match is None:
            return Piece(Kind.UNKNOWN, text[at], (at, at + 1))
        bare = match[0].removesuffix("'s")
        root = stem(bare.casefold())
        span = match.span()
        if root in self._stems:
            return Piece(Kind.METRIC, match[0], span, stems=frozenset({root}))
        by_time = bare.casefold() in _LENGTHS and _BY.search(text[:at])
        if root in self._keys or by_time:
            return Piece(Kind.COUNTED, match[0], span, says=root)
        return Piece(Kind.UNKNOWN, match[0], span)


def _with_units(pieces: list[Piece]) -> list[Piece]:
    """The pieces, `52` of "from 52 to 47 days" in days too; a currency stands beside each of its numbers."""
    for place, (one, between, other) in enumerate(zip(pieces, pieces[1:], pieces[2:], strict=False)):
        unit = other.amount.unit if other.amount and between.kind is Kind.TO else None
        if unit and unit.islower() and one.amount and one.amount.unit is None:
            pieces[place] = replace(one, amount=replace(one.amount, unit=unit))
    return pieces


def _phrases(phrases: Iterable[str]) -> re.Pattern[str] | None:
    """A pattern for any of the phrases, the longest first, also with a possessive ending."""
    known = {folded(phrase).casefold() for phrase in phrases} - {""}
    return re.compile(rf"({any_of(known)}){_TAIL}(?:'s?(?!\w))?", re.IGNORECASE) if known else None


def _ratio(text: str, at: int) -> Piece | None:
    match = _PHRASE.match(text, at)
    if match is None or words()[match[1].lower()].kind is not Kind.RATIO:
        return None
    told = words()[match[1].lower()]
    over, _, under = told.says.partition("/")
    value = Decimal(over) / Decimal(under or 1)
    return Piece(
        Kind.RATIO,
        match[0],
        match.span(),
        amount=Amount(value, value / 20, "times"),
        leads=told.leads,
        moves=told.moves,
    )


def _lexicon(phrases: Iterable[str]) -> str:
    """An alternation of phrases; one that ends in a letter ends a word."""
    ordered = sorted(phrases, key=len, reverse=True)
    return "|".join(re.escape(one).replace(r"\ ", r"\s+") + (_TAIL if one[-1].isalnum() else "") for one in ordered)


_PHRASE = re.compile(rf"({_lexicon(words())})", re.IGNORECASE)
_HEDGE = re.compile(rf"({_lexicon(hedges())})\s*(?:an?\s+)?", re.IGNORECASE)
