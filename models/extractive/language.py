"""The extractive language: the three verbs of the port over an embedder, without a language model."""

from collections.abc import AsyncIterator, Sequence

from models.embeddings import Embedder
from models.extractive import extract as extracting
from models.extractive import write as writing
from models.extractive.choose import Chooser
from models.extractive.evidence import enough_for
from models.language import Brief, Call, Choice, Extracted, Option, Sentence, T


class Extractive:
    """Chooses by similarity to examples, extracts values of declared kinds, writes in the speakers' own words.

    It spends no budget and keeps nothing of a call but what it learnt of the options.
    """

    def __init__(self, embedder: Embedder, *, library: Embedder | None = None) -> None:
        self._embedder = embedder
        self._chooser = Chooser(embedder, library=library)

    async def choose(self, question: str, options: Sequence[Option], *, call: Call) -> Sequence[Choice]:
        """The options a question asks for, each with its own part of it; none when it is out of scope."""
        return await self._chooser.choose(question, options, call=call)

    async def prepare(self, options: Sequence[Option]) -> None:
        """Learn the options ahead of the first question: a second or two for a few, ten for a hundred."""
        await self._chooser.classifier(options)

    async def extract(self, schema: type[T], text: str, *, call: Call) -> Extracted[T]:
        """The schema with what the text says of it; UnsupportedError for a field of no declared kind."""
        return await extracting.extract(schema, text, call=call, embedder=self._embedder)

    def write(self, brief: Brief, *, call: Call) -> AsyncIterator[Sentence]:
        """The text a brief asks for, in quotations and bound figures."""
        return writing.write(brief, call=call, enough=enough_for(self._embedder.id))
