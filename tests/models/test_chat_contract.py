"""The port's promises, kept by a chat model that answers as a diligent one would."""

from collections.abc import AsyncIterator

import pytest

from evals.outside.openai_peer import Body, Reply, calls, fills, says
from models.language import Language
from tests.contracts.language import LanguageContract
from tests.models.chatting import chat


def diligent(request: Body) -> Reply:
    if "tools" in request:
        made = {"asked_part": "What did Castellan say about pricing", "how_sure": 0.9, "account": "Castellan"}
        return calls(("calls_search_0", made))
    if "response_format" in request:
        return fills(owner={"value": "Anna Meyer", "quote": "Anna Meyer decides"})
    if "[1]" not in request["messages"][1]["content"]:
        return says("The material does not say.")
    return says("Pricing was the open question [1]. Anna Meyer pays $48,000 today [1]. They love it.")


class TestChat(LanguageContract):
    @pytest.fixture
    async def language(self) -> AsyncIterator[Language]:
        async with chat(diligent) as (language, _):
            yield language
