"""Arguments of a chosen option, filled by the kinds of its JSON schema; what is not said is missing, never guessed."""

import json
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from pydantic import JsonValue

from models.claims import folded, outer_quotations
from models.extractive.amounts import overlap
from models.extractive.values import Property, Said, values
from models.language import Call
from models.text.words import stem, words

Schema = Mapping[str, JsonValue]

#: A question like this takes over what the previous turn was about ("and what about pricing?").
_FOLLOW_UP = re.compile(
    r"^\W*(?:and|also|what about|how about|same)\b|\b(?:it|its|that|this|those|these|they|them|their|he|him|his|she|her"
    r"|there|same one|the same)\b",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Filled:
    """Arguments that were found, and the names of required ones that were not."""

    arguments: Mapping[str, JsonValue]
    missing: tuple[str, ...]


def fill(parameters: Schema, question: str, *, call: Call) -> Filled:
    """Fill the properties of an object schema from the question, then from the arguments of the previous turn.

    A property is filled when exactly one value of its kind is said, or one is said next to the property's own words
    ("amount", "owner"). Quoted words that stand next to the words of another property are that one's. The previous turn
    fills what is required, and everything in a follow-up question.
    """
    properties = _mapping(parameters.get("properties"))
    listed = [Property(name, resolved(_mapping(schema), parameters)) for name, schema in properties.items()]
    required = parameters.get("required")
    needed = [name for name in required if isinstance(name, str)] if isinstance(required, list) else []
    follows = _FOLLOW_UP.search(question) is not None
    arguments: dict[str, JsonValue] = {}
    for asked in listed:
        found = _words(asked, listed, question, call) if asked.free else _one(asked, question, call)
        if found is None and asked.name in call.previous and (follows or asked.name in needed):
            found = call.previous[asked.name]
        if found is not None:
            arguments[asked.name] = found
    return Filled(arguments, tuple(name for name in needed if name not in arguments))


def resolved(schema: Schema, root: Schema) -> Schema:
    """The schema behind a reference or an optional (`anyOf` with null), as pydantic writes them."""
    reference = schema.get("$ref")
    if isinstance(reference, str):
        found: JsonValue = dict(root)
        for step in reference.removeprefix("#/").split("/"):
            found = _mapping(found).get(step)
        return resolved(_mapping(found), root)
    for word in ("anyOf", "oneOf", "allOf"):
        alternatives = schema.get(word)
        if isinstance(alternatives, list):
            kinds = [_mapping(one) for one in alternatives if _mapping(one).get("type") != "null"]
            return resolved(kinds[0], root) if len(kinds) == 1 else schema
    return schema


def _one(asked: Property, question: str, call: Call) -> JsonValue:
    """The value of one property, or None when it is not said or cannot be told."""
    schema = asked.schema
    if "const" in schema:
        return schema["const"]
    if schema.get("type") == "object":
        inner = fill(schema, question, call=call)
        return None if inner.missing or not inner.arguments else dict(inner.arguments)
    if schema.get("type") == "array":
        items = Property(asked.name, resolved(_mapping(schema.get("items")), schema))
        return _distinct(values(items, question, call=call)) or None
    said = _distinct(values(asked, question, call=call))
    if len(said) > 1:
        said = _distinct(one for one in values(asked, question, call=call) if _beside(asked, one, question))
    return said[0] if len(said) == 1 else None


def _words(asked: Property, properties: Sequence[Property], question: str, call: Call) -> JsonValue:
    """Quoted words for a property that any words may fill: those next to its own words, else those next to no other's."""
    if "const" in asked.schema:
        return asked.schema["const"]
    said = values(asked, question, call=call)
    own = _distinct(one for one in said if _beside(asked, one, question))
    others = [other for other in properties if other.free and other != asked]
    left = _distinct(one for one in said if not any(_beside(other, one, question) for other in others))
    found = own or left
    return found[0] if len(found) == 1 else None


def _distinct(said: Iterable[Said]) -> list[JsonValue]:
    return list({json.dumps(one.value): one.value for one in said}.values())


def _beside(asked: Property, said: Said, question: str) -> bool:
    """Whether a word of the property's name stands within three words before the value or right after it, or one that
    introduces such a value within three words before it. Words in quotation marks count for nothing, and cut off.
    """
    own = {stem(word) for word in asked.words}
    quoted = [span for _, span in outer_quotations(folded(question)) if not overlap(span, said.span)]
    since = max((end for _, end in quoted if end <= said.span[0]), default=0)
    until = min((start for start, _ in quoted if start >= said.span[1]), default=len(question))
    before = {stem(word) for word in words(question[since : said.span[0]])[-3:]}
    after = {stem(word) for word in words(question[said.span[1] : until])[:1]}
    return bool((before | after) & own or before & asked.introduced)


def _mapping(value: JsonValue) -> Schema:
    return value if isinstance(value, dict) else {}
