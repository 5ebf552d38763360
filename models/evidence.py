"""What a sentence may stand on: sources with their citations, and figures bound to the query that gave them."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from core.identity import Label


@dataclass(frozen=True, slots=True)
class Utterance:
    """One turn of a conversation, or a part of it, as a source shows it.

    `span` is the half-open range of characters at which `text` stands in the document's text. `score` is how near to
    the question a search found the words around it, a cosine; None where no search by meaning did.
    """

    turn: int
    speaker: str
    text: str
    span: tuple[int, int]
    role: str | None = None
    at: str | None = None
    score: float | None = None

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


@dataclass(frozen=True, slots=True)
class Figure:
    """A number with its source: what was measured, over what, as of when, by which query.

    `text` is the only way the number may be written in a sentence ("43 %"); `query` is the call that gave it, so that
    anyone may run it again. `at` is the words it was reckoned from, and it is told beside their quotation.
    """

    metric: str
    value: float
    unit: str
    text: str
    subject: str
    query: str
    as_of: str
    at: Citation | None = None


def highest(labels: Sequence[Label]) -> Label:
    """The label of a thing made from things with these labels; public when nothing entered."""
    return max(labels, default=Label.PUBLIC)
