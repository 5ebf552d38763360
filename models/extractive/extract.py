"""Filling a schema from a text without a language model: values of declared kinds, each with the words that say it."""

from collections.abc import Mapping, Sequence

import numpy as np
from pydantic import BaseModel, JsonValue, ValidationError

from core.errors import RejectedError, UnsupportedError
from models.embeddings import Embedder
from models.extractive.arguments import resolved
from models.extractive.values import Property, Said, values
from models.language import Call, Extracted, T
from models.text.sentences import sentence_spans
from models.text.words import content_stems

Span = tuple[int, int]

#: Below this cosine with what a field is about, no sentence is quoted for it.
ABOUT = 0.3
#: At most this many sentences are compared by meaning; of a longer text those that share most words.
MOST_COMPARED = 64


async def extract(schema: type[T], text: str, *, call: Call, embedder: Embedder) -> Extracted[T]:
    """The schema filled from the text, with the span of each field that was found.

    A field is filled when its kind occurs once, or once in a sentence that speaks of the field (the words of its name
    and description). UnsupportedError for a field without a declared kind (models/kinds.py), RejectedError when the
    text does not say a required field.
    """
    fields = _fields(schema)
    found: dict[str, Said] = {}
    for field in fields:
        said = await _quote(field, text, embedder) if _is_quote(field) else _only(field, text, call)
        if said is not None:
            found[field.name] = said
    return _filled(schema, found)


def _fields(schema: type[BaseModel]) -> list[Property]:
    described = schema.model_json_schema()
    fields = [_field(name, described) for name in described["properties"]]
    for field in fields:
        kinds = ("enum", "const", "x-kind", "x-entity")
        if not any(kind in field.schema for kind in kinds) and field.schema.get("format") != "date":
            raise UnsupportedError(
                f"The extractive language cannot fill {schema.__name__}.{field.name}: declare it as Quote, Money, date, "
                "Person, Account (models/kinds.py) or a Literal, or configure a chat model"
            )
    return fields


def _field(name: str, root: Mapping[str, JsonValue]) -> Property:
    properties = root["properties"]
    assert isinstance(properties, dict)
    stated = properties[name]
    assert isinstance(stated, dict)
    inner = resolved(stated, root)
    if "const" in inner:
        inner = {**inner, "enum": [inner["const"]]}
    return Property(name, {**inner, "description": stated.get("description", "")})


def _is_quote(field: Property) -> bool:
    return field.schema.get("x-kind") == "quote"


def _topic(field: Property) -> str:
    return f"{field.name.replace('_', ' ')} {field.schema['description']}".strip()


def _only(field: Property, text: str, call: Call) -> Said | None:
    """The one value of the field's kind; of several, the one whose sentence speaks of the field."""
    said = values(field, text, call=call)
    if len(_distinct(said)) > 1:
        topic = frozenset(content_stems(_topic(field)))
        shared = [len(topic & frozenset(content_stems(text[slice(*_sentence(text, one.span))]))) for one in said]
        said = tuple(one for one, count in zip(said, shared, strict=True) if count and count == max(shared))
    return said[0] if len(_distinct(said)) == 1 else None


def _distinct(said: Sequence[Said]) -> set[str]:
    return {str(one.value) for one in said}


def _sentence(text: str, span: Span) -> Span:
    return next((one for one in sentence_spans(text) if one[0] <= span[0] < one[1]), span)


async def _quote(field: Property, text: str, embedder: Embedder) -> Said | None:
    """The sentence nearest in meaning to what the field is about."""
    topic = _topic(field)
    stems = frozenset(content_stems(topic))
    spans = sorted(sentence_spans(text), key=lambda span: -len(stems & frozenset(content_stems(text[slice(*span)]))))[
        :MOST_COMPARED
    ]
    if not spans:
        return None
    vectors = await embedder.embed([topic, *(text[slice(*span)] for span in spans)])
    cosines = vectors[1:] @ vectors[0]
    best = int(np.argmax(cosines))
    return Said(text[slice(*spans[best])], spans[best]) if cosines[best] >= ABOUT else None


def _filled(schema: type[T], found: Mapping[str, Said]) -> Extracted[T]:
    try:
        value = schema.model_validate({name: said.value for name, said in found.items()})
    except ValidationError as error:
        lacking = ", ".join(sorted({str(detail["loc"][0]) for detail in error.errors() if detail["loc"]}))
        raise RejectedError(f"The text does not state {lacking!r} of {schema.__name__}") from None
    return Extracted(value, {name: said.span for name, said in found.items()})
