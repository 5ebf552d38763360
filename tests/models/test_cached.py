"""The cache answers the same question of the same person, and nobody else's."""

from dataclasses import replace

import pytest
from pydantic import BaseModel

from core.errors import UnavailableError
from core.identity import Label
from evals.outside.openai_peer import says
from models.cached import Cached
from models.entities import Entity
from models.language import Brief, Call, Option
from tests.models.chatting import ASKER, NOW, call, chat, written
from tests.models.material import BRIEF
from tests.models.speaking import Speaker, down


class Nothing(BaseModel):
    words: list[str] = []


def cached(speaker: Speaker, seconds: list[float] | None = None, entries: int = 1000) -> Cached:
    now = seconds or [0.0]
    return Cached(speaker, model="far-1", monotonic=lambda: now[0], seconds=60.0, entries=entries)


async def read(language: Cached, brief: Brief = BRIEF, terms: Call | None = None) -> list[str]:
    return [sentence.text async for sentence in language.write(brief, call=terms or call())]


async def test_the_same_is_asked_once() -> None:
    speaker = Speaker("far")
    language = cached(speaker)
    for _ in range(2):
        await language.choose("?", [Option("a", "b")], call=call())
        await language.extract(Nothing, "text", call=call())
        assert await read(language) == ["far 0", "far 1"]

    assert len(speaker.asked) == 3


@pytest.mark.parametrize(
    "other",
    [
        call(principal=replace(ASKER, tenant="globex")),
        call(principal=replace(ASKER, user="max")),
        call(principal=replace(ASKER, groups=frozenset())),
        call(principal=replace(ASKER, roles=frozenset({"admin"}))),
        call(principal=replace(ASKER, clearance=Label.RESTRICTED)),
        call(label=Label.CONFIDENTIAL),
        call(purpose="other"),
        call(now=NOW.replace(day=19)),
        call(entities=(Entity("account", "Globex"),)),
        call(previous={"account": "Castellan"}),
    ],
)
async def test_other_terms_are_another_question(other: Call) -> None:
    speaker = Speaker("far")
    language = cached(speaker)
    await read(language)
    await read(language, terms=other)
    await language.choose("?", [], call=call())
    await language.choose("?", [], call=other)

    assert len(speaker.asked) == 4


async def test_other_material_is_another_question() -> None:
    speaker = Speaker("far")
    language = cached(speaker)
    await read(language)
    await read(language, replace(BRIEF, sources=BRIEF.sources[:2]))
    await read(language, replace(BRIEF, question="Why?"))

    assert len(speaker.asked) == 3


async def test_another_model_does_not_answer_for_it() -> None:
    speaker = Speaker("far")
    one = cached(speaker)
    other = Cached(speaker, model="far-2", monotonic=lambda: 0.0)
    other._kept = one._kept
    await read(one)
    await read(other)

    assert len(speaker.asked) == 2


async def test_an_answer_that_broke_off_is_not_kept() -> None:
    speaker = Speaker("far", down, after=1)
    language = cached(speaker)
    with pytest.raises(UnavailableError):
        await read(language)
    speaker.fails = None

    assert await read(language) == ["far 0", "far 1"]


async def test_an_answer_left_early_is_not_kept() -> None:
    speaker = Speaker("far")
    language = cached(speaker)
    stream = language.write(BRIEF, call=call())
    await anext(stream)
    await stream.aclose()  # type: ignore[attr-defined]

    assert await read(language) == ["far 0", "far 1"]
    assert len(speaker.asked) == 2


async def test_an_answer_with_a_withheld_sentence_is_not_kept() -> None:
    reasons: list[str] = []
    async with chat(says("Pricing was open [1]. They pay $58,000 [1].")) as (language, peer):
        kept = Cached(language, model="peer-1", monotonic=lambda: 0.0)
        for _ in range(2):
            assert len(await written(kept, withheld=reasons.append)) == 1

    assert len(peer.requests) == 2
    assert len(reasons) == 2


async def test_what_is_kept_grows_old() -> None:
    speaker, now = Speaker("far"), [0.0]
    language = cached(speaker, now)
    await read(language)
    now[0] = 60.0
    await read(language)

    assert len(speaker.asked) == 2


async def test_the_oldest_gives_way() -> None:
    speaker = Speaker("far")
    language = cached(speaker, entries=1)
    await language.choose("a", [], call=call())
    await language.choose("b", [], call=call())
    await language.choose("a", [], call=call())

    assert len(speaker.asked) == 3


async def test_a_caller_may_change_what_it_got() -> None:
    language = cached(Speaker("far"))
    first = await language.extract(Nothing, "text", call=call())
    first.value.words.append("mine")

    assert (await language.extract(Nothing, "text", call=call())).value.words == []
