"""The values of one kind that a text says: days, numbers, known names, members of a list, quoted words."""

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time

from pydantic import JsonValue

from models.claims import folded, quotations
from models.extractive.amounts import Amount, Span, amounts
from models.extractive.gazetteer import names_in
from models.language import Call
from models.text.dates import mentions
from models.text.days import Days
from models.text.words import stem, words

Schema = Mapping[str, JsonValue]

_SCALED = re.compile(r"(?:k|m|mn|mm|b|bn|thousand|million|billion)$", re.IGNORECASE)
#: What the words of a date property's name say about it.
_BEGINS = frozenset(
    {"from", "since", "start", "starts", "after", "begin", "first", "week", "month", "quarter", "year", "period"}
)
_ENDS = frozenset({"to", "until", "till", "end", "ends", "before", "through", "by", "due", "deadline"})
_AHEAD = frozenset(
    {"due", "deadline", "close", "closes", "closing", "expires", "expiry", "by", "remind", "review", "next"}
)


@dataclass(frozen=True, slots=True)
class Said:
    """A value with the words that say it (half-open range of characters)."""

    value: JsonValue
    span: Span


@dataclass(frozen=True, slots=True)
class Property:
    """A property of an object schema: its name, and its schema with references resolved."""

    name: str
    schema: Schema

    @property
    def words(self) -> frozenset[str]:
        """The words of its name."""
        return frozenset(words(self.name.replace("_", " ")))


def values(asked: Property, text: str, *, call: Call) -> tuple[Said, ...]:
    """Every value of the property's kind in the text, in order; none for a kind that words alone cannot fill."""
    found = _reader(asked.schema)(asked, text, call)
    return tuple(said for said in found if _allowed(said.value, asked.schema))


def _reader(schema: Schema) -> Callable[[Property, str, Call], Iterator[Said]]:
    if "enum" in schema:
        return _members
    if schema.get("x-kind") == "money":
        return _sums
    if schema.get("type") in ("integer", "number"):
        return _numbers
    if schema.get("format") in ("date", "date-time"):
        return _dates
    if "x-entity" in schema:
        return _entities
    return _quoted


def _members(asked: Property, text: str, _call: Call) -> Iterator[Said]:
    """Members of an `enum`, written with spaces for underscores, in any inflection; the longer of two that overlap."""
    members = asked.schema["enum"]
    found: list[Said] = []
    for member in sorted(members if isinstance(members, list) else [], key=lambda one: -len(str(one))):
        stems = [stem(word) for word in words(re.sub(r"[_\-./]", " ", str(member)))]
        for span in _stretches(stems, text):
            if not any(span[0] < other.span[1] and other.span[0] < span[1] for other in found):
                found.append(Said(member, span))
    yield from sorted(found, key=lambda said: said.span)


def _stretches(stems: list[str], text: str) -> Iterator[Span]:
    tokens = list(re.finditer(r"[^\W_]+(?:'[^\W\d_]+)?", text))
    lowered = [stem(token.group().lower()) for token in tokens]
    for at in range(len(tokens) - len(stems) + 1):
        if stems and lowered[at : at + len(stems)] == stems:
            yield tokens[at].start(), tokens[at + len(stems) - 1].end()


def _sums(_asked: Property, text: str, call: Call) -> Iterator[Said]:
    """Numbers with a currency, or written as sums are ("45k", "two million")."""
    for amount in _amounts(text, call):
        if amount.currency or _SCALED.search(amount.text):
            yield Said({"amount": str(amount.value), "currency": amount.currency}, amount.span)


def _numbers(asked: Property, text: str, call: Call) -> Iterator[Said]:
    for amount in _amounts(text, call):
        whole = amount.value == amount.value.to_integral_value()
        if asked.schema.get("type") == "integer" and not whole:
            continue
        yield Said(int(amount.value) if whole else float(amount.value), amount.span)


def _amounts(text: str, call: Call) -> tuple[Amount, ...]:
    """The numbers that are no part of a date or of a known name."""
    kinds = {entity.kind for entity in call.entities}
    named = (named.span for kind in kinds for named in names_in(text, call.entities, kind=kind))
    dated = (mention.span for mention in mentions(text, today=call.now.date()))
    return amounts(text, outside=(*dated, *named))


def _dates(asked: Property, text: str, call: Call) -> Iterator[Said]:
    """Days, and the first or last of a stretch where the property's name says which end it is ("since", "until")."""
    own = asked.words
    for mention in mentions(text, today=call.now.date(), future=bool(own & _AHEAD)):
        found = _end_of(mention.days, own)
        if found is not None:
            yield Said(_written(found, asked.schema, call.now), mention.span)


def _end_of(days: Days, own: frozenset[str]) -> date | None:
    if days.single or own & _BEGINS:
        return days.first
    return days.last if own & _ENDS else None


def _written(found: date, schema: Schema, now: datetime) -> str:
    if schema.get("format") == "date":
        return found.isoformat()
    return datetime.combine(found, time(), now.tzinfo).isoformat()


def _entities(asked: Property, text: str, call: Call) -> Iterator[Said]:
    for named in names_in(text, call.entities, kind=str(asked.schema["x-entity"])):
        if named.entity is not None:
            yield Said(named.entity.name, named.span)


def _quoted(asked: Property, text: str, _call: Call) -> Iterator[Said]:
    """Free words only where they stand in quotation marks."""
    if asked.schema.get("type") != "string":
        return
    for quoted, start in quotations(folded(text)):
        yield Said(text[start + 1 : start + 1 + len(quoted)], (start, start + len(quoted) + 2))


def _allowed(value: JsonValue, schema: Schema) -> bool:
    """Whether the schema's bounds, if it has any, admit a number."""
    if isinstance(value, bool) or not isinstance(value, int | float):
        return True
    low, high = schema.get("minimum"), schema.get("maximum")
    above, below = schema.get("exclusiveMinimum"), schema.get("exclusiveMaximum")
    return (
        (not isinstance(low, int | float) or value >= low)
        and (not isinstance(high, int | float) or value <= high)
        and (not isinstance(above, int | float) or value > above)
        and (not isinstance(below, int | float) or value < below)
    )
