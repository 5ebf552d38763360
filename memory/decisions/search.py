"""Decisions found by words and by meaning, over passages few enough to be looked through one by one.

A company makes thousands of decisions, not millions: what an encoder made of their passages is kept in the database by the
hash of the text, and each question is held against all that the asker may read. What is ready in memory is ready for just
those decisions, in just those words, so that nothing has to be kept in step with the ledger.
"""

import asyncio
import hashlib
from collections import OrderedDict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import sqlalchemy as sa
from sqlalchemy import Connection

from core.database import Database, reading, transaction
from memory.decisions.framing import bare
from memory.decisions.history import Kept
from memory.decisions.model import Decision
from memory.decisions.passages import Passage, passages
from memory.decisions.ranking import Ranking
from memory.decisions.tables import vectors
from models.embeddings import WORD_DIMENSIONS, Embedder, Encoded

HASHES_A_QUERY = 500
READY = 4
"""So many sets of decisions are kept ready: those of askers with different access."""
TOGETHER = 64
"""Passages are encoded so many at once, and kept before the next."""

_Set = tuple[tuple[str, Decision], ...]


@dataclass(frozen=True, slots=True)
class Found:
    """A decision that a question may be about, with the alternative among it that is nearest.

    `score` orders; `nearness` is the best cosine of any of its passages. `covered` is the share of what the question says
    that the decision says too, each word weighed by its rarity.
    """

    kept: Kept
    alternative: int | None
    score: float
    nearness: float
    covered: float


@dataclass(frozen=True, slots=True)
class _Ready:
    passages: Sequence[Passage]
    ranking: Ranking


class DecisionSearch:
    """Looks through the passages of decisions that it is given, which are those that somebody may read."""

    def __init__(self, database: Database, embedder: Embedder) -> None:
        self.database = database
        self._embedder = embedder
        self._space = f"{embedder.id}+words"
        self._last: tuple[str, Encoded] | None = None
        self._ready: OrderedDict[tuple[str, _Set], _Ready] = OrderedDict()

    async def find(
        self, question: str, among: Sequence[Kept], *, tenant: str, limit: int, rejected: bool = False
    ) -> list[Found]:
        """The decisions nearest to the question, best first; `rejected` looks only at what was turned down in them."""
        if not among or not question.strip():
            return []
        ready = await self._made_ready(among, tenant)
        about = bare(question)
        asked = await self._asked(about)
        ranked = await asyncio.to_thread(ready.ranking.ranked, about, asked, limit=limit, rejected=rejected)
        by_id = {kept.id: kept for kept in among}
        best = [(ready.passages[one.passage], one) for one in ranked]
        return [
            Found(by_id[passage.decision], passage.alternative, one.score, one.nearness, one.covered)
            for passage, one in best
        ]

    async def _asked(self, about: str) -> Encoded:
        """The question encoded; the last one is remembered, because several things are asked of the ledger with it."""
        last = self._last
        if last is None or last[0] != about:
            [encoded] = await self._embedder.encode([about])
            self._last = last = about, encoded
        return last[1]

    async def _made_ready(self, among: Sequence[Kept], tenant: str) -> _Ready:
        key = tenant, tuple((kept.id, kept.decision) for kept in among)
        ready = self._ready.get(key)
        if ready is None:
            every = [passage for kept in among for passage in passages(kept)]
            encoded = await self._encoded([passage.text for passage in every], tenant)
            ready = _Ready(every, await asyncio.to_thread(Ranking, every, encoded))
            self._ready[key] = ready
        self._ready.move_to_end(key)
        while len(self._ready) > READY:
            self._ready.popitem(last=False)
        return ready

    async def _encoded(self, texts: Sequence[str], tenant: str) -> list[Encoded]:
        """One a text; what was never encoded is, and kept."""
        hashes = [hashlib.sha256(text.encode()).hexdigest() for text in texts]
        known = await self._known(hashes, tenant)
        missing = {key: text for key, text in zip(hashes, texts, strict=True) if key not in known}
        keys = list(missing)
        for start in range(0, len(keys), TOGETHER):
            some = keys[start : start + TOGETHER]
            made = dict(zip(some, await self._embedder.encode([missing[key] for key in some]), strict=True))
            await self._keep(made, tenant)
            known |= made
        return [known[key] for key in hashes]

    @reading
    def _known(self, connection: Connection, hashes: Sequence[str], tenant: str) -> dict[str, Encoded]:
        mine = (vectors.c.tenant == tenant) & (vectors.c.embedder == self._space)
        query = sa.select(vectors.c.text_hash, vectors.c.vector).where(mine)
        found: dict[str, Encoded] = {}
        for start in range(0, len(hashes), HASHES_A_QUERY):
            some = hashes[start : start + HASHES_A_QUERY]
            rows = connection.execute(query.where(vectors.c.text_hash.in_(some)))
            found |= {row.text_hash: _unpacked(row.vector, self._embedder.dimensions) for row in rows}
        return found

    @transaction
    def _keep(self, connection: Connection, made: Mapping[str, Encoded], tenant: str) -> None:
        rows = [
            {"tenant": tenant, "embedder": self._space, "text_hash": key, "vector": _packed(one)}
            for key, one in made.items()
        ]
        connection.execute(sa.insert(vectors).prefix_with("OR IGNORE"), rows)


def _packed(encoded: Encoded) -> bytes:
    """The vector, then the words, row by row."""
    return encoded.vector.tobytes() + encoded.words.tobytes()


def _unpacked(stored: bytes, dimensions: int) -> Encoded:
    vector = np.frombuffer(stored, np.float32, dimensions)
    words = np.frombuffer(stored, np.float16, offset=vector.nbytes)
    return Encoded(vector, words.reshape(-1, WORD_DIMENSIONS))
