"""What goes over the wire is what OpenAI describes, in both directions."""

import pytest
from pydantic import BaseModel

from core.errors import RateLimitedError
from evals.outside.openai_peer import Body, Reply, calls, fills, says
from models.language import Option
from tests.fakes.openai_schema import validator
from tests.models.chatting import call, chat, written
from tests.models.test_chat_choose import CALLS


class Owner(BaseModel):
    owner: str | None = None


def answer(request: Body) -> Reply:
    if "tools" in request:
        return calls((request["tools"][0]["function"]["name"], {"account": "Castellan"}))
    if "response_format" in request:
        return fills(owner={"value": "Anna", "quote": "Anna"})
    return says("Pricing was open [1].")


async def test_requests_and_answers_are_as_described() -> None:
    request = validator("CreateChatCompletionRequest")
    async with chat(answer) as (language, peer):
        assert await language.choose("What did Castellan say?", [CALLS, Option("b", "c")], call=call())
        assert (await language.extract(Owner, "Anna decides", call=call())).value.owner == "Anna"
        assert await written(language)

    for body in peer.requests:
        request.validate(body)
    assert {schema for schema, _ in peer.responses} == {
        "CreateChatCompletionResponse",
        "CreateChatCompletionStreamResponse",
    }
    for schema, body in peer.responses:
        validator(schema).validate(body)


async def test_a_refusal_is_as_described() -> None:
    judge = validator("ErrorResponse")
    async with chat(Reply(status=429)) as (language, peer):
        with pytest.raises(RateLimitedError):
            await written(language)

    for _, body in peer.responses:
        judge.validate(body)
