"""What a sentence may stand on: sources with their citations, and figures bound to the query that gave them."""

import hashlib
import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from core.identity import Label


@dataclass(frozen=True, slots=True)
class Utterance:
    """One turn of a conversation, or a part of it, as a source shows it.

    `span` is the half-open range of characters at which `text` stands in the document's text. `score` is how near to
    the question a search found the words around it, a cosine; None where no search by meaning did. `part` names the turn
    of a text that nobody spoke, as "reason" of a decision.
    """

    turn: int
    speaker: str
    text: str
    span: tuple[int, int]
    role: str | None = None
    at: str | None = None
    score: float | None = None
    part: str | None = None

    @property
    def attribution(self) -> str:
        """`Anna Meyer (buyer, 12:04)`, with what is known of it."""
        return attribution(self.speaker, self.role, self.at)


def attribution(speaker: str, role: str | None, at: str | None) -> str:
    """How a speaker is named before a quotation, in documents and in answers alike."""
    known = ", ".join(part for part in (role, at) if part)
    return f"{speaker} ({known})" if known else speaker


@dataclass(frozen=True, slots=True)
class Source:
    """A passage offered to the writer: consecutive turns of one version of one document."""

    document: str
    content_hash: str
    title: str
    label: Label
    utterances: tuple[Utterance, ...]
    score: float = 0.0
    held: datetime | None = None

    @property
    def turns(self) -> tuple[int, int]:
        """First and last turn, both included."""
        return self.utterances[0].turn, self.utterances[-1].turn

    @property
    def text(self) -> str:
        """The passage as `speaker (role, time): words` lines."""
        return "\n".join(f"{said.attribution}: {said.text}" for said in self.utterances)


@dataclass(frozen=True, slots=True)
class Citation:
    """Where a sentence's words stand: the version of a document, its turns, a half-open range of characters."""

    document: str
    content_hash: str
    turns: tuple[int, int]
    span: tuple[int, int]

    @property
    def id(self) -> str:
        """The id under which it can be opened: `<document>~<version>~<first>-<last turn>~<start>-<end character>`."""
        (first, last), (start, end) = self.turns, self.span
        return f"{self.document}~{self.content_hash}~{first}-{last}~{start}-{end}"


class Direction(StrEnum):
    """Which way a figure went."""

    UP = "up"
    DOWN = "down"
    FLAT = "flat"


@dataclass(frozen=True, slots=True)
class Change:
    """How a figure differs from the same one of an earlier period.

    `before` and `delta` are in the figure's unit (points where that is percent), `delta` is figure minus before.
    `relative` is `delta / |before|`, 0.04 for 4 %; None where there was nothing before. `text` is how the change may be
    written ("up 4 %"), `against` the period compared with, as a figure's `period` is told.
    """

    before: float
    delta: float
    relative: float | None
    direction: Direction
    text: str
    against: str


@dataclass(frozen=True, slots=True)
class Figure:
    """A number with its source: what was measured, over what, as of when, by which query.

    `text` is how the number is written ("43 %", "$1.2M"); `query` is what gave it, a call or SQL, so that anyone may run
    it again with its `parameters` (name and value). `at` is the words it was reckoned from, and it is told beside their
    quotation. `title` is the metric in words ("pipeline value"), `synonyms` are other words for it; `period` is what it
    was measured over ("March 2026", "2026-03-09 to 2026-03-15"). An empty `subject` means everything there is.
    """

    metric: str
    value: float
    unit: str
    text: str
    subject: str
    query: str
    as_of: str
    at: Citation | None = None
    parameters: tuple[tuple[str, str], ...] = ()
    period: str | None = None
    title: str | None = None
    change: Change | None = None
    synonyms: tuple[str, ...] = ()

    @property
    def name(self) -> str:
        """The metric in words."""
        return self.title or self.metric.replace("_", " ")

    @property
    def query_hash(self) -> str:
        """16 hex digits over metric, parameters, as-of and the query's own hash: equal where all of these are."""
        query = hashlib.sha256(self.query.encode()).hexdigest()
        bound = json.dumps([self.metric, self.parameters, self.as_of, query])
        return hashlib.sha256(bound.encode()).hexdigest()[:16]


def highest(labels: Sequence[Label]) -> Label:
    """The label of a thing made from things with these labels; public when nothing entered."""
    return max(labels, default=Label.PUBLIC)
