"""Arguments a model proposed: kept where they fit the schema and somebody said them, dropped where not."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from functools import cached_property

from jsonschema_rs import Draft202012Validator
from pydantic import JsonValue

from models.chat.dates import dates_meant
from models.claimed import Number
from models.claims import claims, folded, words
from models.entities import Entity
from models.language import Call
from models.names import stem

_SMALL = frozenset(
    [
        "a",
        "an",
        "the",
        "of",
        "in",
        "on",
        "for",
        "to",
        "and",
        "or",
        "with",
        "by",
        "at",
        "from",
        "about",
        "is",
        "are",
        "was",
        "were",
        "be",
        "do",
        "does",
        "did",
    ]
)
Schema = Mapping[str, JsonValue]


@dataclass(frozen=True)
class Ground:
    """What an argument may be taken from: words somebody said, known names, the previous turn, today's date."""

    text: str
    call: Call

    @cached_property
    def stems(self) -> frozenset[str]:
        """The words of the text and of previous values, by stem."""
        said = [self.text, *(str(value) for value in self.call.previous.values())]
        return frozenset(stem(word) for line in said for word in words(folded(line)))

    @cached_property
    def numbers(self) -> tuple[Number, ...]:
        """The numbers of the text, in every reading."""
        return tuple(number for claim in claims(folded(self.text)) for number in claim.numbers)

    @cached_property
    def dates(self) -> frozenset[date]:
        """The days the text can mean."""
        return dates_meant(self.text, self.call.now.date())

    @property
    def mentioned(self) -> Iterator[Entity]:
        """The known names of which the text, or the previous turn, has a word."""
        for entity in self.call.entities:
            spellings = folded(" ".join((entity.name, *entity.aliases)))
            if any(stem(word) in self.stems for word in words(spellings) if len(word) > 2 and word not in _SMALL):
                yield entity

    def entity(self, kind: str, value: str) -> Entity | None:
        """The known name that `value` spells, if the text mentions it."""
        wanted = value.casefold()
        for entity in self.mentioned:
            if entity.kind == kind and wanted in (spelling.casefold() for spelling in (entity.name, *entity.aliases)):
                return entity
        return None

    def says(self, text: str) -> bool:
        """Whether every word of `text` that means something was said."""
        return all(stem(word) in self.stems for word in words(folded(text)) if word not in _SMALL)


def grounded(
    proposed: Mapping[str, JsonValue], parameters: Schema, ground: Ground
) -> tuple[dict[str, JsonValue], tuple[str, ...]]:
    """The arguments that stand, and the names of required ones that are missing."""
    properties = _mapping(parameters.get("properties"))
    kept: dict[str, JsonValue] = {}
    for name, value in proposed.items():
        schema = _branch(_mapping(properties.get(name)), value, parameters) if name in properties else None
        traced = _traced(name, value, schema, parameters, ground) if schema is not None else None
        if traced is not None:
            kept[name] = traced
    required = parameters.get("required")
    names = [str(name) for name in required] if isinstance(required, list) else []
    return kept, tuple(name for name in names if name not in kept)


def _traced(name: str, value: JsonValue, schema: Schema, root: Schema, ground: Ground) -> JsonValue:
    """The value, spelled as known, or None where nobody said it. Defaults and previous values are nobody's guess."""
    if value is None or ("default" in schema and value == schema["default"]) or value == schema.get("const", ...):
        return value
    if value in ground.call.previous.values():
        return value
    if isinstance(value, Mapping):
        inner, missing = grounded(value, schema if "properties" in schema else {**schema, "properties": {}}, ground)
        return inner if inner and not missing else None
    if isinstance(value, Sequence) and not isinstance(value, str):
        items = _mapping(schema.get("items"))
        traced = [_traced(name, item, _branch(items, item, root) or {}, root, ground) for item in value]
        return [item for item in traced if item is not None] or None
    return (
        value
        if isinstance(value, str | bool | int | float) and _said(name, value, schema, ground)
        else _name(value, schema, ground)
    )


def _said(name: str, value: str | float | bool, schema: Schema, ground: Ground) -> bool:
    if isinstance(value, bool):
        return ground.says(name.replace("_", " "))
    if isinstance(value, int | float):
        wanted = Decimal(str(value))
        return any(
            number.value == (wanted * 100 if number.percent and wanted < 1 else wanted) for number in ground.numbers
        )
    if "x-entity" in schema:
        return False
    if str(schema.get("format", "")).startswith("date"):
        return _day(value) in ground.dates
    if "enum" in schema:
        return ground.says(value.replace("_", " "))
    return ground.says(value)


def _name(value: JsonValue, schema: Schema, ground: Ground) -> str | None:
    kind = schema.get("x-entity")
    entity = ground.entity(str(kind), str(value)) if kind else None
    return entity.name if entity else None


def _day(value: str) -> date | None:
    try:
        return datetime.fromisoformat(value).date()
    except ValueError:
        return None


def _branch(schema: Schema, value: JsonValue, root: Schema) -> Schema | None:
    """The schema the value satisfies: of alternatives the first that does, references followed; None if it does not."""
    resolved = _resolved(schema, root)
    alternatives = resolved.get("anyOf") or resolved.get("oneOf")
    if isinstance(alternatives, list):
        branches = (_branch(_mapping(alternative), value, root) for alternative in alternatives)
        return next((branch for branch in branches if branch is not None), None)
    whole = {**resolved, "$defs": root.get("$defs", {})}
    return resolved if Draft202012Validator(whole).is_valid(value) else None


def _resolved(schema: Schema, root: Schema) -> Schema:
    reference = schema.get("$ref")
    if not isinstance(reference, str):
        return schema
    return _mapping(_mapping(root.get("$defs")).get(reference.rsplit("/", 1)[-1]))


def _mapping(value: object) -> Schema:
    return value if isinstance(value, Mapping) else {}
