from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest

from core.errors import InvalidInputError
from core.identity import Access, Label, Principal
from memory.chunking.turns import SpeakerTurns
from memory.indexes.base import Document
from memory.indexes.embedded import EmbeddedIndex
from memory.retrieval.access import Standing
from memory.retrieval.recipes import DENSE, HYBRID, KEYWORD, RECIPES, Recipe
from memory.retrieval.retriever import Retriever
from memory.transcripts.model import Transcript
from models.embeddings import LexicalHashing
from tests.fakes.register import FakeRegister
from tests.memory.conversations import PRICE, ROUTES, conversation

EMBEDDER = LexicalHashing()
READER = Principal("acme", "ruth")
OURS = Access("acme")
HELD = datetime(2026, 3, 12, 9, 0, tzinfo=UTC)


class Memory:
    """A real index with a register in memory, and the retriever over both."""

    def __init__(self, index: EmbeddedIndex) -> None:
        self.index = index
        self.register = FakeRegister()
        self.retriever = Retriever(index, EMBEDDER, self.register)

    async def add(self, transcript: Transcript, access: Access = OURS, version: str = "v1") -> None:
        """Index a transcript and declare this version live."""
        chunks = SpeakerTurns().chunks(transcript.utterances)
        vectors = await EMBEDDER.embed([chunk.text for chunk in chunks])
        await self.index.put(Document(transcript.id, version, access), chunks, vectors)
        self.register.rows[access.tenant, transcript.id] = Standing(version, access, transcript.title, HELD)

    async def found(
        self, question: str, principal: Principal = READER, recipe: Recipe = HYBRID, limit: int = 5
    ) -> list[str]:
        """Documents of the passages, best first."""
        passages = await self.retriever.search(question, principal=principal, recipe=recipe, limit=limit)
        return [passage.source.document for passage in passages]


@pytest.fixture
async def memory(tmp_path: Path) -> AsyncIterator[Memory]:
    index = await EmbeddedIndex.open(tmp_path, embedder=EMBEDDER.id, dimensions=EMBEDDER.dimensions)
    yield Memory(index)
    index.close()


@pytest.mark.parametrize("recipe", RECIPES.values(), ids=list(RECIPES))
async def test_every_recipe_finds_the_call_a_question_is_about(memory: Memory, recipe: Recipe) -> None:
    await memory.add(PRICE)
    await memory.add(ROUTES)
    assert (await memory.found("How do drivers plan routes?", recipe=recipe))[0] == "routes"
    assert (await memory.found("Is the renewal price too high?", recipe=recipe))[0] == "price"


async def test_a_passage_is_a_source_of_the_live_version(memory: Memory) -> None:
    await memory.add(PRICE, Access("acme", label=Label.PUBLIC), version="v7")
    (passage,) = await memory.retriever.search("renewal price", principal=READER, recipe=HYBRID, limit=1)
    source = passage.source
    assert (source.document, source.content_hash, source.title, source.held) == ("price", "v7", PRICE.title, HELD)
    assert source.label is Label.PUBLIC
    assert source.turns == (0, 4)
    assert tuple(replace(said, score=None) for said in source.utterances) == PRICE.utterances
    assert 0 < source.score <= 1
    assert max(said.score or 0.0 for said in source.utterances) == source.score


async def test_a_source_found_by_words_alone_claims_no_similarity(memory: Memory) -> None:
    await memory.add(PRICE)
    (passage,) = await memory.retriever.search("renewal price", principal=READER, recipe=KEYWORD, limit=1)
    assert passage.source.score == 0
    assert {said.score for said in passage.source.utterances} == {None}


async def test_revoked_access_holds_before_it_has_reached_the_index(memory: Memory) -> None:
    await memory.add(PRICE)
    memory.register.rows["acme", "price"] = Standing("v1", Access("acme", frozenset({"user:omar"})), "t")
    assert await memory.found("renewal price") == []
    memory.register.rows["acme", "price"] = Standing("v1", Access("acme", label=Label.RESTRICTED), "t")
    assert await memory.found("renewal price") == []


async def test_a_version_that_is_not_live_stays_invisible(memory: Memory) -> None:
    await memory.add(PRICE, version="old")
    await memory.add(replace(PRICE, turns=PRICE.turns[:3]), version="new")
    passages = await memory.retriever.search("renewal price", principal=READER, recipe=HYBRID)
    assert {passage.source.content_hash for passage in passages} == {"new"}
    del memory.register.rows["acme", "price"]
    assert await memory.found("renewal price") == []


async def test_dropped_hits_are_made_up_for(memory: Memory) -> None:
    for number in range(12):
        await memory.add(replace(ROUTES, id=f"gone-{number:02}"))
        del memory.register.rows["acme", f"gone-{number:02}"]
    await memory.add(replace(ROUTES, id="zz-kept"))
    shallow = replace(DENSE, depth=4)
    assert await memory.found("drivers plan routes", recipe=shallow) == ["zz-kept"]


async def test_another_tenant_finds_nothing_even_by_the_same_id(memory: Memory) -> None:
    await memory.add(PRICE)
    memory.register.rows["globex", "price"] = Standing("v1", Access("globex"), "t")
    assert await memory.found("renewal price", Principal("globex", "ruth")) == []


async def test_a_search_is_narrowed_to_its_documents(memory: Memory) -> None:
    await memory.add(PRICE)
    await memory.add(ROUTES)
    search = memory.retriever.search
    narrowed = await search("renewal price", principal=READER, recipe=HYBRID, documents=["routes"])
    assert {passage.source.document for passage in narrowed} == {"routes"}
    assert await search("renewal price", principal=READER, recipe=HYBRID, documents=[]) == []


async def test_a_search_is_narrowed_to_a_speaker(memory: Memory) -> None:
    await memory.add(PRICE)
    await memory.add(ROUTES)
    found = await memory.retriever.search("renewal", principal=READER, recipe=HYBRID, speaker="Cleo Ng")
    assert {passage.source.document for passage in found} == {"routes"}


async def test_results_stay_within_their_words(memory: Memory) -> None:
    await memory.add(
        conversation("long", [("Anna", f"The renewal of number {i} costs what it costs.") for i in range(300)])
    )
    passages = await memory.retriever.search("What does the renewal cost?", principal=READER, recipe=HYBRID, limit=5)
    words = sum(len(said.text.split()) for passage in passages for said in passage.source.utterances)
    assert len(passages) == 5
    assert 800 < words <= 5 * HYBRID.words


async def test_rows_are_read_once_a_search(memory: Memory) -> None:
    await memory.add(PRICE)
    await memory.found("renewal price")
    assert memory.register.asked == 1


async def test_a_question_without_words_is_refused(memory: Memory) -> None:
    with pytest.raises(InvalidInputError, match="no word"):
        await memory.found("?!")


@pytest.mark.parametrize("named", ["one", "two", "three"])
async def test_the_call_whose_account_a_question_names_comes_first(memory: Memory, named: str) -> None:
    for name in ("one", "two", "three"):
        await memory.add(replace(PRICE, id=name))
    row = memory.register.rows["acme", named]
    memory.register.rows["acme", named] = replace(row, account="Castellan Tile & Stone")
    assert (await memory.found("What does Castellan say about the renewal price?"))[0] == named
