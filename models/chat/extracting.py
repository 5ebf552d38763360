"""A schema whose every field carries a quotation, and the fields whose quotation stands in the text."""

import re
from collections.abc import Mapping
from typing import Any

from pydantic import BaseModel, JsonValue, ValidationError

from core.errors import RejectedError
from models.chat.arguments import Ground, grounded
from models.claims import folded
from models.language import Call, Extracted, T


def quoting_schema(schema: type[BaseModel]) -> dict[str, Any]:
    """A JSON schema in which each field of `schema` is null or a value with the words that state it."""
    plain = schema.model_json_schema()
    fields = {name: {"anyOf": [_quoted(field), {"type": "null"}]} for name, field in plain["properties"].items()}
    return {
        "title": schema.__name__,
        "description": plain.get("description", f"What the text states of a {schema.__name__}."),
        "type": "object",
        "properties": fields,
        "required": list(fields),
        "additionalProperties": False,
        **({"$defs": plain["$defs"]} if "$defs" in plain else {}),
    }


def located(schema: type[T], answered: Mapping[str, Any], text: str, call: Call) -> Extracted[T]:
    """The schema filled with the fields whose quotation stands in the text and states the value.

    RejectedError where a required field is left without one.
    """
    parameters = schema.model_json_schema()
    filled: dict[str, JsonValue] = {}
    spans: dict[str, tuple[int, int]] = {}
    for name in schema.model_fields:
        answer = answered.get(name)
        span = find(str(answer.get("quote", "")), text) if isinstance(answer, Mapping) else None
        if span is None or not isinstance(answer, Mapping):
            continue
        value = _stated(name, answer.get("value"), parameters, Ground(text[slice(*span)], call))
        if value is not None:
            filled[name], spans[name] = value, span
    try:
        return Extracted(schema.model_validate(filled), spans)
    except ValidationError as error:
        lacking = ", ".join(sorted({str(detail["loc"][0]) for detail in error.errors() if detail["loc"]}))
        raise RejectedError(f"The text does not state {lacking or 'the schema'!r} of {schema.__name__}") from None


def find(quotation: str, text: str) -> tuple[int, int] | None:
    """Where the quoted words stand in the text, whatever the white space and the kind of quotation marks."""
    wanted = folded(quotation).split()
    if not wanted:
        return None
    match = re.search(r"\s+".join(map(re.escape, wanted)), folded(text), re.IGNORECASE)
    return match.span() if match else None


def _stated(name: str, value: JsonValue, parameters: Mapping[str, Any], ground: Ground) -> JsonValue:
    """The value if the quotation states it. One of a list, and yes or no, are a reading of it, so they only need to fit."""
    loose = {**parameters, "required": []}
    field = parameters["properties"][name]
    reading = isinstance(value, bool) or "enum" in _followed(field, parameters)
    if reading:
        loose = {**loose, "properties": {name: {**field, "default": value}}}
    kept, _ = grounded({name: value}, loose, ground)
    return kept.get(name)


def _followed(field: Mapping[str, Any], parameters: Mapping[str, Any]) -> Mapping[str, Any]:
    for alternative in (field, *field.get("anyOf", ())):
        if "$ref" in alternative:
            alternative = parameters["$defs"][alternative["$ref"].rsplit("/", 1)[-1]]
        if "enum" in alternative:
            return dict(alternative)
    return field


def _quoted(field: Mapping[str, Any]) -> dict[str, Any]:
    value = {key: part for key, part in field.items() if key != "default"}
    return {
        "type": "object",
        "properties": {"value": value, "quote": {"type": "string"}},
        "required": ["value", "quote"],
        "additionalProperties": False,
    }
