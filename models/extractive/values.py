"""The values of one kind that a text says: days, numbers, known names, members of a list, quoted words."""

import json
import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time

from pydantic import JsonValue

from models.claims import folded, outer_quotations
from models.extractive.amounts import Amount, Span, amounts, overlap
from models.extractive.gazetteer import names_in
from models.language import Call
from models.text.dates import mentions
from models.text.days import Days
from models.text.words import STOP_WORDS, stem, words

Schema = Mapping[str, JsonValue]

_SCALED = re.compile(r"(?:k|m|mn|mm|b|bn|thousand|million|billion)$", re.IGNORECASE)
#: What the words of a date property's name say about it.
_BEGINS = frozenset(
    {"from", "since", "start", "starts", "after", "begin", "first", "min", "week", "month", "quarter", "year", "period"}
)
_ENDS = frozenset({"to", "until", "till", "end", "ends", "before", "through", "by", "last", "max", "due", "deadline"})
_AHEAD = frozenset(
    {"due", "deadline", "close", "closes", "closing", "expires", "expiry", "by", "remind", "review", "next"}
)
#: How many other words may stand between the words of a member of a list.
BETWEEN = 3
#: How people introduce what something is called, and what is said or written, by words of such properties' names.
_INTRODUCED = (
    (frozenset({"name", "title", "subject", "headline"}), "called named name titled title entitled subject"),
    (frozenset({"body", "text", "message", "note", "comment", "content"}), "saying says tell with writing reading"),
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

    @property
    def free(self) -> bool:
        """Whether any words may fill it."""
        return _reader(self.schema) is _quoted and self.schema.get("type") == "string"

    @property
    def introduced(self) -> frozenset[str]:
        """The stems of words that introduce its value, besides those of its name; none but for free words."""
        said = (cues.split() for names, cues in _INTRODUCED if self.free and self.words & names)
        return frozenset(stem(word) for cues in said for word in cues)


def values(asked: Property, text: str, *, call: Call) -> tuple[Said, ...]:
    """Every value of the property's kind in the text, in order; none for a kind that words alone cannot fill.

    What stands in quotation marks is free words first: it is of another kind only where nothing else is.
    """
    found = [said for said in _reader(asked.schema)(asked, text, call) if _allowed(said.value, asked.schema)]
    if not asked.free:
        quoted = [span for _, span in outer_quotations(folded(text))]
        found = [said for said in found if not any(_within(said.span, span) for span in quoted)] or found
    return tuple(found)


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
    """Members of an `enum`, written with spaces for underscores, in any inflection; the longer of two that overlap.

    More than half of a member's words, close together, stand for it where one of them is its alone.
    """
    listed = asked.schema["enum"]
    members = {json.dumps(member): member for member in (listed if isinstance(listed, list) else [])}
    written = {key: words(re.sub(r"[_\-./]", " ", str(member))) for key, member in members.items()}
    found: list[tuple[str, Span]] = []
    for key in sorted(members, key=lambda key: -len(key)):
        found += _apart(((key, span) for span in _stretches([stem(word) for word in written[key]], text)), found)
    found += _apart(_parts({key: own for key, own in written.items() if key not in dict(found)}, text), found)
    for key, span in sorted(found, key=lambda one: one[1]):
        yield Said(members[key], span)


def _apart(candidates: Iterable[tuple[str, Span]], found: Sequence[tuple[str, Span]]) -> list[tuple[str, Span]]:
    """The candidates that overlap nothing that is found."""
    return [(key, span) for key, span in candidates if not any(overlap(span, other) for _, other in found)]


def _parts(written: Mapping[str, list[str]], text: str) -> Iterator[tuple[str, Span]]:
    """The members, by key, of which more than half of the words stand close together, one that no other has among them."""
    stems = {key: {stem(word) for word in own} - STOP_WORDS for key, own in written.items()}
    bearers = Counter(part for parts in stems.values() for part in parts)
    tokens = _tokens(text)
    for key, parts in stems.items():
        for at in range(len(tokens)):
            near = [(word, span) for word, span in tokens[at : at + len(parts) + BETWEEN] if word in parts]
            said = {word for word, _ in near}
            if 2 * len(said) > len(parts) and any(bearers[word] == 1 for word in said):
                yield key, (near[0][1][0], near[-1][1][1])
                break


def _stretches(stems: list[str], text: str) -> Iterator[Span]:
    tokens = _tokens(text)
    lowered = [word for word, _ in tokens]
    for at in range(len(tokens) - len(stems) + 1):
        if stems and lowered[at : at + len(stems)] == stems:
            yield tokens[at][1][0], tokens[at + len(stems) - 1][1][1]


def _tokens(text: str) -> list[tuple[str, Span]]:
    """The stems of a text's words, each with where the word stands."""
    found = re.finditer(r"[^\W_]+(?:'[^\W\d_]+)?", text)
    return [(stem(token.group().lower()), token.span()) for token in found]


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
    for _, (start, end) in outer_quotations(folded(text)):
        yield Said(text[start + 1 : end - 1], (start, end))


def _within(span: Span, outer: Span) -> bool:
    return outer[0] <= span[0] and span[1] <= outer[1]


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
