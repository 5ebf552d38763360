"""Decisions ranked for a question by three readings of their passages: meaning, shared words, and words near in meaning.

A passage's one vector tells what it is about, BM25 finds the rare word that both have, and late interaction (Khattab and
Zaharia 2020) finds for each word of the question the nearest one as it stands in the passage. The last costs most, and
is asked of the decisions that the first two put in front. Pure: vectors and texts in, scores out.
"""

import math
from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from threadpoolctl import ThreadpoolController  # type: ignore[import-untyped]

from memory.decisions.passages import Passage
from models.embeddings import Encoded
from models.text.words import asked_words, content_stems, stem

Floats = NDArray[np.float64]

K1, B = 1.2, 0.75
WORDS = 0.2
"""What the best keyword score adds to a cosine: shared words break ties among what is near in meaning."""
SPEAKING = 3
"""So many passages speak for a decision: half of its nearness is that of the best one, half the mean of these."""
WHOLE = 1.0
"""What the words of a whole decision count beside those of its best passage, where words are held one by one."""
CLOSER = 30
"""So many decisions are read word by word."""


@dataclass(frozen=True, slots=True)
class Ranked:
    """A decision and the place of its best passage. `score` orders, `nearness` is the best cosine of a passage.

    `covered` is the share of what the question says that the decision says too, each word weighed by its rarity.
    """

    passage: int
    score: float
    nearness: float
    covered: float


class Ranking:
    """Passages made ready for any number of questions.

    `encoded` holds one entry a passage. Those of a decision stand together, what was turned down in it at the end.
    """

    def __init__(self, passages: Sequence[Passage], encoded: Sequence[Encoded]) -> None:
        self._vectors = np.stack([one.vector for one in encoded])
        self._words = np.concatenate([one.words for one in encoded]).astype(np.float32)
        self._ends = np.cumsum([len(one.words) for one in encoded])
        self._shelves = _shelves([one.decision for one in passages])
        self._rejected = np.array([one.alternative is not None for one in passages])
        counts = [Counter(content_stems(one.text)) for one in passages]
        self._postings = _postings(counts)
        lengths = np.array([count.total() for count in counts], dtype=float)
        self._threads = ThreadpoolController()
        self._length_norm = K1 * (1 - B + B * lengths / (lengths.mean() or 1.0))

    def ranked(self, question: str, asked: Encoded, *, limit: int, rejected: bool) -> list[Ranked]:
        """The decisions nearest to the question, best first; `rejected` looks only at what was turned down in them."""
        shelves = self._turned_down() if rejected else self._shelves
        terms = list(dict.fromkeys(stem(word) for word in asked_words(question)))
        words = self._keyword(terms)
        words *= WORDS / (max((words[shelf].max() for shelf in shelves), default=0.0) or 1.0)
        with self._threads.limit(limits=1, user_api="blas"):
            near = (self._vectors @ asked.vector).astype(float)
            first = [(_nearness(near[shelf]) + float(words[shelf].max()), shelf) for shelf in shelves]
            first.sort(key=lambda one: -one[0])
            closer = [self._closer(score, shelf, near + words, asked) for score, shelf in first[:CLOSER]]
        closer.sort(key=lambda one: -one[0])
        return [
            Ranked(place, score, float(near[shelf].max()), self._covered(terms, shelf))
            for score, place, shelf in closer[:limit]
        ]

    def _turned_down(self) -> list[slice]:
        told = [(shelf, int(self._rejected[shelf].sum())) for shelf in self._shelves]
        return [slice(shelf.stop - rejected, shelf.stop) for shelf, rejected in told if rejected]

    def _keyword(self, terms: Sequence[str]) -> Floats:
        """BM25 of each passage."""
        scores = np.zeros(len(self._vectors))
        for term in terms:
            if term in self._postings:
                places, times = self._postings[term]
                scores[places] += self._rarity(term) * times * (K1 + 1) / (times + self._length_norm[places])
        return scores

    def _closer(self, score: float, shelf: slice, fused: Floats, asked: Encoded) -> tuple[float, int, slice]:
        """The score with what the words add, each by itself, and the best passage."""
        start = self._ends[shelf.start - 1] if shelf.start else 0
        words = self._words[start : self._ends[shelf.stop - 1]]
        starts = np.concatenate(([0], self._ends[shelf.start : shelf.stop - 1] - start))
        alike = np.maximum.reduceat(asked.words.astype(np.float32) @ words.T, starts, axis=1)
        passages = alike.mean(axis=0)
        place = shelf.start + int((fused[shelf] + passages).argmax())
        return score + float(passages.max()) + WHOLE * float(alike.max(axis=1).mean()), place, shelf

    def _covered(self, terms: Sequence[str], shelf: slice) -> float:
        said = [term for term in terms if self._is_said(term, shelf)]
        return sum(map(self._rarity, said)) / (sum(map(self._rarity, terms)) or 1.0)

    def _is_said(self, term: str, shelf: slice) -> bool:
        if term not in self._postings:
            return False
        places, _ = self._postings[term]
        return bool(((places >= shelf.start) & (places < shelf.stop)).any())

    def _rarity(self, term: str) -> float:
        having = len(self._postings[term][0]) if term in self._postings else 0
        return math.log(1 + (len(self._vectors) - having + 0.5) / (having + 0.5))


def _nearness(near: Floats) -> float:
    best = np.sort(near)[-SPEAKING:]
    return float(best[-1] + best.mean()) / 2


def _shelves(decisions: Sequence[str]) -> list[slice]:
    """Where each decision's passages stand."""
    starts = [place for place, id_ in enumerate(decisions) if place == 0 or decisions[place - 1] != id_]
    return [slice(start, stop) for start, stop in zip(starts, [*starts[1:], len(decisions)], strict=True)]


def _postings(counts: Sequence[Counter[str]]) -> Mapping[str, tuple[NDArray[np.intp], Floats]]:
    """For each term the passages that have it, and how often."""
    found: defaultdict[str, list[tuple[int, int]]] = defaultdict(list)
    for place, count in enumerate(counts):
        for term, times in count.items():
            found[term].append((place, times))
    return {
        term: (np.array([place for place, _ in pairs]), np.array([times for _, times in pairs], dtype=float))
        for term, pairs in found.items()
    }
