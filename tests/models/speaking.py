"""A language that answers with its own name, or fails."""

from collections.abc import AsyncIterator, Callable, Sequence
from dataclasses import dataclass, field

from core.errors import SophiaError, UnavailableError
from models.language import Brief, Call, Choice, Extracted, Option, Sentence, T
from tests.models.material import sentence


@dataclass
class Speaker:
    """`asked` has the terms of every call; of sentences, `after` so many it fails."""

    name: str
    fails: Callable[[], SophiaError] | None = None
    after: int = 0
    sentences: int = 2
    asked: list[Call] = field(default_factory=list)

    async def choose(self, question: str, options: Sequence[Option], *, call: Call) -> Sequence[Choice]:
        self._ask(call)
        return [Choice(self.name, question, 1.0)]

    async def extract(self, schema: type[T], text: str, *, call: Call) -> Extracted[T]:
        self._ask(call)
        return Extracted(schema(), {})

    async def write(self, brief: Brief, *, call: Call) -> AsyncIterator[Sentence]:
        self.asked.append(call)
        for place in range(self.sentences):
            if self.fails and place == self.after:
                raise self.fails()
            yield sentence(f"{self.name} {place}")
        if self.fails and self.sentences == 0:
            raise self.fails()

    def _ask(self, call: Call) -> None:
        self.asked.append(call)
        if self.fails:
            raise self.fails()


def down() -> SophiaError:
    return UnavailableError("down")
