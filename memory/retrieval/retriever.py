"""Search: from a question to passages that the one who asks may read."""

import asyncio
import time
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, replace

from core import telemetry
from core.errors import InvalidInputError
from core.identity import Principal
from memory.indexes.base import Hit, Scope, Searchable
from memory.retrieval.access import Fence, Register
from memory.retrieval.fusion import Place, fused, peaks, place, with_neighbours
from memory.retrieval.recipes import Leg, Recipe
from memory.retrieval.windows import Window, ranges_around, windows
from models.embeddings import Embedder
from models.evidence import Source
from models.text.clauses import trimmed
from models.text.plain import plain
from models.text.titles import title_factors
from models.text.words import asked_stems, asked_words

#: How often a leg is asked for twice as many hits when the fence has dropped some of them.
ROUNDS = 3

Search = Callable[[int], Awaitable[list[Hit]]]


@dataclass(frozen=True, slots=True)
class Passage:
    """A source with its rank's score, which compares passages of one search only.

    `source.score` is the cosine between the question and the best chunk shown, 0 where the dense leg did not find it.
    """

    source: Source
    score: float


class Retriever:
    """Finds passages in an index, fenced by the documents' rows."""

    def __init__(self, index: Searchable, embedder: Embedder, register: Register) -> None:
        self._index = index
        self._embedder = embedder
        self._register = register

    async def search(
        self,
        question: str,
        *,
        principal: Principal,
        recipe: Recipe,
        documents: Sequence[str] | None = None,
        speaker: str | None = None,
        limit: int = 5,
    ) -> list[Passage]:
        """At most `limit` passages, best first, in all at most `limit * recipe.words` words but for longer chunks.

        `documents` and `speaker` narrow the search; no documents (an empty sequence) find nothing. InvalidInputError
        for a question without a word.
        """
        if not asked_words(question):
            raise InvalidInputError(f"The question {question!r} has no word to search for: ask with words")
        scope = Scope(principal, None if documents is None else tuple(documents), speaker)
        began = time.perf_counter()
        with telemetry.span("retrieval.search", {"sophia.recipe": recipe.name}):
            passages = await self._search(question, scope, recipe, limit)
        telemetry.retrieval_seconds.record(time.perf_counter() - began, {"sophia.recipe": recipe.name})
        return passages

    async def _search(self, question: str, scope: Scope, recipe: Recipe, limit: int) -> list[Passage]:
        fence = Fence(self._register, scope.principal)
        legs = await self._hits(question, scope, recipe, fence)
        scores = with_neighbours(fused(legs.values(), constant=recipe.rank_constant), recipe.neighbours)
        factors = title_factors(asked_stems(question), fence.names({at.document for at in scores}))
        scores = {at: score * factors[at.document] for at, score in scores.items()}
        chosen = peaks(scores, limit=limit, spread=recipe.spread, repeat=recipe.repeat)
        places = [at for at, _ in chosen]
        chunks = await self._index.read(ranges_around(places), scope=Scope(scope.principal, scope.documents))
        cosines = {place(hit): hit.score for hit in legs.get(Leg.DENSE, ())}
        ranked = dict(chosen)
        return [
            Passage(_source(window, fence, cosines), ranked[window.at])
            for window in windows(places, chunks, scores, words=recipe.words)
        ]

    async def _hits(self, question: str, scope: Scope, recipe: Recipe, fence: Fence) -> dict[Leg, list[Hit]]:
        """What each leg found and the fence let pass; where it dropped some, the legs are asked for more."""
        searches = [self._leg(leg, question, scope) for leg in recipe.legs]
        kept: list[list[Hit]] = []
        for fetched in (recipe.depth * 2**attempt for attempt in range(ROUNDS)):
            found = await asyncio.gather(*(search(fetched) for search in searches))
            await fence.look_up(hit for hits in found for hit in hits)
            kept = [[hit for hit in hits if fence.passes(hit)][: recipe.depth] for hits in found]
            if all(len(hits) < fetched or len(held) == recipe.depth for hits, held in zip(found, kept, strict=True)):
                break
        return dict(zip(recipe.legs, kept, strict=True))

    def _leg(self, leg: Leg, question: str, scope: Scope) -> Search:
        async def by_words(limit: int) -> list[Hit]:
            return await self._index.keyword(asked_words(question), scope=scope, limit=limit)

        async def by_meaning(limit: int) -> list[Hit]:
            vectors = await self._embedder.embed([plain(trimmed(question))])
            return await self._index.dense(vectors[0], scope=scope, limit=limit)

        return {Leg.KEYWORD: by_words, Leg.DENSE: by_meaning}[leg]


def _source(window: Window, fence: Fence, cosines: dict[Place, float]) -> Source:
    standing = fence[window.at.document]
    said = zip(window.utterances, window.places, strict=True)
    return Source(
        document=window.at.document,
        content_hash=window.at.version,
        title=standing.title,
        label=standing.access.label,
        utterances=tuple(replace(one, score=cosines.get(at)) for one, at in said),
        score=max((cosines.get(shown, 0.0) for shown in window.places), default=0.0),
        held=standing.held,
    )
