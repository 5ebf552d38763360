"""The forward pass of a small BERT sentence encoder, in numpy: no torch, no padding, no masks.

Texts are packed end to end into one (tokens, hidden) matrix, so that every dense layer is one product whatever the
lengths; attention alone is computed run by run, a run being neighbouring texts of one length.
"""

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from safetensors.numpy import load_file

from core.errors import InvalidInputError

Floats = NDArray[np.float32]

LAYER_NORM_EPSILON = 1e-12
#: Rows of a product come in multiples of this many: OpenBLAS takes up to two fifths longer for one row less.
ROWS_AT_ONCE = 4
#: GELU is computed this many rows at a time, so that its temporaries stay in the second-level cache.
GELU_ROWS = 32


@dataclass(frozen=True)
class Dense:
    """An affine map: weight (inputs, outputs), bias (outputs,)."""

    weight: Floats
    bias: Floats

    def __call__(self, rows: Floats) -> Floats:
        out = rows @ self.weight
        out += self.bias
        return out


@dataclass(frozen=True)
class LayerNorm:
    """Layer normalisation over the last axis (Ba et al. 2016, eq. 4), in place."""

    weight: Floats
    bias: Floats

    def __call__(self, rows: Floats) -> Floats:
        rows -= rows.mean(axis=1, keepdims=True)
        variance = np.einsum("ij,ij->i", rows, rows)[:, None] / rows.shape[1]
        rows *= 1 / np.sqrt(variance + LAYER_NORM_EPSILON)
        rows *= self.weight
        rows += self.bias
        return rows


@dataclass(frozen=True)
class Layer:
    """One transformer block; query, key and value are one product."""

    query_key_value: Dense
    attention_output: Dense
    attention_norm: LayerNorm
    intermediate: Dense
    output: Dense
    output_norm: LayerNorm


@dataclass(frozen=True)
class Bert:
    """Weights of an encoder: `words` (vocabulary, hidden), `positions` (longest, hidden) with the token type added."""

    words: Floats
    positions: Floats
    embedding_norm: LayerNorm
    layers: tuple[Layer, ...]
    heads: int

    @property
    def dimensions(self) -> int:
        return int(self.words.shape[1])

    def mean_pooled(self, texts: Sequence[Sequence[int]]) -> Floats:
        """Encode token ids and average them over each text: (len(texts), hidden), L2-normalised.

        Fastest when texts of one length stand next to each other; right in any order.
        """
        return pooled(self.states(texts), [len(text) for text in texts])

    def states(self, texts: Sequence[Sequence[int]]) -> Floats:
        """The last hidden state of every token, the texts end to end: (tokens, hidden)."""
        lengths = [len(text) for text in texts]
        tokens = sum(lengths)
        rows: Floats = np.zeros((-(-tokens // ROWS_AT_ONCE) * ROWS_AT_ONCE, self.dimensions), np.float32)
        rows[:tokens] = self.words[np.concatenate([np.asarray(text) for text in texts])]
        rows[:tokens] += self.positions[np.concatenate([np.arange(length) for length in lengths])]
        self.embedding_norm(rows)
        for layer in self.layers:
            rows = self._block(layer, rows, lengths)
        return rows[:tokens]

    def _block(self, layer: Layer, rows: Floats, lengths: Sequence[int]) -> Floats:
        attended = layer.attention_output(self._attention(layer.query_key_value(rows), lengths))
        attended += rows
        layer.attention_norm(attended)
        out = layer.output(gelu(layer.intermediate(attended)))
        out += attended
        return layer.output_norm(out)

    def _attention(self, projected: Floats, lengths: Sequence[int]) -> Floats:
        """Scaled dot-product attention (Vaswani et al. 2017, eq. 1) of (rows, 3 x hidden) within each text; 0 in rows of none."""
        width = self.dimensions // self.heads
        context = np.zeros((projected.shape[0], self.dimensions), np.float32)
        for start, count, length in _runs(lengths):
            stop = start + count * length
            run = projected[start:stop].reshape(count, length, 3, self.heads, width)
            query, key, value = run.transpose(2, 0, 3, 1, 4)
            scores = (query * np.float32(width**-0.5)) @ key.swapaxes(2, 3)
            scores -= scores.max(axis=-1, keepdims=True)
            np.exp(scores, out=scores)
            scores /= scores.sum(axis=-1, keepdims=True)
            context[start:stop] = (scores @ value).swapaxes(1, 2).reshape(count * length, -1)
        return context


def _runs(lengths: Sequence[int]) -> Iterator[tuple[int, int, int]]:
    """(first row, texts, tokens a text) of each stretch of equally long neighbours."""
    start = 0
    for length, group in groupby(lengths):
        count = len(list(group))
        yield start, count, length
        start += count * length


def pooled(states: Floats, lengths: Sequence[int]) -> Floats:
    """The mean state of each text, L2-normalised: (len(lengths), hidden)."""
    starts = np.concatenate(([0], np.cumsum(lengths)[:-1]))
    sums: Floats = np.add.reduceat(states, starts, axis=0)
    sums /= np.linalg.norm(sums, axis=1, keepdims=True)
    return sums


def gelu(rows: Floats) -> Floats:
    """x·Φ(x), in place, with erf after Abramowitz and Stegun 7.1.26 (absolute error below 1.5e-7).

    With E = 1 - erf(|x|/√2) it is max(x, 0) - |x|·E/2, which needs no sign.
    """
    for start in range(0, rows.shape[0], GELU_ROWS):
        block = rows[start : start + GELU_ROWS]
        scaled = np.abs(block)
        scaled *= np.float32(0.5**0.5)
        t = 1 / (1 + np.float32(0.3275911) * scaled)
        series = t * np.float32(1.061405429)
        for coefficient in (-1.453152027, 1.421413741, -0.284496736, 0.254829592):
            series += np.float32(coefficient)
            series *= t
        decay = np.exp(-(scaled * scaled))
        decay *= series
        decay *= scaled
        decay *= np.float32(0.5**0.5)
        np.maximum(block, 0, out=block)
        block -= decay
    return rows


def load_bert(directory: Path) -> Bert:
    """Read `model.safetensors` and `config.json` of a BERT encoder in the Hugging Face layout.

    Raises InvalidInputError when the configuration is not that of a BERT encoder with GELU, OSError when a file is missing.
    """
    config = json.loads((directory / "config.json").read_text(encoding="utf-8"))
    if config.get("model_type") != "bert" or config.get("hidden_act") != "gelu":
        raise InvalidInputError(
            f"{directory.name!r} is not a BERT encoder with GELU: give the folder of a MiniLM-like model"
        )
    stored = load_file(directory / "model.safetensors")
    weights = {name.removeprefix("bert."): array.astype(np.float32, copy=False) for name, array in stored.items()}
    return Bert(
        words=np.ascontiguousarray(weights["embeddings.word_embeddings.weight"]),
        positions=weights["embeddings.position_embeddings.weight"]
        + weights["embeddings.token_type_embeddings.weight"][0],
        embedding_norm=_norm(weights, "embeddings.LayerNorm"),
        layers=tuple(_layer(weights, f"encoder.layer.{i}.") for i in range(config["num_hidden_layers"])),
        heads=config["num_attention_heads"],
    )


def _layer(weights: Mapping[str, Floats], prefix: str) -> Layer:
    projections = [f"{prefix}attention.self.{role}" for role in ("query", "key", "value")]
    return Layer(
        query_key_value=_dense(weights, *projections),
        attention_output=_dense(weights, f"{prefix}attention.output.dense"),
        attention_norm=_norm(weights, f"{prefix}attention.output.LayerNorm"),
        intermediate=_dense(weights, f"{prefix}intermediate.dense"),
        output=_dense(weights, f"{prefix}output.dense"),
        output_norm=_norm(weights, f"{prefix}output.LayerNorm"),
    )


def _dense(weights: Mapping[str, Floats], *names: str) -> Dense:
    """The named maps side by side, transposed once so that a product reads them in order."""
    weight = np.concatenate([weights[f"{name}.weight"] for name in names]).T
    return Dense(np.ascontiguousarray(weight), np.concatenate([weights[f"{name}.bias"] for name in names]))


def _norm(weights: Mapping[str, Floats], name: str) -> LayerNorm:
    return LayerNorm(weights[f"{name}.weight"], weights[f"{name}.bias"])
