"""Closing a stream of sentences that is left early, whichever kind of iterator it is."""

from collections.abc import AsyncGenerator, AsyncIterator
from contextlib import asynccontextmanager

from models.language import Sentence


@asynccontextmanager
async def closing(sentences: AsyncIterator[Sentence]) -> AsyncIterator[AsyncIterator[Sentence]]:
    """The stream, closed at the end of the block so that a request to a model does not outlive its reader."""
    try:
        yield sentences
    finally:
        if isinstance(sentences, AsyncGenerator):
            await sentences.aclose()
