"""Shared words and word pairs as a similarity: what an embedding blurs (a product's name, a rare verb) stays sharp."""

import math
from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from models.text.words import stem, words

Matrix = NDArray[np.float64]


class Phrases:
    """Cosines of tf-idf vectors over stems and pairs of stems, held as one posting list a phrase.

    A weight is (1 + ln tf)·(1 + ln((1 + n)/(1 + df))) (Manning et al. 2008, ch. 6); phrases of one text only are
    left out, because they tell no two texts apart.
    """

    def __init__(self, texts: Sequence[str]) -> None:
        counted = [_phrases(text) for text in texts]
        frequency = Counter(phrase for counts in counted for phrase in counts)
        self._size = len(texts)
        self._rarity = {phrase: 1 + math.log((1 + self._size) / (1 + df)) for phrase, df in frequency.items() if df > 1}
        rows: defaultdict[str, list[int]] = defaultdict(list)
        weights: defaultdict[str, list[float]] = defaultdict(list)
        for row, counts in enumerate(counted):
            for phrase, weight in self._weights(counts).items():
                rows[phrase].append(row)
                weights[phrase].append(weight)
        self._postings = {phrase: (np.array(rows[phrase]), np.array(weights[phrase])) for phrase in rows}

    def among(self) -> Matrix:
        """The cosines of the texts with each other: (n, n)."""
        cosines = np.zeros((self._size, self._size))
        for rows, weights in self._postings.values():
            cosines[np.ix_(rows, rows)] += np.outer(weights, weights)
        return cosines

    def with_text(self, text: str) -> Matrix:
        """The cosines of the texts with another one: (n,)."""
        cosines = np.zeros(self._size)
        for phrase, weight in self._weights(_phrases(text)).items():
            rows, weights = self._postings[phrase]
            cosines[rows] += weight * weights
        return cosines

    def _weights(self, counts: Mapping[str, int]) -> dict[str, float]:
        """The unit vector of a text, over the phrases that are known."""
        raw = {
            phrase: (1 + math.log(count)) * self._rarity[phrase]
            for phrase, count in counts.items()
            if phrase in self._rarity
        }
        length = math.sqrt(sum(weight * weight for weight in raw.values()))
        return {phrase: weight / length for phrase, weight in raw.items()}


def _phrases(text: str) -> Counter[str]:
    stems = [stem(word) for word in words(text)]
    return Counter([*stems, *(f"{first} {second}" for first, second in pairwise(stems))])
