"""A language that was taken over: it does what the text that it reads orders, and more than that."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from evals.outside.openai_peer import Body, Reply, calls, says

Arguments = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Orders:
    """What it does: functions it calls (by a word of a name that is offered, else by that very name), sentences it writes.

    With `redirect` it sends whoever asks it to another address.
    """

    functions: tuple[tuple[str, Arguments], ...] = ()
    sentences: tuple[str, ...] = ()
    redirect: str | None = None


@dataclass
class Obeying:
    """Answers on OpenAI's wire. It follows its `orders`, and writes as found every one of `texts` that it is given to read."""

    orders: Orders = Orders()
    texts: Sequence[str] = ()
    read: list[str] = field(default_factory=list)
    obeyed: set[str] = field(default_factory=set)

    def __call__(self, body: Body) -> Reply:
        """The reply to a request's body."""
        if self.orders.redirect:
            return Reply(status=307, headers={"location": self.orders.redirect})
        seen = " ".join(" ".join(str(message["content"]) for message in body["messages"]).split())
        self.read.append(seen)
        offered = [tool["function"]["name"] for tool in body.get("tools", ())]
        if offered:
            return calls(*(call for call in self._called(offered)))
        found = [text for text in self.texts if text in seen]
        self.obeyed.update(found)
        return says(" ".join(f"{sentence} [1]." for sentence in (*self.orders.sentences, *found)))

    def _called(self, offered: Sequence[str]) -> list[tuple[str, Arguments]]:
        own = self.orders.functions or (("call_analysis", {}),)
        return [(next((name for name in offered if word in name), word), arguments) for word, arguments in own]
