"""The language port over a LangChain chat model, hosted or local."""

from collections.abc import AsyncGenerator, AsyncIterator, Mapping, Sequence
from contextlib import aclosing
from dataclasses import replace
from typing import Any, cast

from langchain_core.language_models import BaseChatModel
from langchain_core.messages import AIMessageChunk, BaseMessage
from langchain_core.runnables import Runnable

from core.clock import Clock, utc_now
from core.errors import UnavailableError
from core.telemetry import withheld
from models.chat import choosing, extracting, material
from models.chat.citing import cited
from models.chat.exchange import Exchange, Terms
from models.chat.sentences import SentenceBuffer
from models.citations import NOT_SAID, check
from models.evidence import highest
from models.language import Brief, Call, Choice, Extracted, Option, Sentence, T


class ChatLanguage:
    """`choose` by function calling, `extract` by a JSON schema, `write` as a stream of checked sentences.

    A chat model's confidence in a choice is its own opinion, not calibrated. Raises ForbiddenError above the label
    the endpoint may see, DeadlineError, UnavailableError, RateLimitedError, RejectedError, and what `call.budget` raises.
    """

    def __init__(self, model: BaseChatModel, terms: Terms, *, clock: Clock = utc_now) -> None:
        self._model = model
        self._terms = terms
        self._clock = clock

    async def choose(self, question: str, options: Sequence[Option], *, call: Call) -> Sequence[Choice]:
        """The options the question needs, each with its part of it; none if it is out of scope."""
        if not options:
            return ()
        functions = list(choosing.functions(options).values())
        asker = self._model.bind_tools(functions, tool_choice="auto")
        answer = await self._asked(asker, material.choosing(question, call), call, beside=str(functions))
        return choosing.choices(answer.tool_calls, options, question, call)

    async def extract(self, schema: type[T], text: str, *, call: Call) -> Extracted[T]:
        """The fields that the text states word for word; RejectedError where a required one is not stated."""
        quoting = extracting.quoting_schema(schema)
        asker = self._model.with_structured_output(quoting, method="json_schema", include_raw=True)
        answer = await self._asked(asker, material.extracting(text), call, beside=str(quoting))
        if not isinstance(answer["parsed"], Mapping):
            raise UnavailableError(f"The endpoint {self._terms.name!r} answered without the JSON it was asked for")
        return extracting.located(schema, answer["parsed"], text, call)

    async def write(self, brief: Brief, *, call: Call) -> AsyncIterator[Sentence]:
        """Sentences that passed the citation check, as they are completed; the others are told to `call.withheld`.

        Without sources and figures no model is asked: it could only invent.
        """
        if not brief.sources and not brief.figures:
            yield Sentence(NOT_SAID)
            return
        labels = [source.label for source in brief.sources]
        call = replace(call, label=highest([call.label, *labels]))
        messages = material.writing(brief)
        with Exchange(self._terms, call, self._clock).open(_size(messages)) as exchange:
            buffer = SentenceBuffer()
            async with aclosing(self._streamed(messages, exchange)) as pieces:
                async for piece in pieces:
                    for draft in buffer.feed(piece):
                        if sentence := self._passed(draft, brief, call):
                            yield sentence
            rest = buffer.rest()
            if rest and exchange.cut_off:
                self._withhold("The model was cut off before the end of the sentence", "cut_off", call)
            elif rest and (sentence := self._passed(rest, brief, call)):
                yield sentence

    async def _asked(self, asker: Runnable[Any, Any], messages: list[BaseMessage], call: Call, *, beside: str) -> Any:
        """The whole answer. `beside` is what goes with the messages, and is counted with them."""
        with Exchange(self._terms, call, self._clock).open(_size(messages) + len(beside)) as exchange:
            async with exchange.listening():
                answer = await asker.ainvoke(messages)
            exchange.hear(answer["raw"] if isinstance(answer, Mapping) else answer)
            return answer

    async def _streamed(self, messages: list[BaseMessage], exchange: Exchange) -> AsyncGenerator[str, None]:
        """The answer's text piece by piece, each within the time that is left."""
        stream = cast("AsyncGenerator[AIMessageChunk, None]", self._model.astream(messages))
        async with aclosing(stream) as chunks:
            while True:
                async with exchange.listening():
                    chunk = await anext(chunks, None)
                if chunk is None:
                    return
                exchange.hear(chunk)
                if text := str(chunk.text):
                    yield text

    def _passed(self, draft: str, brief: Brief, call: Call) -> Sentence | None:
        sentence = cited(draft, brief)
        flaw = check(sentence, brief, entities=call.entities)
        if flaw is None:
            return sentence
        self._withhold(str(flaw), flaw.kind, call)
        return None

    def _withhold(self, reason: str, kind: str, call: Call) -> None:
        withheld.add(1, {"reason": kind, "gen_ai.request.model": self._terms.model})
        if call.withheld:
            call.withheld(reason)


def _size(messages: Sequence[BaseMessage]) -> int:
    return sum(len(str(message.text)) for message in messages)
