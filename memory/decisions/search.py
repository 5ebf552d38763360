"""Decisions found by words and by meaning, over passages few enough to be looked through one by one.

A company makes thousands of decisions, not millions: the vectors are rows of the database, kept by the hash of their text,
and each question is held against all that the asker may read. Nothing has to be kept in step with the ledger.
"""

import hashlib
import math
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import sqlalchemy as sa
from numpy.typing import NDArray
from sqlalchemy import Connection

from core.database import Database, reading, transaction
from memory.decisions.framing import bare
from memory.decisions.history import Kept
from memory.decisions.passages import Passage, passages
from memory.decisions.tables import vectors
from models.embeddings import Embedder
from models.text.words import asked_words, content_stems, stem

WORDS = 0.15
"""What the best keyword score adds to a cosine: shared words break ties among what is near in meaning."""
K1, B = 1.2, 0.75
HASHES_A_QUERY = 500


@dataclass(frozen=True, slots=True)
class Found:
    """A decision that a question may be about, with the alternative among it that is nearest.

    `score` orders; `nearness` is the best cosine of any of its passages.
    """

    kept: Kept
    alternative: int | None
    score: float
    nearness: float


@dataclass(frozen=True, slots=True)
class _Scored:
    passage: Passage
    score: float
    nearness: float


class DecisionSearch:
    """Looks through the passages of decisions that it is given, which are those that somebody may read."""

    def __init__(self, database: Database, embedder: Embedder) -> None:
        self.database = database
        self._embedder = embedder
        self._terms: dict[str, Counter[str]] = {}

    async def find(
        self, question: str, among: Sequence[Kept], *, tenant: str, limit: int, rejected: bool = False
    ) -> list[Found]:
        """The decisions nearest to the question, best first; `rejected` looks only at what was turned down in them."""
        every = [passage for kept in among for passage in passages(kept)]
        texts = [passage for passage in every if passage.alternative is not None] if rejected else every
        if not texts or not question.strip():
            return []
        scored = await self._scored(bare(question), texts, tenant)
        best: dict[str, _Scored] = {}
        for one in scored:
            if one.passage.decision not in best:
                best[one.passage.decision] = one
        by_id = {kept.id: kept for kept in among}
        nearest = _highest((one.passage.decision, one.nearness) for one in scored)
        return [
            Found(by_id[id_], one.passage.alternative, one.score, nearest[id_])
            for id_, one in list(best.items())[:limit]
        ]

    async def _scored(self, question: str, texts: Sequence[Passage], tenant: str) -> list[_Scored]:
        [asked] = await self._embedder.embed([question])
        near = await self._vectors([passage.text for passage in texts], tenant) @ asked
        words = self._keyword(question, [passage.text for passage in texts])
        scores = _fused(near, words)
        order = sorted(range(len(texts)), key=lambda place: -scores[place])
        return [_Scored(texts[i], float(scores[i]), float(near[i])) for i in order]

    def _keyword(self, question: str, texts: Sequence[str]) -> NDArray[np.float64]:
        """BM25 of each text."""
        counts = [self._counted(text) for text in texts]
        asked = list(dict.fromkeys(stem(word) for word in asked_words(question)))
        lengths = np.array([count.total() for count in counts], dtype=float)
        usual = lengths.mean() or 1.0
        scores = np.zeros(len(texts))
        for term in asked:
            times = np.array([count[term] for count in counts], dtype=float)
            having = float((times > 0).sum())
            rarity = math.log(1 + (len(texts) - having + 0.5) / (having + 0.5))
            scores += rarity * times * (K1 + 1) / (times + K1 * (1 - B + B * lengths / usual))
        return scores

    def _counted(self, text: str) -> Counter[str]:
        if text not in self._terms:
            self._terms[text] = Counter(content_stems(text))
        return self._terms[text]

    async def _vectors(self, texts: Sequence[str], tenant: str) -> NDArray[np.float32]:
        """(len(texts), dimensions); what was never embedded is, and kept."""
        hashes = [hashlib.sha256(text.encode()).hexdigest() for text in texts]
        known = await self._known(hashes, tenant)
        missing = {key: text for key, text in zip(hashes, texts, strict=True) if key not in known}
        if missing:
            made = dict(zip(missing, await self._embedder.embed(list(missing.values())), strict=True))
            await self._keep(made, tenant)
            known |= made
        return np.stack([known[key] for key in hashes])

    @reading
    def _known(self, connection: Connection, hashes: Sequence[str], tenant: str) -> dict[str, NDArray[np.float32]]:
        mine = (vectors.c.tenant == tenant) & (vectors.c.embedder == self._embedder.id)
        query = sa.select(vectors.c.text_hash, vectors.c.vector).where(mine)
        found: dict[str, NDArray[np.float32]] = {}
        for start in range(0, len(hashes), HASHES_A_QUERY):
            some = hashes[start : start + HASHES_A_QUERY]
            rows = connection.execute(query.where(vectors.c.text_hash.in_(some)))
            found |= {row.text_hash: np.frombuffer(row.vector, np.float32) for row in rows}
        return found

    @transaction
    def _keep(self, connection: Connection, made: Mapping[str, NDArray[np.float32]], tenant: str) -> None:
        rows = [
            {"tenant": tenant, "embedder": self._embedder.id, "text_hash": key, "vector": vector.tobytes()}
            for key, vector in made.items()
        ]
        connection.execute(sa.insert(vectors).prefix_with("OR IGNORE"), rows)


def _fused(near: NDArray[np.float32], words: NDArray[np.float64]) -> NDArray[np.float64]:
    """Both legs in one score: the cosine, and the keyword score as a share of the best one."""
    most = words.max()
    return near + WORDS * words / most if most > 0 else near.astype(np.float64)


def _highest(pairs: Iterable[tuple[str, float]]) -> dict[str, float]:
    found: defaultdict[str, float] = defaultdict(float)
    for key, value in pairs:
        found[key] = max(found[key], value)
    return dict(found)
