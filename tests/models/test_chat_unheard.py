"""What a model says before it is checked reaches nobody: no listener of the graph around it, no tracing service."""

from typing import Any

from langchain_core.callbacks import AsyncCallbackHandler
from langchain_core.runnables import RunnableLambda
from langsmith import Client, tracing_context

from evals.outside.openai_peer import calls, says
from models.language import Option
from tests.models.chatting import call, chat, written


class Listener(AsyncCallbackHandler):
    """Notes whatever a model is heard saying."""

    def __init__(self) -> None:
        self.heard: list[str] = []

    async def on_llm_new_token(self, token: Any, **kwargs: Any) -> None:
        self.heard.append(str(token))

    async def on_chat_model_start(self, *args: Any, **kwargs: Any) -> None:
        self.heard.append("a model was asked")


class Service(Client):
    """A tracing service's client that keeps what it would send."""

    def __init__(self) -> None:
        super().__init__(api_url="http://127.0.0.1:9", api_key="none", auto_batch_tracing=False)
        self.sent: list[object] = []

    def create_run(self, *what: Any, **_more: Any) -> None:
        self.sent.append(what)

    def update_run(self, *what: Any, **_more: Any) -> None:
        self.sent.append(what)


async def node(_state: str) -> int:
    async with chat(calls()) as (language, _):
        await language.choose("?", [Option("a", "b")], call=call())
    async with chat(says("They pay $58,000 [1]. Pricing was open [1].")) as (language, _):
        return len(await written(language))


async def test_no_listener_of_the_graph_hears_a_model() -> None:
    listener = Listener()

    assert await RunnableLambda(node).ainvoke("go", config={"callbacks": [listener]}) == 1
    assert listener.heard == []


async def test_no_tracing_service_is_told() -> None:
    service = Service()
    with tracing_context(enabled=True, client=service):
        assert await node("go") == 1

    assert service.sent == []
