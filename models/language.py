"""The narrow port through which everything that needs language goes.

Three verbs, so that a graph runs the same with a hosted model, a local one, or no weights at all: `choose` among
options, `extract` into a schema, `write` from a brief. Every call names who asks, how secret the material is, and how
long and how dear it may be.
"""

from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Generic, Protocol, TypeVar

from pydantic import BaseModel, JsonValue

from core.identity import Label, Principal
from models.entities import Entity
from models.evidence import Citation, Figure, Source

T = TypeVar("T", bound=BaseModel)


class Budget(Protocol):
    """What may still be spent; reserved before a call, settled after it."""

    def reserve(self, tokens: int) -> None: ...
    def settle(self, *, reserved: int, used: int) -> None: ...


@dataclass(frozen=True, slots=True)
class Call:
    """The terms of one language call.

    `deadline` is a moment, not a duration; `previous` holds the arguments of the conversation's previous turn and
    `entities` the names a principal may mention. `withheld` is told the reason each time a sentence fails the citation
    check.
    """

    principal: Principal
    purpose: str
    now: datetime
    label: Label = Label.INTERNAL
    deadline: datetime | None = None
    budget: Budget | None = None
    entities: tuple[Entity, ...] = ()
    previous: Mapping[str, JsonValue] = field(default_factory=dict)
    withheld: Callable[[str], None] | None = None


@dataclass(frozen=True, slots=True)
class Option:
    """Something that can be chosen: a specialist, a tool, an intent.

    `parameters` is the JSON schema (an object) of its arguments. A string property may carry `format: date` or
    `x-entity: <kind>`; then it is filled from dates or from known names.
    """

    name: str
    description: str
    examples: tuple[str, ...] = ()
    parameters: Mapping[str, JsonValue] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Choice:
    """A chosen option with the part of the question it answers. `missing` names required arguments not found."""

    name: str
    question: str
    confidence: float
    arguments: Mapping[str, JsonValue] = field(default_factory=dict)
    missing: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Extracted(Generic[T]):
    """A filled schema; `spans` maps each filled field to its half-open character range in the text."""

    value: T
    spans: Mapping[str, tuple[int, int]]


class Form(StrEnum):
    """What kind of text a brief asks for: an answer to the question, a summary in parts, or every source as a quotation."""

    ANSWER = "answer"
    SUMMARY = "summary"
    QUOTES = "quotes"


@dataclass(frozen=True, slots=True)
class Brief:
    """All that a writer may use: the question, the sources in order of rank, and the figures.

    A source is cited by its place in `sources`, counted from 1. `parts` orders a summary's sources under headings
    found by a kernel ("next steps" -> turns); without it the writer finds its own.
    """

    form: Form
    question: str
    sources: tuple[Source, ...] = ()
    figures: tuple[Figure, ...] = ()
    parts: tuple["Part", ...] = ()


@dataclass(frozen=True, slots=True)
class Part:
    """A heading of a summary and the turns, by document, that belong under it."""

    heading: str
    turns: tuple[tuple[str, int], ...]


@dataclass(frozen=True, slots=True)
class Sentence:
    """A sentence that passed the citation check, with what it stands on.

    `text` shows each citation as `[n]`, n being the place of its source in the brief, counted from 1. A sentence
    without sources and figures claims nothing about the material ("The material does not say.").
    """

    text: str
    sources: tuple[Citation, ...] = ()
    figures: tuple[Figure, ...] = ()


class Language(Protocol):
    """What graphs ask of language, whoever provides it."""

    async def choose(self, question: str, options: Sequence[Option], *, call: Call) -> Sequence[Choice]: ...

    async def extract(self, schema: type[T], text: str, *, call: Call) -> Extracted[T]: ...

    def write(self, brief: Brief, *, call: Call) -> AsyncIterator[Sentence]: ...
