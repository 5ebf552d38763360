"""An embedder that remembers on disk, so that what never changes is embedded once and not at every start."""

import hashlib
from collections.abc import Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from models.embeddings import Embedder, Encoded


class RememberingEmbedder:
    """Wraps an embedder; vectors are kept in one file an embedder, by the hash of the text. Call `save` at the end."""

    def __init__(self, embedder: Embedder, folder: Path) -> None:
        self._embedder = embedder
        self._file = folder / f"embeddings-{hashlib.sha256(embedder.id.encode()).hexdigest()[:16]}.npz"
        self._kept = _load(self._file)
        self._new = False

    @property
    def id(self) -> str:
        return self._embedder.id

    @property
    def dimensions(self) -> int:
        return self._embedder.dimensions

    async def embed(self, texts: Sequence[str]) -> NDArray[np.float32]:
        """(len(texts), dimensions), from the file where it has them."""
        keys = [hashlib.sha256(text.encode()).hexdigest() for text in texts]
        missing = {key: text for key, text in zip(keys, texts, strict=True) if key not in self._kept}
        if missing:
            vectors = await self._embedder.embed(list(missing.values()))
            self._kept |= dict(zip(missing, vectors, strict=True))
            self._new = True
        return np.stack([self._kept[key] for key in keys]) if keys else np.empty((0, self.dimensions), np.float32)

    async def encode(self, texts: Sequence[str]) -> list[Encoded]:
        """Encoded anew: word by word is too much to keep in one file."""
        return await self._embedder.encode(texts)

    def save(self) -> None:
        """Write what was learnt; a reader never sees half a file."""
        if not self._new:
            return
        self._file.parent.mkdir(parents=True, exist_ok=True)
        unfinished = self._file.with_suffix(".part")
        with unfinished.open("wb") as file:
            np.savez(file, keys=np.array(list(self._kept)), vectors=np.stack(list(self._kept.values())))
        unfinished.replace(self._file)
        self._new = False


def _load(file: Path) -> dict[str, NDArray[np.float32]]:
    if not file.exists():
        return {}
    with np.load(file) as kept:
        return dict(zip(kept["keys"].tolist(), kept["vectors"], strict=True))
