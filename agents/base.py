"""What every specialist is given, and what it gives back."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any, Protocol

from pydantic import JsonValue, TypeAdapter

from core.identity import Label, Principal
from memory.decisions.history import Kept
from memory.decisions.recall import Due, Recalled
from memory.decisions.told import Told
from models.entities import Entity
from models.evidence import Figure, Source
from models.language import Call, Form, Language, Part, Sentence


class ToolCaller(Protocol):
    """Calls one tool of one MCP server on behalf of a principal."""

    async def call(
        self, principal: Principal, tool: str, arguments: Mapping[str, JsonValue], *, deadline: datetime | None = None
    ) -> "ToolAnswer": ...


class ToolAnswer(Protocol):
    """What a tool returned: data that came from outside, never instructions."""

    @property
    def structured(self) -> Mapping[str, Any]: ...

    @property
    def label(self) -> Label: ...


class Remembers(Protocol):
    """What was decided, as far as a principal may read it; what he tells of waits until a person confirms it."""

    async def recalled(self, question: str, principal: Principal) -> Recalled: ...

    async def every(self, principal: Principal) -> Sequence[Kept]: ...

    async def due(self, principal: Principal) -> Sequence[Due]: ...

    async def propose(self, told: Told, run: str, principal: Principal, *, on: date, label: Label) -> str: ...


@dataclass(frozen=True, slots=True)
class Turn:
    """The context of one run: who asks, until when, and the ports a specialist may use. Built by `api`, never stored.

    `label` is the highest label of what the conversation holds already: no language call of the turn is labelled lower.
    `now` is of the company's day; `present` is the moment by the clock, on which platforms are seen.
    """

    principal: Principal
    now: datetime
    deadline: datetime
    language: Language
    tools: ToolCaller
    entities: tuple[Entity, ...] = ()
    label: Label = Label.INTERNAL
    decisions: Remembers | None = None
    present: datetime | None = None

    def call(
        self,
        purpose: str,
        *,
        label: Label = Label.PUBLIC,
        previous: Mapping[str, JsonValue] | None = None,
        withheld: Callable[[str], None] | None = None,
    ) -> Call:
        """The terms of a language call made on this turn; `label` is that of the material, the conversation's is added."""
        return Call(
            principal=self.principal,
            purpose=purpose,
            now=self.now,
            label=max(label, self.label),
            deadline=self.deadline,
            entities=self.entities,
            previous=previous or {},
            withheld=withheld,
        )


@dataclass(frozen=True, slots=True)
class Task:
    """One specialist's share of a question. `calls` limits it to these documents; empty means all that may be read.

    A `tentative` task is asked of a specialist whom the question is not quite for: what it finds counts only if it is
    strong enough to be cited. `part` says that the user's question has other parts besides.
    """

    specialist: str
    question: str
    calls: tuple[str, ...] = ()
    confidence: float = 1.0
    previous: Mapping[str, JsonValue] = field(default_factory=dict)
    tentative: bool = False
    part: bool = False


@dataclass(frozen=True, slots=True)
class Finding:
    """What a specialist found: material for the writer, or a note that says why there is none.

    `lines` are sentences on the sources and figures that stand as they are, once they pass the citation check.
    `question` is the task's, `asked` the part of it that this answers, where it is another. `note` claims nothing about
    the material ("Which call do you mean?"); `arguments` is what the conversation should
    remember for its next turn; `label` is the highest label of what was read, `documents` what was read besides the
    sources. Of a `tentative` finding only sentences that cite something are shown; one that `acted`, by putting a plan
    before those who may approve it, is always told. `unknown` is the whole of what was asked about to the specialist: a question
    may still have been talked about on calls.
    """

    specialist: str
    question: str
    form: Form = Form.ANSWER
    sources: tuple[Source, ...] = ()
    figures: tuple[Figure, ...] = ()
    parts: tuple[Part, ...] = ()
    lines: tuple[Sentence, ...] = ()
    note: str | None = None
    asked: str | None = None
    arguments: Mapping[str, JsonValue] = field(default_factory=dict)
    label: Label = Label.PUBLIC
    documents: tuple[str, ...] = ()
    tentative: bool = False
    acted: bool = False
    unknown: bool = False


TASK, FINDING = TypeAdapter(Task), TypeAdapter(Finding)
"""To plain data and back: a checkpoint holds nothing else, so that it can bring no type to life."""
