"""A language that does as it is told: the fake of the port for tests of what stands above it."""

from collections.abc import AsyncIterator, Callable, Sequence
from dataclasses import dataclass, field

from models.language import Brief, Call, Choice, Extracted, Option, Sentence, T

Chooses = Callable[[str, Sequence[Option]], Sequence[Choice]]
Writes = Callable[[Brief, Call], Sequence[Sentence]]


def nothing(_question: str, _options: Sequence[Option]) -> Sequence[Choice]:
    return []


def quotes_all(brief: Brief, _call: Call) -> Sequence[Sentence]:
    return [Sentence(source.utterances[0].text) for source in brief.sources]


@dataclass
class ScriptedLanguage:
    """`calls` has the terms of every call, in order."""

    chooses: Chooses = nothing
    writes: Writes = quotes_all
    calls: list[Call] = field(default_factory=list)

    async def choose(self, question: str, options: Sequence[Option], *, call: Call) -> Sequence[Choice]:
        self.calls.append(call)
        return self.chooses(question, options)

    async def extract(self, schema: type[T], text: str, *, call: Call) -> Extracted[T]:
        raise NotImplementedError(f"this script extracts no {schema.__name__} from {text!r}")

    async def write(self, brief: Brief, *, call: Call) -> AsyncIterator[Sentence]:
        self.calls.append(call)
        for sentence in self.writes(brief, call):
            yield sentence
