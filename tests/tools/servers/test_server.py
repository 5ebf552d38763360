"""Servers of one process share what is told of a tool, and nothing else."""

from dataclasses import dataclass
from datetime import UTC, datetime

from mcp_types import ToolAnnotations
from pydantic import BaseModel

from core.identity import Label, Principal
from core.tickets import Tickets
from tools.gateway.gateway import open_gateway
from tools.servers.principals import tells_why
from tools.servers.server import ToolServer

ANNA = Principal("acme", "anna")


class Greeting(BaseModel):
    label: str
    said: str


@dataclass(frozen=True)
class Greeter:
    word: str

    async def greet(self, name: str) -> Greeting:
        """Greets somebody."""
        return Greeting(label=str(Label.INTERNAL), said=f"{self.word}, {name}!")


def served(word: str, annotations: ToolAnnotations | None = None) -> ToolServer:
    server = ToolServer("greeting", instructions="Greets.")
    server.add_tool(tells_why(Greeter(word).greet), annotations=annotations)
    return server


async def greeted(server: ToolServer) -> object:
    async with open_gateway([server], Tickets(), clock=lambda: datetime(2026, 3, 20, tzinfo=UTC)) as gateway:
        return (await gateway.call(ANNA, "greet", {"name": "Bo"})).structured["said"]


async def test_each_server_answers_with_its_own_object() -> None:
    first, second = served("Hello"), served("Ahoy")
    assert [await greeted(one) for one in (first, second, first)] == ["Hello, Bo!", "Ahoy, Bo!", "Hello, Bo!"]


async def test_all_tell_the_same_of_a_tool_but_for_what_each_adds() -> None:
    [plain] = await served("Hello").list_tools()
    [reading] = await served("Ahoy", ToolAnnotations(read_only_hint=True)).list_tools()
    assert (plain.annotations, reading.annotations) == (None, ToolAnnotations(read_only_hint=True))
    assert plain == reading.model_copy(update={"annotations": None})
    assert (plain.name, plain.description) == ("greet", "Greets somebody.")
    assert list(plain.input_schema["properties"]) == ["name"]
    assert plain.output_schema
    assert set(plain.output_schema["properties"]) == {"label", "said"}
