"""What a chunk is, and what a chunking strategy does."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Protocol

from models.evidence import Utterance


@dataclass(frozen=True)
class Chunk:
    """The unit of the index: consecutive turns, or parts of one, numbered from 0 within a version of a document."""

    number: int
    utterances: tuple[Utterance, ...]

    @property
    def turns(self) -> tuple[int, int]:
        """First and last turn, both included."""
        return self.utterances[0].turn, self.utterances[-1].turn

    @cached_property
    def text(self) -> str:
        """What is indexed and embedded: `speaker: words` lines. Times and roles would only be noise to both."""
        return "\n".join(f"{said.speaker}: {said.text}" for said in self.utterances)


class Chunking(Protocol):
    """Cuts a conversation; `id` names the strategy with its sizes, for whoever keeps what it made."""

    @property
    def id(self) -> str: ...

    def chunks(self, utterances: Sequence[Utterance]) -> tuple[Chunk, ...]:
        """Every word of every utterance in exactly one chunk, in order. No utterances, no chunks."""
        ...
